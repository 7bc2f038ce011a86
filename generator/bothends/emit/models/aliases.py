"""Write recursive aliases ourselves.

datamodel-code-generator loses the item type of an array that contains itself.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from bothends import ir
from bothends.emit.source import literal
from bothends.emit.types import annotation, imports
from bothends.openapi.type_algebra import named_types


def write_recursive_aliases(source: str, api: ir.Api) -> str:
    """Replace each recursive alias by a statement of its whole type, as a forward reference."""
    types = {alias.pointer: alias for alias in api.aliases}
    recursive = {str(a.name): a for a in api.aliases if a.pointer in _reached(a.pointer, types)}
    if not recursive:
        return source

    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if name in recursive:
                text = literal(str(annotation(recursive[name].type)))
                lines[node.lineno - 1 : node.end_lineno] = [
                    f"{name} = TypeAliasType({literal(name)}, {text})"
                ]
            case _:
                pass

    return "\n".join([*_imports([alias.type for alias in recursive.values()]), *lines]) + "\n"


def _imports(types: list[ir.Type]) -> list[str]:
    """What the forward references speak of.

    The formatter sorts these in and drops what is there twice.
    """
    needed = imports(types)
    by_module = {
        "datetime": needed.datetime,
        "typing": needed.typing,
        "uuid": needed.uuid,
        "bothends.runtime": needed.runtime,
    }
    return [
        f"from {module} import {', '.join(names)}" for module, names in by_module.items() if names
    ]


def _reached(start: str, aliases: Mapping[str, ir.Alias]) -> set[str]:
    found, waiting = set[str](), [start]
    while waiting:
        for named in named_types(aliases[waiting.pop()].type):
            if named.target in aliases and named.target not in found:
                found.add(named.target)
                waiting.append(named.target)

    return found
