"""All modules of a package in the layout by tags."""

from __future__ import annotations

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


def emit_tags(
    part: Part, models: str, contract_path: str, templates: Environment
) -> dict[str, str]:
    """Return the modules of the calls to the vendor, and those of all models and errors.

    Args:
        part: The calls to the vendor; `part.api` has the webhooks as well.
        models: The text of all models in one module.
        contract_path: The path of the contract that headers name.
        templates: The environment of the templates.
    """
    api = part.api
    sources = {
        "client/__init__.py": emit_client_package(part, contract_path, templates),
        "operations/__init__.py": emit_operations_package(part, contract_path, templates),
        "server/__init__.py": emit_server_package(part, contract_path, templates),
    }
    for group in api.groups:
        operations = tuple(o for o in api.operations if o.group == group.name)
        inside = replace(part, api=replace(api, operations=operations, webhooks=()))
        sources[f"client/{group.name}.py"] = emit_group(inside, group, contract_path, templates)
        sources[f"operations/{group.name}.py"] = emit_group_operations(
            inside, contract_path, templates
        )
        sources[f"server/{group.name}.py"] = emit_group_handler(
            inside, group, contract_path, templates
        )

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
