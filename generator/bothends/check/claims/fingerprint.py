"""Passages of a document, recognised without keeping their words.

A fingerprint is `<words>w:<hash>`: how many words the passage has, and the first 16 hexadecimal
digits of the SHA-256 of its words. Words are runs of letters, digits and underscores, casefolded
and joined by one space, so that table rules, punctuation, line breaks and capitals of another
scrape do not matter.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter

from bothends.check.claims.file import Claim, ClaimsFile

_WORD = re.compile(r"\w+")


def fingerprint_of(passage: str) -> str:
    """The fingerprint of a passage."""
    return _of_words(_words(passage))


def find_passage(text: str, fingerprint: str) -> bool:
    """Whether the text still holds, anywhere, the passage with this fingerprint."""
    return _holds(_words(text), fingerprint)


def stale_claims(claims: ClaimsFile, text: str, document_id: str | None = None) -> list[Claim]:
    """The claims on a document whose passages are gone from this newer copy of it.

    Without `document_id`, the text is taken as a copy of the document with the most passages in it.
    Claims without a fingerprint cannot be judged and are left out.
    """
    words = _words(text)
    marked = [claim for claim in claims.claims.values() if claim.fingerprint]
    judged = [(claim, _holds(words, claim.fingerprint)) for claim in marked]

    if document_id is None:
        found = Counter(claim.document for claim, holds in judged if holds)
        document_id = found.most_common(1)[0][0] if found else next(iter(claims.documents), None)

    return [claim for claim, holds in judged if claim.document == document_id and not holds]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _of_words(words: list[str]) -> str:
    digest = hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()
    return f"{len(words)}w:{digest[:16]}"


def _holds(words: list[str], fingerprint: str) -> bool:
    count = int(fingerprint.partition("w:")[0])
    for start in range(len(words) - count + 1):
        if _of_words(words[start : start + count]) == fingerprint:
            return True
    return False
