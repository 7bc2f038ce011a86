"""Does a handler's method take what the server passes? Read from its syntax tree.

contract: /tides/{id}                        stand-in-arguments: StandIn.get_tide cannot take id,
stand_in: def get_tide(self, tide_id): ...     and needs tide_id; hint: rename tide_id to id
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

_CHANGE_NOTHING = {"keeps", "streamed", "override"}


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a method does not take of what is passed, and what it needs beside that."""

    untaken: tuple[str, ...]
    unpassed: tuple[str, ...]

    @override
    def __str__(self) -> str:
        parts: list[str] = []
        if self.untaken:
            parts.append(f"cannot take {', '.join(self.untaken)}")
        if self.unpassed:
            parts.append(f"needs {', '.join(self.unpassed)}, which is not passed")
        return " and ".join(parts)

    def hint(self, passed: Sequence[str]) -> str:
        """Say what to rename, else what is passed."""
        if len(self.untaken) == len(self.unpassed) == 1:
            return f"Rename {self.unpassed[0]} to {self.untaken[0]}."
        return f"It is called with {', '.join(passed) or 'no arguments'}."


def find_misfit(node: ast.stmt, passed: Sequence[str]) -> Misfit | None:
    """Compare a method's arguments with the names that the server passes, all by keyword.

    A method whose decorator could change its arguments, and what is no method, is not judged.
    """
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    if not {_name(decorator) for decorator in node.decorator_list} <= _CHANGE_NOTHING:
        return None

    found = node.args
    by_position = [*found.posonlyargs, *found.args]
    optional = {each.arg for each in by_position[len(by_position) - len(found.defaults) :]}
    for each, default in zip(found.kwonlyargs, found.kw_defaults, strict=True):
        if default is not None:
            optional.add(each.arg)

    # The first one is self; one before a slash cannot be passed by its name.
    own = [each.arg for each in by_position[1:]]
    nameless = {each.arg for each in found.posonlyargs}
    named = [name for name in own if name not in nameless]
    taken = {*named, *(each.arg for each in found.kwonlyargs)}

    untaken = [] if found.kwarg else [name for name in passed if name not in taken]
    needed = [*own, *(each.arg for each in found.kwonlyargs)]
    unpassed = [
        name for name in needed if name not in optional and (name in nameless or name not in passed)
    ]
    return Misfit((*untaken,), (*unpassed,)) if untaken or unpassed else None


def _name(decorator: ast.expr) -> str:
    """The last word of a decorator's name; empty for another expression."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
