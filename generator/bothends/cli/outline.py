"""A tree of frozen dataclasses as an outline to read, or as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from typing_extensions import TypeIs


def outline(node: object, indent: str = "") -> Iterator[str]:
    """The node's class, then an indented line for each field that holds something."""
    # A node with one or two parts, none of them deep, such as a type, fits on a line.
    is_small = len(_parts(node)) <= 2 and not _is_deep(node)
    if not is_dataclass(node) or is_small:
        yield f"{indent}{_brief(node)}"
        return

    yield f"{indent}{type(node).__name__}"
    for name, value in _parts(node):
        if not _is_empty(value):
            yield from _field(name, value, f"{indent}  ")


def plain(value: object) -> object:
    """The tree as JSON data; `node` is the class."""
    if is_dataclass(value):
        return {"node": type(value).__name__} | {name: plain(part) for name, part in _parts(value)}
    return [plain(item) for item in value] if _is_tuple(value) else value


def _field(name: str, value: object, indent: str) -> Iterator[str]:
    if not _is_deep(value):
        yield f"{indent}{name}: {_brief(value)}"
        return
    yield f"{indent}{name}:"
    for item in value if _is_tuple(value) else (value,):
        yield from outline(item, f"{indent}  ")


def _is_deep(value: object) -> bool:
    """Whether it takes lines of its own: several nodes, or a node with nodes in it."""
    if _is_tuple(value):
        return any(is_dataclass(item) for item in value)
    return is_dataclass(value) and any(
        is_dataclass(part) or _is_deep(part) for _, part in _parts(value)
    )


def _brief(value: object) -> str:
    """The value on one line: `Scalar(kind=string)`."""
    if is_dataclass(value):
        arguments = ", ".join(
            f"{name}={_brief(part)}" for name, part in _parts(value) if not _is_empty(part)
        )
        return f"{type(value).__name__}({arguments})"

    if _is_tuple(value):
        return f"({', '.join(_brief(item) for item in value)})"
    if isinstance(value, Enum):
        return str(value.value)

    # As JSON, so that no text of a contract can break the line or steer the terminal.
    return json.dumps(value, default=str)


def _parts(node: object) -> list[tuple[str, object]]:
    return (
        [(each.name, getattr(node, each.name)) for each in fields(node)]
        if is_dataclass(node)
        else []
    )


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", ())


def _is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    return isinstance(value, tuple)
