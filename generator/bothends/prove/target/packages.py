"""Generated packages and stand-ins, loaded from their files."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bothends.package_import import import_package
from bothends.runtime import Api, Operation
from bothends.small_file import read_small


@dataclass(frozen=True, slots=True)
class Package:
    """A generated package: its API and operations."""

    api: Api
    operations: tuple[Operation[Any], ...]

    @property
    def name(self) -> str:
        """The package's name."""
        return self.api.name


def load_package(folder: Path) -> Package:
    """The package in a folder. Raises `PackageNotImported` when it cannot be imported."""
    module = import_package(folder)
    return Package(module.API, tuple(module.OPERATIONS))


def load_webhooks(folder: Path) -> Package | None:
    """The other part of the package in a folder, what its vendor sends.

    None when it has no such part.
    """
    if not (folder / "webhook_operations.py").is_file():
        return None

    module = import_package(folder, "webhook_operations")
    return Package(module.API, tuple(module.OPERATIONS))


def constants(file: Path) -> tuple[Any, ...]:
    """The numbers and texts that stand in a Python file, in its order."""
    tree = ast.parse(read_small(file))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found: dict[Any, None] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        # In Python a boolean is a number.
        if isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
            found[node.value] = None

    return tuple(found)[:200]
