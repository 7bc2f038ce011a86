"""`__init__.py`: the public names of a package, loaded when they are first used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import Environment

from bothends import ir
from bothends.emit.header import header
from bothends.emit.homes import error_modules, model_modules
from bothends.emit.part import parts


@dataclass(frozen=True, slots=True)
class ModuleView:
    """One module of the package and what it gives."""

    module: ir.Identifier
    names: tuple[ir.Identifier, ...]


@dataclass(frozen=True, slots=True)
class PackageView:
    """What the template `__init__.py.jinja` receives."""

    header: str
    modules: tuple[ModuleView, ...]


def module_views(homes: Mapping[str, Iterable[str]]) -> tuple[ModuleView, ...]:
    """Return the modules that have public names, sorted, from the names of each."""
    found: list[ModuleView] = []
    for module, names in sorted(homes.items()):
        if exported := tuple(map(ir.Identifier, sorted(names))):
            found.append(ModuleView(ir.Identifier(module), exported))
    return tuple(found)


def emit_package(api: ir.Api, contract_path: str, templates: Environment) -> str:
    """Return the text of `__init__.py`."""
    errors: list[str] = []
    for operation in api.every_operation:
        errors += [str(reply.name) for reply in operation.replies if not reply.is_success]

    homes: dict[str, list[str]] = {
        "errors": errors,
        "models": [str(component.name) for component in api.components],
    }
    if api.layout == "tags":
        homes = {**error_modules(api), **model_modules(api)}
    for part in parts(api):
        homes |= part.names

    title = header(api, contract_path, "models, clients and server")
    view = PackageView(title, module_views(homes))
    return templates.get_template("__init__.py.jinja").render(view=view)
