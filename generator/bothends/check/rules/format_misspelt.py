"""A format that is written almost as a known one, or in another language's word, is a slip.

Why: a format that nobody knows is ignored (JSON Schema 2020-12 §7.2.3), so that the value is plain
text in the models, and nothing is checked.

Bad:

    format: datetime

Better:

    format: date-time
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.nearest import is_one_slip
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING

_FORMATS: Final = (
    *("binary", "byte", "date", "date-time", "duration", "email", "hostname", "idn-email"),
    *("idn-hostname", "int32", "int64", "ipv4", "ipv6", "iri", "iri-reference", "json-pointer"),
    *("password", "regex", "relative-json-pointer", "time", "uri", "uri-reference"),
    *("uri-template", "uuid", "double", "float"),
)
_KNOWN: Final = {format_.replace("-", ""): format_ for format_ in _FORMATS}
# What languages and databases call them, without signs.
_SYNONYMS: Final = {
    "base64": "byte",
    "bigint": "int64",
    "datetimeoffset": "date-time",
    "float32": "float",
    "float64": "double",
    "guid": "uuid",
    "int": "int32",
    "ipv4address": "ipv4",
    "ipv6address": "ipv6",
    "iso8601": "date-time",
    "long": "int64",
    "mail": "email",
    "emailaddress": "email",
    "regexp": "regex",
    "rfc3339": "date-time",
    "uriref": "uri-reference",
    "url": "uri",
    "urltemplate": "uri-template",
    "uuid4": "uuid",
    "uuidv4": "uuid",
}
_SHORTEST: Final = 4


def check(contract: Contract) -> Iterator[Problem]:
    """Formats that differ from a known one by capitals, signs or a letter, or mean one."""
    for node in contract.nodes("schema"):
        declared = node.value.get("format")
        if not isinstance(declared, str):
            continue
        intended = _intended_format(declared)
        if intended != declared:
            message = f"{declared} is no known format, and is not checked."
            yield Problem(below(node.pointer, "format"), message, f"Did you mean {intended}?")


def _intended_format(declared: str) -> str:
    """The format that was meant; the one that is written where it may well be meant."""
    plain = re.sub(r"[\W_]", "", declared).lower()
    if intended := _KNOWN.get(plain) or _SYNONYMS.get(plain):
        return intended
    if len(plain) < _SHORTEST:
        return declared

    without_digits = re.sub(r"\d", "", plain)
    for signless, format_ in _KNOWN.items():
        # `uint64` and `int16` are formats of others (the Format Registry of OpenAPI).
        if signless.startswith("int") or without_digits == re.sub(r"\d", "", signless):
            continue
        if len(signless) >= _SHORTEST and is_one_slip(plain, signless):
            return format_
    return declared
