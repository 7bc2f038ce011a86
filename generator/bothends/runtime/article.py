"""A noun with its article, by how it sounds: `an Email`, `a User`, `an 8-bit integer`."""

from __future__ import annotations

import re

_WITH_AN = re.compile(r"[`\"']?(?:[aeio]|u|8|1[18](?!\d))", re.IGNORECASE)
# Written with a vowel, and spoken with a consonant.
_WITH_A = re.compile(r"[`\"']?(?:eu|one|u(?:ni|rl|ri|s[aeu]|ti|ui|bi))", re.IGNORECASE)


def with_article(noun: str) -> str:
    """Return the noun after `a` or `an`."""
    is_vowel = _WITH_AN.match(noun) and not _WITH_A.match(noun)
    return f"an {noun}" if is_vowel else f"a {noun}"
