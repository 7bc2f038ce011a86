"""Parameters: what identifies one, and how its values are written (OpenAPI 3.1 §4.8.12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bothends.openapi.header_names import IGNORED_HEADERS
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below


def parameters_by_key(
    operation: dict[str, Any], pointer: str
) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """The parameters by what identifies them, each with its pointer below the operation.

    A path parameter is known by its position: its name is not on the wire.
    """
    path = pointer.split("/")[2].replace("~1", "/")
    positions = re.findall(r"\{([^}]*)\}", path)
    found: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}

    for index, parameter in enumerate(as_array(operation.get("parameters"))):
        # Of a reference that leads nowhere, nothing is known.
        if not {"in", "name"} <= parameter.keys():
            continue

        location, name = str(parameter["in"]), str(parameter["name"])
        if location == "header" and name.lower() in IGNORED_HEADERS:
            continue

        key = name.lower() if location == "header" else name
        if location == "path" and name in positions:
            # A renamed path parameter is no change on the wire.
            key = str(positions.index(name))
        found[location, key] = (below("", "parameters", index), parameter)

    return found


def style_of(parameter: dict[str, Any]) -> str:
    """How a parameter is written, as far as its type lets it show."""
    if "content" in parameter:
        return next(iter(parameter["content"]), "content")

    default = {"query": "form", "cookie": "form"}.get(str(parameter.get("in")), "simple")
    style = str(parameter.get("style", default))
    explode = parameter.get("explode", style in ("form", "cookie"))
    kind = as_object(parameter.get("schema")).get("type")
    is_plain = kind in ("string", "integer", "number", "boolean")
    if is_plain:
        return style
    return f"{style}, exploded" if explode else f"{style}, not exploded"


def is_written_alike(
    was: dict[str, Any],
    now: dict[str, Any],
    are_scalars: Callable[[Any, Any], bool],
) -> bool:
    """Whether values of a parameter look the same on the wire, as far as both contracts allow them.

    Args:
        was: The parameter of the old contract.
        now: That of the new one.
        are_scalars: Whether one of two schemas, the old and the new one, allows scalars alone.
    """
    styles = style_of(was), style_of(now)
    if styles[0] == styles[1]:
        return True

    # `explode` shows in lists and objects only.
    is_same = styles[0].partition(",")[0] == styles[1].partition(",")[0]
    return is_same and are_scalars(was.get("schema"), now.get("schema"))


def is_one_of_list(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether a scalar became a list that a single value is written into in the same way."""
    old, new = as_object(was.get("schema")), as_object(now.get("schema"))
    if new.get("type") != "array" or "items" not in new or new.get("minItems", 0) > 1:
        return False
    if new.get("maxItems", 1) < 1 or not style_of(now).startswith(f"{style_of(was)},"):
        return False

    # A text with a comma would be two items of a list that is not exploded.
    kind = old.get("type")
    is_text = kind == "string" and style_of(now) == "form, exploded"
    return is_text or kind in ("integer", "number", "boolean")
