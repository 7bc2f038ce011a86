"""A package that stands alone: its runtime is a folder of its own instead of `bothends.runtime`.

    client.py          from bothends.runtime import Client          from .runtime import Client
    models/tide.py     from bothends.runtime import Model           from ..runtime import Model
    runtime/media/json.py
                       from bothends.runtime.json.text import …     from ..json.text import …

The runtime is copied whole: client, server and stand-in use every room of it. Nothing else in it is
changed, so that it behaves as the one that bothends proves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import distribution
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from typing import Final

from bothends import __version__

RUNTIME: Final = "runtime"
"""The folder of the copy, in the package."""

_ORIGIN: Final = "bothends.runtime"
_LICENSE: Final = "LICENSE"
_HEAD: Final = """\
# From the runtime of bothends, with relative imports; do not edit.
# SPDX-License-Identifier: Apache-2.0
"""


def use_own_runtime(files: Mapping[str, str], package: str) -> dict[str, str]:
    """Let generated files import the runtime from their own package.

    Args:
        files: The texts of the package by path.
        package: The name that the package is imported by, for texts that name the runtime.
    """
    # Backquotes stand in texts only, and this name in those that bothends writes itself.
    return {
        path: _relative(text, path).replace(f"`{_ORIGIN}.", f"`{package}.{RUNTIME}.")
        if path.endswith(".py")
        else text
        for path, text in files.items()
    }


@cache
def runtime_copy() -> Mapping[str, str]:
    """The files of the runtime for such a package, by path, with the license they are under."""
    copies = {
        path: _HEAD + _relative(text, path)
        for path, text in _sources(resources(_ORIGIN), f"{RUNTIME}/")
    }
    head = f"# Version {__version__}.\n"
    copies[f"{RUNTIME}/__init__.py"] = head + copies[f"{RUNTIME}/__init__.py"]
    return {**copies, f"{RUNTIME}/{_LICENSE}": _license()}


def runtime_requirements() -> tuple[list[str], dict[str, list[str]]]:
    """What the runtime needs from others: always, and by the name of an extra."""
    always: list[str] = []
    extras: dict[str, list[str]] = {}
    for requirement in distribution("bothends").requires or []:
        needed, _, marker = requirement.partition(";")
        if not marker:
            always.append(needed.strip())
        elif marker.split() == ["extra", "==", "'redis'"]:
            extras["redis"] = [needed.strip()]

    return always, extras


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _sources(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield f"{path}{entry.name}", entry.read_text(encoding="utf-8")


def _relative(source: str, path: str) -> str:
    """Write each import of the runtime as one from the package that `path` lies in."""
    if _ORIGIN not in source:
        return source

    lines = source.splitlines(keepends=True)
    folder = path.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom) or node.level or node.module is None:
            continue
        if node.module != _ORIGIN and not node.module.startswith(f"{_ORIGIN}."):
            continue

        target = [RUNTIME, *node.module.split(".")[2:]]
        line = lines[node.lineno - 1]
        start = line.index(node.module, node.col_offset)
        end = start + len(node.module)
        lines[node.lineno - 1] = f"{line[:start]}{_module(folder, target)}{line[end:]}"

    return "".join(lines)


def _module(folder: list[str], target: list[str]) -> str:
    """The relative name of a module, from a file in `folder`; both count from the package."""
    shared = 0
    while shared < min(len(folder), len(target)) and folder[shared] == target[shared]:
        shared += 1
    return "." * (len(folder) - shared + 1) + ".".join(target[shared:])


def _license() -> str:
    for name in (f"licenses/{_LICENSE}", _LICENSE):
        if text := distribution("bothends").read_text(name):
            return text
    # Nothing is copied without it (Apache-2.0, section 4a).
    raise RuntimeError("the license of bothends is not installed with it")
