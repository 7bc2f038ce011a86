"""Warnings about what the contract deprecates, with the line of the caller."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import Any, Final

from bothends.runtime.operation import MISSING, Operation

_RUNTIME: Final = __name__.removesuffix(".client.deprecation")
# Modules of the functions that decorators put around a method, on each Python.
_WRAPPERS: Final = ("typing_extensions", "warnings", "_py_warnings", "contextlib")


def warn_of_arguments(operation: Operation[Any], arguments: Mapping[str, Any]) -> None:
    """DeprecationWarning for each deprecated optional parameter that a caller passes."""
    for parameter in operation.parameters:
        if not parameter.deprecated or parameter.required:
            continue
        value = arguments.get(parameter.name)
        if value is not None and value is not MISSING:
            message = f"the contract deprecates `{parameter.name}` of {operation.name}"
            warnings.warn(message, DeprecationWarning, stacklevel=_callers_level(operation))


def _callers_level(operation: Operation[Any]) -> int:
    """The `stacklevel` of the first frame that is neither ours nor a generated method's."""
    current = inspect.currentframe()
    frame, level = current.f_back if current else None, 1
    while frame is not None and _is_ours(
        frame.f_globals.get("__name__", ""), operation.api.package
    ):
        frame, level = frame.f_back, level + 1
    return level


def _is_ours(module: str, package: str) -> bool:
    return (
        module in _WRAPPERS
        or f"{module}.".startswith(f"{package}.client.")
        or f"{module}.".startswith(f"{_RUNTIME}.")
    )
