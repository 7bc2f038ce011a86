"""Add what datamodel-code-generator cannot write: nullable fields, typed extras.

For a model `Tides` whose further properties are of type `Tide`:

    at: date | None = None          becomes          at: Nullable[date] = None
    class Tides(Model):             becomes          class Tides(Model):
                                                         __extras__: ClassVar[dict[str, Tide]]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bothends import ir
from bothends.emit.types import annotation, imports
from bothends.openapi.type_algebra import ANY


class _Edit(NamedTuple):
    """A replacement in the source: from one offset in bytes to another."""

    start: int
    end: int
    text: str


def write_nulls_and_extras(source: str, api: ir.Api) -> str:
    """Mark the optional fields of each class that may be null, and type its extra properties."""
    models = {str(model.name): model for model in api.models}
    aliases = {alias.pointer: alias.type for alias in api.aliases}
    data = source.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    edits: list[_Edit] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name in models:
            edits += _nulls(node, models[node.name], aliases, starts, data)
            edits += _extras(node, models[node.name], starts)

    return "\n".join([*_imports(api, edits), _edited(data, edits)])


def _edited(data: bytes, edits: list[_Edit]) -> str:
    pieces: list[bytes] = []
    end = 0
    for edit in sorted(edits):
        pieces += data[end : edit.start], edit.text.encode()
        end = edit.end

    return b"".join([*pieces, data[end:]]).decode()


def _nulls(
    node: ast.ClassDef,
    model: ir.Model,
    aliases: Mapping[str, ir.Type],
    starts: list[int],
    data: bytes,
) -> Iterator[_Edit]:
    optional = [field for field in model.properties if not field.required]
    nullable = {str(field.name) for field in optional if allows_null(field.type, aliases)}
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=type_) if name in nullable:
                match type_:
                    case ast.Subscript(
                        value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inner, *_])
                    ):
                        type_ = inner
                    case _:
                        pass

                member = type_.left if isinstance(type_, ast.BinOp) else type_
                start, end = _span(type_, starts)
                first, last = _span(member, starts)
                yield _Edit(start, end, f"Nullable[{data[first:last].decode()}]")
            case _:
                pass


def _extras(node: ast.ClassDef, model: ir.Model, starts: list[int]) -> Iterator[_Edit]:
    if model.others == ANY:
        return
    others = "Never" if model.others is None else annotation(model.others)
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    line = first.end_lineno if is_docstring and first.end_lineno else first.lineno - 1
    offset = starts[line]
    yield _Edit(offset, offset, f"    __extras__: ClassVar[dict[str, {others}]]\n")


def _span(node: ast.expr, starts: list[int]) -> tuple[int, int]:
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0),
    )


def allows_null(type_: ir.Type, aliases: Mapping[str, ir.Type], depth: int = 0) -> bool:
    """Whether None is a value of a type by name; anything is not asked, since it needs no mark."""
    match type_:
        case ir.Scalar(kind=kind):
            return kind is ir.Kind.NULL
        case ir.Constant(values=values):
            return None in values
        case ir.Union(members=members):
            is_null = [allows_null(member, aliases, depth) for member in members]
            return ANY not in members and any(is_null)
        case ir.Named(target=target) if target in aliases and depth < len(aliases):
            return allows_null(aliases[target], aliases, depth + 1)
        case _:
            return False


def _imports(api: ir.Api, edits: list[_Edit]) -> list[str]:
    """The formatter sorts these in and drops what is there twice."""
    text = "".join(edit.text for edit in edits)
    needed = imports([model.others for model in api.models if model.others not in (None, ANY)])
    typing = [*needed.typing, *(name for name in ("ClassVar", "Never") if name in text)]
    runtime = [*map(str, needed.runtime)]
    if "Nullable[" in text:
        runtime.append("Nullable")

    lines: list[str] = []
    by_module = {"datetime": needed.datetime, "typing": typing, "uuid": needed.uuid}
    for module, names in {**by_module, "bothends.runtime": runtime}.items():
        if names:
            lines.append(f"from {module} import {', '.join(names)}")
    return lines
