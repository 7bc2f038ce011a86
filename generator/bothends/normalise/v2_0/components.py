"""The sections at the root of 2.0 that are in `components` in 3.0, and the keys in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bothends.normalise.v2_0.moves import Moves
from bothends.openapi.free_key import free_key
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below

COMPONENTS: Final = {
    "definitions": "/components/schemas",
    "parameters": "/components/parameters",
    "responses": "/components/responses",
    "securityDefinitions": "/components/securitySchemes",
}
_ILLEGAL: Final = re.compile(r"[^A-Za-z0-9._-]+")


def component_keys(written: dict[str, Any], moves: Moves) -> Mapping[str, Mapping[str, str]]:
    """Choose the keys: 2.0 allows any text, 3.0 only letters, digits, `.`, `-` and `_`."""
    chosen: dict[str, Mapping[str, str]] = {}
    for section, components_pointer in COMPONENTS.items():
        moves.add(components_pointer, f"/{section}")
        names = list(as_object(written.get(section)))
        keys = {name: name for name in names if not _ILLEGAL.search(name)}
        if section == "securityDefinitions":  # requirements name a scheme by its key
            keys = {name: name for name in names}

        used = set(keys)
        for name in names:
            if name not in keys:
                legal = _ILLEGAL.sub("_", name).strip("_") or "component"
                keys[name] = free_key(legal, used, "_")
                used.add(keys[name])
                moves.add(below(components_pointer, keys[name]), below("", section, name))
        chosen[section] = keys

    return chosen
