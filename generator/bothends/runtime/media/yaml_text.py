"""YAML text to a JSON value and back (RFC 9512 §3.4, YAML 1.2.2 §10.3).

`{height: 3.2, tags: [a, "1"]}` is `{"height": 3.2, "tags": ["a", "1"]}`, by the core schema: `no`
and `2026-01-02` are text. What has no equal in JSON, or is another value for another reader, is
refused and never changed: tags, anchors, keys that are no text, a name twice, `.inf`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bothends.runtime.json.text import MAX_DEPTH, MAX_DIGITS, holds
from bothends.runtime.json.value import is_array, is_deeper, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_VALUES = 100_000
"""A value takes 4 to 8 µs with libyaml, 45 to 70 with PyYAML's own parser."""

_MOST_KEY = 1_000  # a key beside its value has at most 1,024 characters (YAML 1.2.2 §7.4.2)
# What YAML 1.2.2 §5.1 does not count as printable, and what only YAML 1.1 reads as a line break.
_UNWRITABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class YamlTextError(ValueError):
    """A text is not YAML, or not the YAML of one JSON value. The message says why."""


def read_yaml(text: str) -> Any:
    """The JSON value that a YAML text stands for, or YamlTextError."""
    import yaml

    text = text.removeprefix("\ufeff")
    if found := _UNWRITABLE.search(text):
        code = ord(found[0])
        raise YamlTextError(f"holds the character U+{code:04X}, which must be an escape in quotes")

    reader = _Reader()
    try:
        for event in _events(text):
            reader.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise YamlTextError(f"not YAML{place}") from None

    if not reader.documents:
        raise YamlTextError("holds no value")
    return reader.root


def write_yaml(value: Any) -> str:
    """YAML text of a JSON value, in the flow style that is JSON too; YamlTextError.

    JSON is YAML 1.2 (§1.3) but for characters that YAML wants as escapes.
    """
    if _count(value) > MAX_VALUES or is_deeper(value, MAX_DEPTH):
        raise YamlTextError("has too many values, or is nested too deeply")
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        reason = f"holds NaN, an infinity, or an integer of more than {MAX_DIGITS} digits"
        raise YamlTextError(reason) from None

    # They are inside of strings: JSON has them nowhere else, and escapes those below the space.
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _count(value: Any) -> int:
    """How many values a value has. YamlTextError for a name that is too long."""
    found = [value]
    for entry in found:  # which grows
        if is_object(entry):
            if any(
                len(name) * 6 > _MOST_KEY and len(json.dumps(name)) > _MOST_KEY for name in entry
            ):
                raise YamlTextError(f"has a name of more than {_MOST_KEY} characters")
            found.extend(entry.values())
        elif is_array(entry):
            found.extend(entry)
        if len(found) > MAX_VALUES:
            break

    return len(found)


def _events(text: str) -> Iterator[Any]:
    """The events of a text, by libyaml where PyYAML has it."""
    import yaml

    loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
    try:
        parser: Any = loader(text)
        while (event := parser.get_event()) is not None:
            yield event
    except (ValueError, OverflowError) as error:
        # The pure scanner lets int() and chr() speak for themselves on absurd escapes and versions.
        raise yaml.YAMLError(str(error)) from error


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is being read; `key` is set between a key and its value."""

    value: dict[str, Any] | list[Any]
    key: str | None = None


class _Reader:
    """Builds the value of one document, event by event, without recursion."""

    def __init__(self) -> None:
        self.root: Any = None
        self.documents = 0
        self._open: list[_Open] = []
        self._values = 0

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self._start(event)
        elif kind == "AliasEvent" or getattr(event, "anchor", None) is not None:
            raise YamlTextError("has an anchor or an alias, which JSON has not")
        elif getattr(event, "tag", None) is not None:
            raise YamlTextError("has a tag, which JSON has not")
        elif kind == "ScalarEvent":
            self._scalar(event.value, is_plain=event.implicit[0])
        elif kind == "MappingStartEvent":
            self._begin({})
        elif kind == "SequenceStartEvent":
            self._begin([])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()

    def _start(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise YamlTextError("holds several documents")
        # In YAML 1.1 the word `no` is false, and `010` is eight.
        if event.tags or event.version not in (None, (1, 2)):
            raise YamlTextError("has a directive")

    def _scalar(self, text: str, *, is_plain: bool) -> None:
        # An escape such as "\ud800" is half of a character, which no text in UTF-8 can hold.
        if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
            raise YamlTextError("a string holds half of a surrogate pair")

        parent = self._open[-1] if self._open else None
        if parent is None or parent.key is not None or isinstance(parent.value, list):
            self._put(_plain(text) if is_plain else text)
            return

        # Others read `<<` as "merge what follows".
        if is_plain and (text == "<<" or not isinstance(_plain(text), str)):
            raise YamlTextError("has a key that is no text: write it in quotes")
        if text in parent.value:
            raise YamlTextError("an object has the same name twice")
        parent.key = text

    def _begin(self, value: dict[str, Any] | list[Any]) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            raise YamlTextError("has a key that is no text")
        self._put(value)
        self._open.append(_Open(value))
        if len(self._open) > MAX_DEPTH:
            raise YamlTextError("nested too deeply")

    def _put(self, value: Any) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise YamlTextError(f"holds more than {MAX_VALUES} values")

        if not self._open:
            self.root = value
            return

        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is not None:
            parent.value[parent.key], parent.key = value, None


def _plain(text: str) -> Any:
    """The value of a scalar without quotes, by the core schema (YAML 1.2.2 §10.3.2)."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NOT_FINITE.fullmatch(text):
        raise YamlTextError("holds an infinity or no number, neither of which JSON has")

    is_integer, is_based = _INTEGER.fullmatch(text), _BASED.fullmatch(text)
    if (is_integer or is_based) and len(text.lstrip("+-")) > MAX_DIGITS // (2 if is_based else 1):
        raise YamlTextError("holds an integer with too many digits")
    if is_integer:
        return int(text)
    if is_based:
        return int(text, 0)
    if not _FLOAT.fullmatch(text):
        return text

    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise YamlTextError("holds a number beyond the range of a double")
    if not holds(text.lstrip("+"), number):
        raise YamlTextError("holds a number with more digits than a double can hold")
    return number
