"""What a YAML parser stumbled over, in the words of who wrote the text.

Example: of `title: 'Harbour` and, a line below, `version: '1'` the parser says that it did not find
an expected key at the `1`. The quote of the first line is what is not closed:

    This is not YAML: this quote is closed on line 4 only.
"""

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.tokens import ScalarToken

from bothends.load.yaml_events import scan_tokens

_Fault = tuple[tuple[str, str, str], int]

_RESERVED: Final = "@`%"
"""What begins no value (YAML 1.2 §5.3, indicators that are reserved, and the directive's)."""

_WIDE_SPACE: Final = re.compile(
    "^[ \t]*([\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff])", re.MULTILINE
)
_LINES_ABOVE: Final = 4
"""The parser stumbles at the line itself, or a few below."""

_MOST_SCANNED: Final = 2_000_000
"""So many characters are scanned a second time, for the quote that is the cause."""


def syntax_fault(error: yaml.YAMLError, source: str) -> _Fault:
    """Return the code, message and hint of what is no YAML, and its offset."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark else 0
    texts = [
        text for text in (getattr(error, "problem", None), getattr(error, "context", None)) if text
    ]
    reason = " ".join(texts) or str(error)

    if "quoted scalar" in reason and "end of stream" in reason:
        # At the quote, not at the end of the file.
        opened = getattr(error, "context_mark", None)
        return _fault("this quote is not closed", "Close it."), opened.index if opened else offset

    return (
        _of_spaces(source, offset)
        or _of_a_second_colon(reason, source, offset)
        or _of_a_quote(reason, source, offset)
        or (_fault(reason, _hint(reason, source, offset)), offset)
    )


def _fault(reason: str, hint: str) -> tuple[str, str, str]:
    return "yaml-syntax", f"This is not YAML: {reason}.", hint


def _of_spaces(source: str, offset: int) -> _Fault | None:
    """An indentation by another space than U+0020, as copied from a web page."""
    above = offset
    for _ in range(_LINES_ABOVE):
        above = max(source.rfind("\n", 0, above), 0)
    found = _WIDE_SPACE.search(source, above, offset)
    if found is None:
        return None
    reason = f"this line is indented by the character U+{ord(found[1]):04X}"
    return _fault(reason, "Replace it by a plain space."), found.start(1)


def _of_a_second_colon(reason: str, source: str, offset: int) -> _Fault | None:
    if "mapping values are not allowed" not in reason:
        return None

    start = source.rfind("\n", 0, offset) + 1
    if ": " in source[start:offset]:
        hint = 'A value that contains ": " must be quoted.'
        return _fault('": " stands in a value that is not quoted', hint), offset

    above = source[:start].rstrip()
    number = above.count("\n") + 1
    hint = (
        f"Indent it as line {number} is, if both are keys of one mapping; "
        "or quote the value, if it goes on here."
    )
    key = start + len(source[start:offset]) - len(source[start:offset].lstrip())
    return _fault(f"a key stands below line {number}, which has a value already", hint), key


def _of_a_quote(reason: str, source: str, offset: int) -> _Fault | None:
    """What follows a closing quote: on its line, or because a quote further above was forgotten."""
    before = source[:offset].rstrip(" \t")
    if "expected" not in reason or before[-1:] not in ("'", '"') or len(before) > _MOST_SCANNED:
        return None

    last = None
    try:
        for token in scan_tokens(before):
            last = token if isinstance(token, ScalarToken) else last
    except yaml.YAMLError:
        return None
    if last is None or last.end_mark.index != len(before):
        return None

    if last.start_mark.line < last.end_mark.line:
        reason = f"this quote is closed on line {last.end_mark.line + 1} only"
        return _fault(reason, "Close it where its value ends."), last.start_mark.index
    if _is_inside_quotes(source, offset):
        return _fault(reason, "A ' inside of '…' is written twice: 'It''s here'."), offset
    return _fault("text follows the closing quote", "Quote the whole value, or none of it."), offset


def _is_inside_quotes(source: str, offset: int) -> bool:
    """Whether a quote closed too early before this character: `'It's here'`."""
    line = source[source.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    column = offset - source.rfind("\n", 0, offset) - 1
    return re.search(r"'[^']*'\Z", line[:column]) is not None and "'" in line[column:]


def _hint(reason: str, source: str, offset: int) -> str:
    """The most frequent cause."""
    first_character = source[offset : offset + 1]
    if first_character == "\t":
        return "Indent with spaces; YAML does not take tabs."
    if first_character in _RESERVED and "cannot start any token" in reason:
        return f"A value that begins with {first_character} must be quoted."
    if "scanning an alias" in reason or "scanning an anchor" in reason:
        return "A value that begins with * or & must be quoted: * is an alias, & an anchor."
    if "unknown escape" in reason:
        return r"In single quotes a backslash is itself: '^\d+$'; in double quotes write it twice."
    if _is_inside_quotes(source, offset):
        return "A ' inside of '…' is written twice: 'It''s here'."
    if "expected" in reason:
        return "Often a line above is the cause: its indentation, a bracket, or a quote."
    return ""
