"""The type of values that several schemas describe at once.

`allOf: [{$ref: Page}, {properties: {data: {items: {$ref: Tide}}}}]`, where `Page` says `data:
{type: array}`: the two describe `data` together, so it is `list[Any]` and `list[Tide] | Any` at
once: `list[Tide]`.

A type contains every value of its schema; so the intersection of two types contains every value
that both schemas allow. Where Python has no type for it (two classes without a common heir), it is
the first of the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bothends import ir
from bothends.openapi.type_algebra import ANY, is_open, join_types, open_type

# The kind that a kind of single values is a part of.
_WIDER: Final = {
    ir.Kind.INTEGER: ir.Kind.NUMBER,
    ir.Kind.DATE: ir.Kind.STRING,
    ir.Kind.DATE_TIME: ir.Kind.STRING,
    ir.Kind.UUID: ir.Kind.STRING,
    ir.Kind.BINARY: ir.Kind.STRING,
}


@dataclass(frozen=True)
class Intersection:
    """Intersects types.

    `shape_of` gives the type of an alias, None for a class; `is_heir` compares two classes.
    """

    shape_of: Callable[[ir.Named], ir.Type | None]
    is_heir: Callable[[ir.Named, ir.Named], bool]

    def of_all(self, types: list[ir.Type]) -> ir.Type:
        """Return the type of the values that are of all the types.

        If no value can be, it is the first type that is more than `Any`.
        """
        found: ir.Type = ANY
        for type_ in types:
            both = self.of_two(found, type_)
            if both is None:
                return min(types, key=lambda type_: type_ == ANY)
            found = both
        return found

    def of_two(self, first: ir.Type, second: ir.Type) -> ir.Type | None:
        """The type of the values of two types; None where no value is of both."""
        return self._two(first, second, frozenset())

    def _two(
        self, first: ir.Type, second: ir.Type, seen: frozenset[tuple[ir.Type, ir.Type]]
    ) -> ir.Type | None:
        # `Any` on either side says nothing, and most schemas of an allOf describe only a part.
        if second in (first, ANY):
            return first
        if first == ANY:
            return second
        if (first, second) in seen:  # of types that contain themselves
            return first
        seen |= {(first, second)}

        # Unions first: their members are classes, literals and scalars in turn.
        if isinstance(first, ir.Union):
            return self._union(first, second, seen)
        if isinstance(second, ir.Union):
            return self._union(second, first, seen)
        if isinstance(first, ir.Named):
            return self._named(first, second, seen)
        if isinstance(second, ir.Named):
            return self._named(second, first, seen)
        if isinstance(first, ir.Constant):
            return _constant(first, second)
        if isinstance(second, ir.Constant):
            return _constant(second, first)

        return self._same_kind(first, second, seen)

    def _union(
        self, union: ir.Union, another: ir.Type, seen: frozenset[tuple[ir.Type, ir.Type]]
    ) -> ir.Type | None:
        if isinstance(another, ir.Union) and set(union.members) <= set(another.members):
            return union
        # Of two classes nothing says which is both, but each value is of the member that stands
        # beside the union.
        if another in union.members:
            return another

        described = [self._two(m, another, seen) for m in union.members if m != ANY]
        found = tuple(type_ for type_ in described if type_ is not None)
        if not is_open(union):
            return join_types(found) if found else None
        if is_open(another):
            return open_type(*found, another)
        if union.is_loose:
            return another
        return join_types(found) if found else another

    def _named(
        self, named_type: ir.Named, another: ir.Type, seen: frozenset[tuple[ir.Type, ir.Type]]
    ) -> ir.Type | None:
        shape = self.shape_of(named_type)
        if shape is not None:
            found = self._two(shape, another, seen)
            return named_type if found == shape else found

        if isinstance(another, ir.Named):
            inner = self.shape_of(another)
            if inner is not None:
                return self._two(inner, named_type, seen)
            return another if self.is_heir(another, named_type) else named_type

        return named_type if isinstance(another, ir.Map) else None

    def _same_kind(
        self, first: ir.Type, second: ir.Type, seen: frozenset[tuple[ir.Type, ir.Type]]
    ) -> ir.Type | None:
        match first, second:
            case ir.Scalar(kind=kind), ir.Scalar(kind=another):
                return _scalar(kind, another)
            # Items that no value has may still be written: an empty list is of both types.
            case ir.Array(item=item), ir.Array(item=another):
                return ir.Array(self._two(item, another, seen) or item)
            case ir.Map(value=value), ir.Map(value=another):
                return ir.Map(self._two(value, another, seen) or value)
            case _:
                return None


def _scalar(first: ir.Kind, second: ir.Kind) -> ir.Type | None:
    if first is ir.Kind.FILE or second is ir.Kind.FILE:
        return ir.Scalar(ir.Kind.FILE)
    if _WIDER.get(first) is second:
        return ir.Scalar(first)
    if _WIDER.get(second) is first:
        return ir.Scalar(second)

    # Formats are annotations: a text that states two of them is any text.
    both = {_WIDER.get(first), _WIDER.get(second)}
    return ir.Scalar(ir.Kind.STRING) if both == {ir.Kind.STRING} else None


def _constant(constant: ir.Constant, another: ir.Type) -> ir.Type | None:
    """The listed values that are of the other type."""
    if isinstance(another, ir.Constant):
        listed = {(type(value), value) for value in another.values}
        values = tuple(value for value in constant.values if (type(value), value) in listed)
    else:
        kinds: set[ir.Kind] = (
            {_WIDER.get(another.kind, another.kind)} if isinstance(another, ir.Scalar) else set()
        )
        is_integer = isinstance(another, ir.Scalar) and another.kind is ir.Kind.INTEGER
        values = tuple(
            value
            for value in constant.values
            if _kind_of(value) in kinds or (is_integer and _kind_of(value) is ir.Kind.NUMBER)
        )

    return ir.Constant(values) if values else None


def _kind_of(value: Any) -> ir.Kind:
    if value is None:
        return ir.Kind.NULL
    if isinstance(value, bool):
        return ir.Kind.BOOLEAN
    return ir.Kind.STRING if isinstance(value, str) else ir.Kind.NUMBER
