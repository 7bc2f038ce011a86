"""Texts from a property's name: `customerId` is `customer-1`, `firstName` is `first name`.

A text says where it comes from, so that whoever reads an answer of a stand-in finds the property
again. No text is empty.
"""

from __future__ import annotations

import re
from typing import Final

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_KEYS: Final = {
    "id",
    "ids",
    "uuid",
    "guid",
    "key",
    "token",
    "code",
    "ref",
    "reference",
    "sid",
    "uid",
}
_LINKS: Final = {"url", "uri", "urls", "uris", "href", "link", "website"}
_MAILS: Final = {"email", "mail", "emails"}

LINK: Final = "https://example.com/"
MAIL: Final = "someone@example.com"


def words_of(name: str) -> list[str]:
    """The words of a name in lower case, whichever way they are joined."""
    return [word.lower() for word in _WORD.findall(name)]


def is_key(name: str) -> bool:
    """Whether a property of this name tells one thing from another."""
    return bool(set(words_of(name)[-1:]) & _KEYS)


def text_for(name: str) -> str:
    """The text of a property, or of an item of it.

    `text` where there is no name, or one of signs only.
    """
    words = words_of(name) or ["text"]
    last = words[-1]
    if last in _LINKS:
        return LINK
    if last in _MAILS:
        return MAIL
    if last in _KEYS:
        return "-".join([*(words[:-1] or words), "1"])
    return " ".join(words)
