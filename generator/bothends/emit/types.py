"""Types as annotations.

One type has several spellings, by the end that sees the value:

    bytes of an upload       the caller passes `BinarySource`, a model stores `bytes`
    a stream of `Tide`       the caller receives `Stream[Tide]` or `AsyncStream[Tide]`, the handler
                             replies with `Items[Tide]`
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bothends import ir
from bothends.emit.source import Code, literal

_SCALARS: Final = {
    ir.Kind.ANY: "Any",
    ir.Kind.BINARY: "bytes",
    ir.Kind.BOOLEAN: "bool",
    ir.Kind.DATE: "date",
    ir.Kind.DATE_TIME: "datetime",
    ir.Kind.FILE: "File",
    ir.Kind.INTEGER: "int",
    ir.Kind.NULL: "None",
    ir.Kind.NUMBER: "float",
    ir.Kind.STRING: "str",
    ir.Kind.UUID: "UUID",
}


class Side(Enum):
    """Whose value it is: bytes and streams are given in more ways than they are got in."""

    STORED = "what a record or a model holds"
    PASSED = "what a caller passes"
    RECEIVED = "what a caller gets"
    RECEIVED_ASYNC = "what an asynchronous caller gets"
    REPLIED = "what a handler gives"


# A caller and a handler may pass a path, a file or an iterator; what arrives is always bytes.
_BINARY: Final = {Side.PASSED: "BinarySource", Side.REPLIED: "BinarySource"}
_STREAMS: Final = {
    Side.RECEIVED: "Stream",
    Side.RECEIVED_ASYNC: "AsyncStream",
    Side.REPLIED: "Items",
}


MOST_ALTERNATIVES: Final = 100
"""A union of more members is written as `Union[…]`."""


def annotation(type_: ir.Type, side: Side = Side.STORED) -> Code:
    """A type as Python writes it: `list[Tide] | None`."""
    match type_:
        case ir.Scalar(kind=ir.Kind.BINARY):
            return Code(_BINARY.get(side, "bytes"))
        case ir.Stream(item=item):
            return Code(
                f"{_STREAMS[side]}[{annotation(item)}]" if side in _STREAMS else annotation(item)
            )
        case ir.Scalar(kind=kind):
            return Code(_SCALARS[kind])
        # Literal, not Enum: an unknown value that the vendor adds later is kept as it came.
        case ir.Constant(values=values):
            listed = ", ".join(literal(value) for value in values if value is not None)
            if not listed:
                return Code("None")
            return Code(f"Literal[{listed}]" + (" | None" if None in values else ""))
        case ir.Array(item=item):
            return Code(f"list[{annotation(item)}]")
        case ir.Map(value=value):
            return Code(f"dict[str, {annotation(value)}]")
        case ir.Union(members=members):
            texts = [annotation(member, side) for member in members]
            # Python and its tools nest `|`, and their stacks end at some hundreds.
            flat = f"Union[{', '.join(texts)}]"
            return Code(flat if len(texts) > MOST_ALTERNATIVES else " | ".join(texts))
        case ir.Named(name=name):
            return Code(name)


def optional(type_: ir.Type, side: Side = Side.STORED) -> Code:
    """The annotation of something that may be left out."""
    text = annotation(type_, side)
    return text if text in ("Any", "None") or text.endswith("| None") else Code(f"{text} | None")


@dataclass(frozen=True, slots=True)
class Imports:
    """Collect the names that annotations need, by the module they are imported from.

    The modules are `collections.abc`, `typing`, `datetime`, `uuid`, the runtime, and the package's
    own models.
    """

    iterators: tuple[ir.Identifier, ...]
    typing: tuple[ir.Identifier, ...]
    datetime: tuple[ir.Identifier, ...]
    uuid: tuple[ir.Identifier, ...]
    runtime: tuple[ir.Identifier, ...]
    models: tuple[ir.Identifier, ...]

    @property
    def modules(self) -> tuple[tuple[Code, tuple[ir.Identifier, ...]], ...]:
        """The names by module, without the package's own."""
        return (
            (Code("datetime"), self.datetime),
            (Code("typing"), self.typing),
            (Code("uuid"), self.uuid),
            (Code("bothends.runtime"), self.runtime),
        )


def imports(
    types: Iterable[ir.Type],
    *,
    iterators: Iterable[str] = (),
    typing: Iterable[str] = (),
    runtime: Iterable[str] = (),
) -> Imports:
    """Collect what the annotations of these types refer to.

    `iterators`, `typing` and `runtime` name more of those modules.
    """
    needed, models = set(typing), set[str]()
    for type_ in types:
        _collect(type_, needed, models)

    return Imports(
        iterators=_sorted({*iterators}),
        typing=_sorted(needed & {"Any", "Literal", "Protocol", "Unpack", "TYPE_CHECKING", "Union"}),
        datetime=_sorted(needed & {"date", "datetime"}),
        uuid=_sorted(needed & {"UUID"}),
        runtime=_sorted({*runtime} | (needed & {"File"})),
        models=_sorted(models),
    )


def runtime_names(type_: ir.Type, side: Side) -> set[str]:
    """What the annotation of a type needs of the runtime, on one side."""
    match type_:
        case ir.Scalar(kind=ir.Kind.BINARY):
            return {_BINARY[side]} if side in _BINARY else set()
        case ir.Stream():
            return {_STREAMS[side]} if side in _STREAMS else set()
        case ir.Union(members=members):
            return {name for member in members for name in runtime_names(member, side)}
        case _:
            return set()


def _sorted(names: set[str]) -> tuple[ir.Identifier, ...]:
    return tuple(ir.Identifier(name) for name in sorted(names))


def _collect(type_: ir.Type, needed: set[str], models: set[str]) -> None:
    match type_:
        case ir.Scalar(kind=kind):
            needed.add(_SCALARS[kind])
        case ir.Constant(values=values) if any(value is not None for value in values):
            needed.add("Literal")
        case ir.Array(item=inner) | ir.Map(value=inner) | ir.Stream(item=inner):
            _collect(inner, needed, models)
        case ir.Union(members=members):
            if len(members) > MOST_ALTERNATIVES:
                needed.add("Union")
            for member in members:
                _collect(member, needed, models)
        case ir.Named(name=name):
            models.add(name)
        case _:
            pass
