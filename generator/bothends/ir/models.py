"""Component schemas that get a name in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bothends.ir.identifiers import UNNAMED, Identifier
from bothends.ir.types import Kind, Scalar, Type


@dataclass(frozen=True, slots=True)
class Property:
    """A declared property of a `Model`. `rules` are its constraints in words."""

    name: Identifier
    wire_name: str
    pointer: str
    type: Type
    required: bool
    description: str
    rules: tuple[str, ...]
    # A default may be null itself, so None cannot say that there is none.
    has_default: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Model:
    """An object schema with declared properties.

    `others` is the type of all other properties; None if the schema allows no others. `variant_of`
    is set for a variant for requests: the pointer of the component for replies. `module` is where
    it lives in the layout by tags. `unnamed_heirs` are the pointers of the classes whose objects
    are of this type too, because a discriminator chooses among them and they are too many to name.
    """

    name: Identifier
    wire_name: str
    pointer: str
    properties: tuple[Property, ...]
    description: str
    rules: tuple[str, ...]
    others: Type | None = field(default=Scalar(Kind.ANY))
    variant_of: str = ""
    module: Identifier = UNNAMED
    unnamed_heirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A component that is no object and keeps its name: an enumeration, or a recursive schema.

    `variant_of` is as in `Model`.
    """

    name: Identifier
    wire_name: str
    pointer: str
    type: Type
    description: str
    variant_of: str = ""
    module: Identifier = UNNAMED
