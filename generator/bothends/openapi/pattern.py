"""Whether a text is a regular expression that validators take (JSON Schema 2020-12 Core §6.4)."""

from __future__ import annotations

from functools import cache

import jsonschema_rs


@cache
def is_pattern(text: str) -> bool:
    """Whether the text compiles as the keyword `pattern`."""
    # The dialect is that of ECMA-262, which `re` refuses in part, such as `\p{L}`.
    try:
        jsonschema_rs.Draft202012Validator({"pattern": text}, offline=True)
    except ValueError:
        return False
    return True
