"""What an answer is on the wire in each media type, and which of them it is sent in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bothends.runtime.media import MediaCodec, MediaError, choose
from bothends.runtime.media.accept import Ranges, preferred
from bothends.runtime.media.codec import in_range
from bothends.runtime.media.stream import is_items
from bothends.runtime.models.encoding import EncodeError
from bothends.runtime.schema.explain import Fault

from .broken_reply import BrokenReply


@dataclass(slots=True)
class ReplyOptions:
    """How a reply is written: checked or not, for which caller, in which media type."""

    check: bool
    accept: Ranges = ()
    content_type: str | None = None


class ReplyForm:
    """What an answer is on the wire in one media type, and what the contract says of that."""

    def __init__(self, codec: MediaCodec, answer: object) -> None:
        self._codec = codec
        self._value: Any = None
        self._error: EncodeError | None = None
        try:
            self._value = codec.encode(answer)
        except EncodeError as error:
            self._error = error

    @property
    def value(self) -> Any:
        """The value that is written. BrokenReply."""
        if self._error is not None:
            raise BrokenReply(str(self._error)) from None
        return self._value

    @cached_property
    def verdict(self) -> tuple[Fault | None, Fault | None]:
        """What is wrong with the value, and else which text misses its format only."""
        return self._codec.judge(self.value)

    @property
    def fits(self) -> bool:
        """Whether the answer has a form, and the contract allows it."""
        return self._error is None and self.verdict[0] is None


class ReplyForms:
    """The forms of one answer by media type: each is made once, and judged once."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self._found: dict[int, ReplyForm] = {}

    def of(self, codec: MediaCodec) -> ReplyForm:
        """The form in one media type."""
        if id(codec) not in self._found:
            self._found[id(codec)] = ReplyForm(codec, self.answer)
        return self._found[id(codec)]


def codec_for(codecs: Sequence[MediaCodec], forms: ReplyForms, options: ReplyOptions) -> MediaCodec:
    """Return the media type of an answer: the handler's choice, else the first that fits."""
    if len(codecs) == 1:
        return codecs[0]

    if options.content_type is not None:
        found = choose(codecs, options.content_type)
        if found is None:
            raise BrokenReply(
                f"the media type is none of {', '.join(codec.media_type for codec in codecs)}"
            )
        return found

    # What the caller prefers comes first, and is no reason to fail: a value that only another
    # media type has a form for is sent in that one.
    taking = [codec for codec in codecs if codec.takes(forms.answer)] or [codecs[0]]
    accepted = list(preferred(taking, options.accept))
    order = accepted + [codec for codec in taking if codec not in accepted]
    if len(order) == 1 or is_items(forms.answer):
        return order[0]

    fitting: list[MediaCodec] = []
    for codec in order:
        if forms.of(codec).fits:
            if codec.has_form(forms.of(codec).value):
                return codec
            fitting.append(codec)
    return (fitting or order)[0]


def content_type_for(codec: MediaCodec, options: ReplyOptions) -> str:
    """Return the Content-Type of an answer: the handler's, else one that the caller asks for.

    BrokenReply.
    """
    if options.content_type is None and not options.accept and "*" not in codec.range:
        return codec.media_type

    expected = options.content_type or next(
        (entry for entry, _ in options.accept if in_range(entry, codec.range)), None
    )
    if expected is not None and "*" in expected:
        expected = None

    try:
        return codec.choose(expected)
    except MediaError as error:
        raise BrokenReply(str(error)) from None


def is_of(codecs: Sequence[MediaCodec], forms: ReplyForms) -> bool:
    """Whether an answer can be the body of a reply in one of its media types."""
    answer = forms.answer
    if not codecs:
        return answer is None

    taking = (codec for codec in codecs if codec.takes(answer))
    return any(is_items(answer) or forms.of(codec).fits for codec in taking)
