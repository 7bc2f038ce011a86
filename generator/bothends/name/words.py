"""From the contract's words to identifiers: the only place where an `Identifier` is made."""

from __future__ import annotations

import keyword
import re
import unicodedata
from functools import lru_cache
from typing import Final

from bothends.ir import ClassName, Identifier

_MOST_TEXTS: Final = 20_000
"""Texts whose words are remembered: a large contract asks for most of its names several times."""


def variable(text: str, *, after: str = "") -> Identifier:
    """`orgId`, `Org-ID` and `org id` become `org_id`.

    A keyword gets an underscore, a digit in front `n_`.
    """
    return _legal("_".join(_words(text)).lower() + after, "n_")


def constant(text: str) -> Identifier:
    """`listTides` becomes `LIST_TIDES`, `list_` becomes `LIST_`."""
    return _legal("_".join(_words(text)).upper() + ("_" if text.endswith("_") else ""), "N_")


def class_name(text: str) -> ClassName:
    """`tide_page` and `tidePage` become `TidePage`; capitals that are there stay (`IPAddress`)."""
    return ClassName(_legal("".join(word[:1].upper() + word[1:] for word in _words(text)), "N"))


def verbatim(text: str) -> Identifier:
    """The text itself where it is an identifier already, else as `variable` makes it."""
    return _legal(text, "n_") if text.isidentifier() and text.isascii() else variable(text)


def with_signs(text: str) -> str:
    """The text with a word for each sign: `page[size]` and `page.size` differ in nothing else."""
    spelled = re.sub(r"\[\]$", "_list", text)
    spelled = re.sub(r"(?<=\w)-$", "_minus", spelled)
    return "".join(f" {_SIGNS[sign]} " if sign in _SIGNS else sign for sign in spelled)


def path_with_signs(path: str) -> str:
    """A path with a word for each sign but `/`: `/a-b` is not `/a/b`, nor `/x/{id}` `/x/id`."""
    by_variable = re.sub(r"\{([^{}]*)\}", "\tby\t\\1\t", path)
    end = " slash" if path.endswith("/") else ""
    return " ".join(map(with_signs, by_variable.split("/"))) + end


def is_legal(text: str) -> bool:
    """Whether a person may write this name into `names.lock`.

    Names with an underscore in front belong to Python and to the runtime. Python reads identifiers
    in NFKC (its reference, §2.3), so a name in another form would not be the one that is written.
    """
    is_identifier = text.isidentifier() and not keyword.iskeyword(text) and not text.startswith("_")
    return is_identifier and unicodedata.normalize("NFKC", text) == text


# Letters that Unicode does not decompose: NFKD makes `é` an `e` with a sign, and keeps `ø`.
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "þ": "th"}
    | {"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "Th", "ẞ": "SS"}
)


# A telephone company's contract filters by `DateSent`, `DateSent<` and `DateSent>`. A pair of
# brackets is no comparison: `List<Tide>`.
_COMPARISON: Final = re.compile(r"(<=|>=|!=|<|>|(?<=\w)[!~])$")
_COMPARISONS: Final = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "!=": "ne"} | {
    "!": "not",
    "~": "like",
}


_SIGNS: Final = {
    " ": "space",
    "-": "dash",
    ".": "dot",
    "/": "slash",
    ":": "colon",
    ",": "comma",
    "+": "plus",
    "*": "star",
    "?": "question",
    "!": "exclamation",
    "$": "dollar",
    "@": "at",
    "#": "hash",
    "%": "percent",
    "&": "and",
    "=": "equals",
    "|": "pipe",
    "~": "tilde",
    "[": "bracket",
    "(": "parenthesis",
    "{": "brace",
    ";": "semicolon",
    "^": "caret",
}


@lru_cache(_MOST_TEXTS)
def _words(text: str) -> tuple[str, ...]:
    """Split at everything that is not a letter or digit, and where a capital begins a word."""
    # Reactions of a large code host's contract are properties `+1` and `-1`: without words for the
    # signs both would be `n_1`.
    signed = re.sub(r"^\+(?=\d)", "plus ", re.sub(r"^-(?=\d)", "minus ", text))
    sign = _COMPARISON.search(signed)
    if sign and signed.count("<") + signed.count(">") < 2:
        signed = f"{signed[: sign.start()]} {_COMPARISONS[sign[0]]}"
    plain = unicodedata.normalize("NFKD", signed.translate(_LETTERS))
    plain = "".join(map(_ascii, plain))
    # The plural of an acronym is one word, and so is its version: `peerURLs`, `IPv4Address`.
    bound = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s(?![a-z])|v\d)[a-z])"
    found = re.findall(r"[A-Za-z0-9]+", re.sub(bound, " ", plain))

    # A name may be signs alone, such as `*`.
    is_signs = not found and bool(text) and all(sign in _SIGNS for sign in text)
    return tuple(with_signs(text).split() if is_signs else found)


def _ascii(character: str) -> str:
    """Return ASCII for one character: a letter of another script is a word, `潮` is `u6f6e`."""
    if character.isascii():
        return character
    if character.isalnum():
        return f" u{ord(character):x} "
    return "" if unicodedata.combining(character) else " "


def _legal(text: str, before_digit: str) -> Identifier:
    # A name may be nothing, and still needs an identifier.
    text = text or ("empty" if before_digit.islower() else "Empty")
    # Pydantic takes a field with an underscore in front for a private one.
    if not text[0].isalpha():
        text = before_digit + text.lstrip("_")
    return Identifier(text + "_" if keyword.iskeyword(text) else text)
