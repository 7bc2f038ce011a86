"""Values that a form, parts and a query can always carry: none may be refused for want of a form.

The client refuses to send what would not arrive unchanged, and asks its own reader whether it
would. A reader that loses a field makes the client refuse each value that has it, and no value
would be seen to be lost. Of plain values, such as `{"label": "Box", "weight": 3}`, nobody can say
so.
"""

from __future__ import annotations

import re
from typing import Any

from bothends.prove.oracle.schemas import property_names, property_schemas, types_at
from bothends.runtime.json.value import is_object
from bothends.runtime.schema.contract import Contract
from bothends.runtime.transfer.file import File

_PLAIN_TEXT = re.compile(r"[A-Za-z0-9_-]+")
_MOST = 10**15


def is_plain_scalar(contract: Contract, value: Any, *pointers: str) -> bool:
    """Whether a value is of the one scalar type that its schemas name, and holds nothing odd."""
    types = types_at(contract, *pointers)
    if types == {"string"}:
        if isinstance(value, File):
            return value.filename is None and not value.headers
        return isinstance(value, str) and _PLAIN_TEXT.fullmatch(value) is not None
    if types == {"boolean"}:
        return isinstance(value, bool)
    return types == {"integer"} and type(value) is int and abs(value) < _MOST


def is_plain_object(contract: Contract, media: str, value: Any) -> bool:
    """Whether a value is an object of plain scalars, by the media type object at a pointer."""
    schema = f"{media}/schema"
    if not is_object(value) or not value or contract.find(f"{media}/encoding") is not None:
        return False

    names = property_names(contract, schema)
    for name, item in value.items():
        if name not in names or _PLAIN_TEXT.fullmatch(name) is None:
            return False
        if not is_plain_scalar(contract, item, *property_schemas(contract, schema, name)):
            return False
    return True
