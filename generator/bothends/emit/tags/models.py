"""`models/`: a module for each component, or operation, with the classes of its inline objects.

datamodel-code-generator writes all classes as one module, so that they may refer to each other.
Here that module is cut at its classes. A class of another module is imported for checkers only:
at run time `bothends.runtime` finds it when a value is read, because a ring of modules could not be
imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bothends import ir
from bothends.emit.header import header
from bothends.emit.source import docstring, literal
from bothends.emit.types import annotation, imports
from bothends.openapi.type_algebra import named_types

_FUTURE = "from __future__ import annotations"


def split_models(api: ir.Api, source: str, contract_path: str) -> dict[str, str]:
    """Return the modules of models by path.

    Args:
        api: The API; each component has its module.
        source: All classes and aliases as one module.
        contract_path: The path of the contract that headers name.
    """
    if not source:
        return {}

    modules = {str(component.name): component.module for component in api.components}
    aliases = {str(alias.name): alias for alias in api.aliases}
    lines = source.splitlines()
    statements: dict[ir.Identifier, list[str]] = {}
    used: dict[ir.Identifier, set[str]] = {}
    imported: list[str] = []

    for node in ast.parse(source).body:
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        match node:
            case ast.ImportFrom(module="__future__"):
                continue
            case ast.Import() | ast.ImportFrom():
                imported.append(text)
                continue
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                pass
            case _:  # the docstring of the module, and `Tide.model_rebuild()`
                continue

        module = modules[name]
        names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
        mentioned = named_types(aliases[name].type) if name in aliases else ()
        if member_names := {str(member.name) for member in mentioned}:
            value = literal(str(annotation(aliases[name].type)))
            text, names = f"{name} = TypeAliasType({literal(name)}, {value})", member_names
            imported += _alias_imports(aliases[name])
        statements.setdefault(module, []).append(text)
        used.setdefault(module, set()).update(names & modules.keys())

    subject = docstring(header(api, contract_path, "objects of the API"))
    head = "\n".join([subject, _FUTURE, *dict.fromkeys(imported)])
    return {
        f"models/{module}.py": "\n\n".join([head, *_imports(module, used[module], modules), *texts])
        + "\n"
        for module, texts in statements.items()
    }


def _imports(
    module: ir.Identifier, names: set[str], modules: Mapping[str, ir.Identifier]
) -> Iterator[str]:
    """Yield the imports of classes of other modules, for type checkers."""
    others = sorted((modules[name], name) for name in names if modules[name] != module)
    if others:
        found = [f"    from .{another} import {name}" for another, name in others]
        yield "\n".join(["from typing import TYPE_CHECKING", "", "if TYPE_CHECKING:", *found])


def _alias_imports(alias: ir.Alias) -> Iterator[str]:
    needed = imports([alias.type])
    by_module = {
        "datetime": needed.datetime,
        "typing": needed.typing,
        "uuid": needed.uuid,
        "bothends.runtime": needed.runtime,
        "typing_extensions": ("TypeAliasType",),
    }
    for module, names in by_module.items():
        if names:
            yield f"from {module} import {', '.join(names)}"
