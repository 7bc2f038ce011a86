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
    cause, hint, offset = _cause(error, source)
    return ("json-syntax", f"This is not JSON: {cause}.", hint), offset


def _cause(error: json.JSONDecodeError, source: str) -> tuple[str, str, int]:
    offset = error.pos
    following, before = source[offset:].lstrip(), source[:offset].rstrip()
    reason = f"{error.msg[:1].lower()}{error.msg[1:]}"

    if not following or reason.startswith("unterminated string"):
        return "the file ends in the middle", "Save it again, whole.", offset
    if following[0] in "}]" and before.endswith(","):
        return f"a comma stands before {following[0]}", "Remove the comma.", len(before) - 1
    if reason.startswith("illegal trailing comma"):  # Python 3.13 and later
        bracket = "}" if "object" in reason else "]"
        return f"a comma stands before {bracket}", "Remove the comma.", offset
    if following[0] == "," and reason.startswith("expecting"):
        return "a comma too many", "Remove the comma.", offset
    if following.startswith(("//", "/*", "#")):
        return "a comment", "Remove it: JSON has no comments.", offset
    if following[0] == "'" and reason.startswith("expecting"):
        return "a text in single quotes", 'Write it in double quotes: "text".', offset

    return _by_message(reason, before, following, offset)


def _by_message(reason: str, before: str, following: str, offset: int) -> tuple[str, str, int]:
    if reason.startswith("extra data"):
        return "something follows the end of the document", "Keep one document.", offset
    if reason.startswith("invalid control character"):
        hint = r"Write \n for a line end, and \t for a tab."
        return "a line end or a tab stands in a text", hint, offset
    if reason.startswith("invalid \\"):
        return "no such escape", r"Write a backslash that is meant as itself twice: \\.", offset
    if reason.startswith("expecting ',' delimiter"):
        return "a comma is missing", "Add it after this value.", max(len(before) - 1, 0)
    if not before and reason.startswith("expecting value"):
        hint = "If it is YAML, let its name end in .yaml."
        return "it begins with no value of JSON", hint, offset

    word = _WORD.match(following)
    if word is not None and word[0] in _WORDS:
        return f"{word[0]} is no value", f"Write {_WORDS[word[0]]}.", offset
    if reason.startswith("expecting property name"):
        return "a name without double quotes", 'Write it in double quotes: "name".', offset
    return reason, "", offset
