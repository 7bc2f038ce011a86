"""The keyword `type`: misspelt, in a programming language's words, or of another version."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, Final

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import is_array
from bothends.openapi.pointer import below

TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")

# Words of programming languages, and the type and format that they are.
_MEANT: Final[dict[str, tuple[str, str]]] = {
    "bool": ("boolean", ""),
    "bytes": ("string", "binary"),
    "char": ("string", ""),
    "date": ("string", "date"),
    "datetime": ("string", "date-time"),
    "dict": ("object", ""),
    "dictionary": ("object", ""),
    "double": ("number", "double"),
    "file": ("string", "binary"),
    "float": ("number", "float"),
    "decimal": ("number", ""),
    "hash": ("object", ""),
    "int": ("integer", ""),
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "list": ("array", ""),
    "long": ("integer", "int64"),
    "map": ("object", ""),
    "nil": ("null", ""),
    "none": ("null", ""),
    "str": ("string", ""),
    "text": ("string", ""),
    "timestamp": ("string", "date-time"),
    "uri": ("string", "uri"),
    "url": ("string", "uri"),
    "uuid": ("string", "uuid"),
}


_ANYTHING: Final = frozenset({"any", "anything", "mixed", "unknown", "*"})
_ALTERNATIVES: Final = "In OpenAPI 3.0 write `anyOf`, with one type in each alternative."
_SEPARATOR: Final = re.compile(r"\s*(?:[|,/]|\bor\b)\s*")


def repair_type(node: Node, is_v3_0: bool) -> Iterator[Edit]:
    """Find the edits that make `type` legal in the version of the contract."""
    declared, pointer = node.value["type"], below(node.pointer, "type")
    listed = declared if is_array(declared) else [declared]
    read = [_read(item) for item in listed]
    types = list(dict.fromkeys(name for name, _ in read if name))
    value = _written(types, is_v3_0, was_list=is_array(declared))

    if declared is not None and value == declared:
        return
    if len(types) < len(set(map(str, listed))) or not types:
        message = f"{shorten(declared)} is no type of JSON Schema; it is left out."
        yield Edit("type", pointer, message, is_loss=True, hint=_hint(declared))
        return

    was = shorten(declared)
    if types == (declared if is_array(declared) else [declared]):
        message = f"OpenAPI 3.0 has no type {was}; it is read as in 3.1."
        yield from _edits(node, types, message, is_v3_0)
        return

    message = f"{was} is read as {shorten(types if len(types) > 1 else types[0])}."
    yield from _edits(node, types, message, is_v3_0)

    formats = [name for _, name in read if name]
    if formats and "format" not in node.value:
        yield Edit("type-spelling", below(node.pointer, "format"), "", formats[0], source=pointer)


def _hint(declared: Any) -> str:
    """What to write instead; `string | null` and `number, string` are lists of types elsewhere."""
    if not isinstance(declared, str):
        return f"The types are {', '.join(TYPES)}."

    words = [word for word in _SEPARATOR.split(declared.strip()) if word]
    if declared.strip().lower() in _ANYTHING:
        return "Leave `type` out where any value is meant."
    types = [_read(word)[0] for word in words]
    if len(words) > 1 and all(types):
        alternatives = ", ".join(f"{{type: {name}}}" for name in types if name != "null")
        nullable = " with `nullable: true` in 3.0" if "null" in types else ""
        listed = ", ".join("'null'" if name == "null" else name for name in types)
        return f"Write `type: [{listed}]` (3.1), or `anyOf: [{alternatives}]`{nullable}."
    return f"The types are {', '.join(TYPES)}."


def _read(declared: Any) -> tuple[str, str]:
    """The type and the format that a word is meant as; no type where it has no meaning."""
    if declared is None:
        return "null", ""
    if not isinstance(declared, str):
        return "", ""
    if declared in TYPES:
        return declared, ""

    plain = declared.strip().lower()
    if intended := _MEANT.get(plain.replace("-", "")):
        return intended
    # `String` and other unknown words cost 22 operations in 130 real contracts.
    close = difflib.get_close_matches(plain, TYPES, n=1, cutoff=0.8)
    return (close[0] if close else ""), ""


def _written(types: list[str], is_v3_0: bool, *, was_list: bool) -> Any:
    """The value that needs no repair; nothing in 3.0 for what `type` cannot say there."""
    if is_v3_0:
        return types[0] if len(types) == 1 and not was_list and types != ["null"] else None
    return types if was_list else next(iter(types), None)


def _edits(node: Node, types: list[str], message: str, is_v3_0: bool) -> Iterator[Edit]:
    pointer = below(node.pointer, "type")
    if not is_v3_0:
        yield Edit("type-spelling", pointer, message, types if len(types) > 1 else types[0])
        return

    # OpenAPI 3.0 says null by `nullable`, and has no list of types.
    others = [name for name in types if name != "null"]
    if len(others) == 1:
        yield Edit("type-spelling", pointer, message, others[0])
    else:
        yield Edit("type-spelling", pointer, message, hint=_ALTERNATIVES)
    if len(others) > 1:
        alternatives: list[dict[str, Any]] = [{"type": name} for name in others]
        if len(others) < len(types):
            alternatives.append({"enum": [None]})
        location = below(node.pointer, "allOf" if "anyOf" in node.value else "anyOf")
        value = [{"anyOf": alternatives}] if "anyOf" in node.value else alternatives
        yield Edit("type-spelling", location, "", value, source=pointer)
    elif len(others) < len(types) and others:
        yield Edit("type-spelling", below(node.pointer, "nullable"), "", value=True, source=pointer)
    elif not others:
        yield Edit("type-spelling", below(node.pointer, "enum"), "", [None], source=pointer)
