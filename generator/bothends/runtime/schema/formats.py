"""Formats that OpenAPI adds to those of JSON Schema; the validator has the latter built in.

One table for both ends and for the proofs, so that nobody judges a format differently.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def is_byte(text: str) -> bool:
    """Base64 with padding (RFC 4648 §4), as the OpenAPI format registry says for `byte`."""
    return _BASE64.fullmatch(text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {"byte": is_byte}
