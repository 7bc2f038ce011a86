"""The Python type of a schema, without its constraints.

A type allows at least every value that the schema allows: a narrower one would refuse what
the contract allows. The constraints are checked by the contract layer of the runtime.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bothends.ir.identifiers import UNNAMED, Identifier


class Kind(StrEnum):
    """The kinds of single values.

    JSON's own, the formats that have a Python type, bytes, files, and any JSON value.
    """

    ANY = "any"
    BINARY = "binary"
    BOOLEAN = "boolean"
    DATE = "date"
    DATE_TIME = "date-time"
    FILE = "file"
    INTEGER = "integer"
    NULL = "null"
    NUMBER = "number"
    STRING = "string"
    UUID = "uuid"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value of one kind."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Constant:
    """One of the listed strings, integers, booleans or null (`enum`, `const`)."""

    # No float: `Literal` takes none (PEP 586).
    values: tuple[str | int | bool | None, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """A JSON array; `item` describes every item."""

    item: Type


@dataclass(frozen=True, slots=True)
class Map:
    """A JSON object without declared properties; `value` describes every value."""

    value: Type


@dataclass(frozen=True, slots=True)
class Stream:
    """Values that arrive one after the other; `item` is the type of each. Only replies have it."""

    item: Type


@dataclass(frozen=True, slots=True)
class Union:
    """A value of any of the members' types, which are distinct and at least two.

    A union with `Any` lists the types that people expect. With `is_loose`, an object need not be
    one of the listed classes, nor a text one of the listed texts: `Tide | Any` of two alternatives,
    one of which describes nothing.
    """

    members: tuple[Type, ...]
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A component schema with a Python name: a `Model` or an `Alias`, at the pointer `target`."""

    target: str
    name: Identifier = UNNAMED


Type: TypeAlias = Scalar | Constant | Array | Map | Stream | Union | Named
