"""Where the errors and models of a package are, in the layout by tags."""

from __future__ import annotations

from bothends import ir

_WEBHOOKS = ir.Identifier("webhooks")


def error_modules(api: ir.Api) -> dict[str, list[str]]:
    """Return the names of documented errors by module, such as `errors.repos`."""
    found: dict[str, list[str]] = {}
    for module, operations in operations_by_error_module(api).items():
        replies = [reply for operation in operations for reply in operation.replies]
        found[f"errors.{module}"] = [str(reply.name) for reply in replies if not reply.is_success]
    return found


def model_modules(api: ir.Api) -> dict[str, list[str]]:
    """Return the names of classes and aliases by module, such as `models.repository`."""
    found: dict[str, list[str]] = {}
    for component in api.components:
        found.setdefault(f"models.{component.module}", []).append(str(component.name))
    return found


def operations_by_error_module(api: ir.Api) -> dict[str, tuple[ir.Operation, ...]]:
    """Return the operations that document errors, by the last part of their module."""
    found: dict[str, tuple[ir.Operation, ...]] = {}
    for operation in api.every_operation:
        if not all(reply.is_success for reply in operation.replies):
            module = operation.group or _WEBHOOKS
            found[module] = (*found.get(module, ()), operation)
    return found
