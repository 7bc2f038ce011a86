"""Make text of a contract safe to print.

Characters that steer a terminal or hide themselves become escapes.
"""

from __future__ import annotations

import re
import unicodedata

# Controls (a terminal obeys them), line and paragraph separators, bidi controls (they reorder what
# follows), zero-width and byte-order marks (they hide), surrogates and noncharacters (they cannot
# be encoded).
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str, *, keep: str = "") -> str:
    """Escape control, bidi and invisible characters, except those in `keep`."""
    return _HIDDEN.sub(lambda match: match[0] if match[0] in keep else escaped(match[0]), text)


def escaped(character: str) -> str:
    """One character as the escape a programmer would write."""
    return _SHORT.get(character) or (
        f"\\x{ord(character):02x}" if character <= "\xff" else f"\\u{ord(character):04x}"
    )


def width(text: str) -> int:
    """How many terminal columns the text takes."""
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
