"""All modules of a package in the layout by tags.

The modules of a group are made of its own operations, so those of an earlier run serve again where
these are the same: one save changes a few of a hundred groups.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from jinja2 import Environment

from bothends import ir
from bothends.emit.errors import emit_errors
from bothends.emit.header import header
from bothends.emit.homes import error_modules, model_modules, operations_by_error_module
from bothends.emit.package import ModuleView, PackageView, module_views
from bothends.emit.part import Part
from bothends.emit.tags.client import emit_client_package, emit_group
from bothends.emit.tags.models import split_models
from bothends.emit.tags.operations import emit_group_operations, emit_operations_package
from bothends.emit.tags.server import emit_group_handler, emit_server_package
from bothends.kept import Keep, keep_nothing


def emit_tags(
    part: Part,
    models: str,
    contract_path: str,
    templates: Environment,
    keep: Keep = keep_nothing,
) -> dict[str, str]:
    """Return the modules of the calls to the vendor, and those of all models and errors.

    Args:
        part: The calls to the vendor; `part.api` has the webhooks as well.
        models: The text of all models in one module.
        contract_path: The path of the contract that headers name.
        templates: The environment of the templates.
        keep: May have the modules of groups from earlier runs.
    """
    api = part.api
    sources = {
        "client/__init__.py": emit_client_package(part, contract_path, templates),
        "operations/__init__.py": emit_operations_package(part, contract_path, templates),
        "server/__init__.py": emit_server_package(part, contract_path, templates),
    }
    for group in api.groups:
        sources |= _group_modules(_of_group(part, group), group, contract_path, templates, keep)

    for module, operations in operations_by_error_module(api).items():
        inside_api = replace(api, operations=operations, webhooks=())
        text = emit_errors(inside_api, contract_path, templates, "tags_errors.jinja")
        sources[f"errors/{module}.py"] = text

    sources |= split_models(api, models, contract_path)
    sources["errors/__init__.py"] = _lazy(
        api,
        _inside("errors", error_modules(api)),
        "its documented errors",
        contract_path,
        templates,
    )
    sources["models/__init__.py"] = _lazy(
        api,
        _inside("models", model_modules(api)),
        "the objects of the API",
        contract_path,
        templates,
    )
    return {path: text for path, text in sources.items() if text}


def _of_group(part: Part, group: ir.Group) -> Part:
    """The part with the operations of a group, and nothing that its modules are not made of."""
    api = replace(
        part.api,
        operations=tuple(o for o in part.api.operations if o.group == group.name),
        webhooks=(),
        models=(),
        aliases=(),
        refusals=(),
        losses=(),
        groups=(),
    )
    return replace(part, api=api)


def _group_modules(
    part: Part, group: ir.Group, contract_path: str, templates: Environment, keep: Keep
) -> dict[str, str]:
    """The modules of a group: of an earlier run that made them of the same."""

    def write() -> str:
        texts = {
            "client": emit_group(part, group, contract_path, templates),
            "operations": emit_group_operations(part, contract_path, templates),
            "server": emit_group_handler(part, group, contract_path, templates),
        }
        return json.dumps(texts)

    # Nodes of the representation are data without behaviour: two that print alike are equal.
    decided_by = f"modules of a group: {part!r} {group!r} {contract_path!r}"
    texts: dict[str, str] = json.loads(keep(decided_by, write))
    return {f"{folder}/{group.name}.py": text for folder, text in texts.items()}


def _inside(package: str, modules: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {module.removeprefix(f"{package}."): names for module, names in modules.items()}


def _lazy(
    api: ir.Api,
    modules: Mapping[str, Iterable[str]],
    subject: str,
    contract_path: str,
    templates: Environment,
) -> str:
    views: tuple[ModuleView, ...] = module_views(modules)
    if not views:
        return ""
    view = PackageView(header(api, contract_path, subject), views)
    return templates.get_template("__init__.py.jinja").render(view=view)
