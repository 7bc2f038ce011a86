"""What to do about a null that the contract does not allow, by the names in Python."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bothends.runtime.json.pointer import split
from bothends.runtime.json.value import is_array, is_object

from .model_fields import wire_names


def null_hint(value: Any, pointer: str) -> str:
    """Return the hint of an error at `pointer`; empty unless a model's field is None there."""
    owner: Any = None
    name = ""

    for part in split(pointer):
        owner, name = value, part
        if isinstance(owner, BaseModel):
            name = next(
                (
                    field
                    for field, wire_name in wire_names(type(owner)).items()
                    if wire_name == part
                ),
                "",
            )
            value = vars(owner).get(name)
        elif is_object(owner):
            value = owner.get(part)
        elif is_array(owner) and part.isdigit() and int(part) < len(owner):
            value = owner[int(part)]
        else:
            return ""

    if value is not None or not isinstance(owner, BaseModel) or not name:
        return ""

    field = f"`{type(owner).__name__}.{name}`"
    if type(owner).model_fields[name].is_required():
        return f" ({field})"
    return f": leave {field} out, or MISSING"
