"""What a JSON parser stumbled over, in the words of who wrote the text.

Example: of `{"a": 1,}` the parser says that it expects a property name at the bracket. The comma
before it is what JSON does not have.
"""

from __future__ import annotations

import json
import re
from typing import Final

_WORDS: Final = {
    "False": "false",
    "None": "null",
    "True": "true",
    "nil": "null",
    "undefined": "null",
}
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


def syntax_fault(error: json.JSONDecodeError, source: str) -> tuple[tuple[str, str, str], int]:
    """Return the code, message and hint of what is no JSON, and its offset."""
    reason, hint, offset = _cause(error, source)
    return ("json-syntax", f"This is not JSON: {reason}.", hint), offset


def _cause(error: json.JSONDecodeError, source: str) -> tuple[str, str, int]:
    offset = error.pos
    rest, before = source[offset:].lstrip(), source[:offset].rstrip()
    said = f"{error.msg[:1].lower()}{error.msg[1:]}"

    if not rest or said.startswith("unterminated string"):
        return "the file ends in the middle", "Save it again, whole.", offset
    if rest[0] in "}]" and before.endswith(","):
        return f"a comma stands before {rest[0]}", "Remove the comma.", len(before) - 1
    if said.startswith("illegal trailing comma"):  # Python 3.13 and later
        bracket = "}" if "object" in said else "]"
        return f"a comma stands before {bracket}", "Remove the comma.", offset
    if rest[0] == "," and said.startswith("expecting"):
        return "a comma too many", "Remove the comma.", offset
    if rest.startswith(("//", "/*", "#")):
        return "a comment", "Remove it: JSON has no comments.", offset
    if rest[0] == "'" and said.startswith("expecting"):
        return "a text in single quotes", 'Write it in double quotes: "text".', offset

    return _by_message(said, before, rest, offset)


def _by_message(said: str, before: str, rest: str, offset: int) -> tuple[str, str, int]:
    if said.startswith("extra data"):
        return "something follows the end of the document", "Keep one document.", offset
    if said.startswith("invalid control character"):
        hint = r"Write \n for a line end, and \t for a tab."
        return "a line end or a tab stands in a text", hint, offset
    if said.startswith("invalid \\"):
        return "no such escape", r"Write a backslash that is meant as itself twice: \\.", offset
    if said.startswith("expecting ',' delimiter"):
        return "a comma is missing", "Add it after this value.", max(len(before) - 1, 0)
    if not before and said.startswith("expecting value"):
        hint = "If it is YAML, let its name end in .yaml."
        return "it begins with no value of JSON", hint, offset

    word = _WORD.match(rest)
    if word is not None and word[0] in _WORDS:
        return f"{word[0]} is no value", f"Write {_WORDS[word[0]]}.", offset
    if said.startswith("expecting property name"):
        return "a name without double quotes", 'Write it in double quotes: "name".', offset
    return said, "", offset
