"""Which names the modules of a package define, read from their texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence


def defined_names(files: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the importable names by module; "" is the package itself.

    Args:
        files: The texts of a package by file name, as `emit` gives them.
    """
    names: dict[str, frozenset[str]] = {}
    for path, text in files.items():
        if path.endswith(".py"):
            module = path.removesuffix(".py").replace("/", ".")
            # A folder is the module of its `__init__.py`.
            module = "" if module == "__init__" else module.removesuffix(".__init__")
            names[module] = frozenset(_names(ast.parse(text).body))

    return names


def _names(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))
        elif isinstance(node, ast.If):
            # The names that `__init__.py` gives on first use stand below `if TYPE_CHECKING`.
            yield from _names(node.body)
