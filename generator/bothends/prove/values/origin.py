"""Keep the JSON that a drawn value was made from, to find what both ends lose.

What one end loses, the other end shows. What is lost in what they share, only the JSON shows: it is
kept, and the Python value must still say all of it, and be encoded as all of it.

For example, a body of `{"at": "2020-01-01T00:00:00.1234567Z"}` is drawn. A reader that keeps six
digits of a second makes the same `datetime` at both ends, so the ends agree. The origin still holds
the JSON, and `losses` finds the digit that is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bothends.prove.values.typed import constructed
from bothends.runtime.json.pointer import split
from bothends.runtime.media import MediaCodec
from bothends.runtime.models.codec import codec_for
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import Api


@dataclass(frozen=True, slots=True)
class Conversion:
    """From JSON to Python and back.

    Both also as the Python that names them, where `{operation}` is the operation.
    """

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]
    decode_text: str
    encode_text: str

    def convert(self, drawn: Any) -> Any:
        """The value as people write it."""
        # People call constructors; a decoded model would skip the code that they run.
        return constructed(self.decode(drawn))

    def item_by_item(self) -> Conversion:
        """The conversion of a list whose items are of this one."""
        return Conversion(
            lambda items: [self.decode(item) for item in items],
            lambda items: [self.encode(item) for item in items],
            f"lambda items: list(map({self.decode_text}, items))",
            f"lambda items: list(map({self.encode_text}, items))",
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """A value, and what it was made of."""

    label: str
    drawn: Any
    value: Any
    conversion: Conversion
    unmade: str = ""
    """Why the package could make no value of the JSON, which the contract allows.

    Then `value` is None.
    """
    is_plain: bool = False
    """The wire has a form for it, without any doubt."""

    @staticmethod
    def draw(label: str, drawn: Any, conversion: Conversion) -> Origin:
        """A drawn value as people write it.

        What the package's own types refuse is kept as the reason.
        """
        try:
            return Origin(label, drawn, conversion.convert(drawn), conversion)
        except (TypeError, ValueError) as error:
            message = " ".join(str(error).split())
            return Origin(label, drawn, None, conversion, f"{label} {drawn!r:.60}: {message:.120}")


def of_type(api: Api, type_: Any, type_text: str) -> Conversion:
    """The conversion of a Python type; `type_text` is that type as Python."""
    decode = codec_for(api).decode
    return Conversion(
        lambda value: decode(type_, value),
        encode,
        f"partial(codec_for({{operation}}.api).decode, {type_text})",
        "encode",
    )


def of_media(codec: MediaCodec) -> Conversion:
    """The conversion of a media type of a body or a reply."""
    *_, key, _, name = split(codec.pointer)
    codecs = f"reply_media({{operation}}, {key!r})"
    if key == "requestBody":
        codecs = "body_media({operation})"
    text = f"next(one for one in {codecs} if one.media_type == {name!r})"
    return Conversion(codec.decode, codec.encode, f"{text}.decode", f"{text}.encode")
