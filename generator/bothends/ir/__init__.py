"""The intermediate representation: OpenAPI's own nouns as frozen dataclasses, without behaviour.

`interpret` makes it with wire names only, `name` gives every node its Python name, `emit` reads it.
Each node of a place in the contract has `pointer`, its JSON pointer in the normalised contract.

Example: `GET /tides` with one query parameter is, as `bothends ir` prints it,

    Operation(wire_name="listTides", method="GET", path="/tides",
              parameters=(Parameter(wire_name="since", location="query", …),), body=NoBody(), …)
"""

from bothends.ir.api import (
    Api,
    Body,
    Content,
    Group,
    Header,
    Loss,
    MediaKind,
    NoBody,
    NoPages,
    Operation,
    Pages,
    Parameter,
    Refusal,
    Reply,
    SecurityScheme,
    Server,
    Variable,
)
from bothends.ir.identifiers import UNNAMED, ClassName, Identifier
from bothends.ir.models import Alias, Model, Property
from bothends.ir.types import Array, Constant, Kind, Map, Named, Scalar, Stream, Type, Union

__all__ = [
    "UNNAMED",
    "Alias",
    "Api",
    "Array",
    "Body",
    "ClassName",
    "Constant",
    "Content",
    "Group",
    "Header",
    "Identifier",
    "Kind",
    "Loss",
    "Map",
    "MediaKind",
    "Model",
    "Named",
    "NoBody",
    "NoPages",
    "Operation",
    "Pages",
    "Parameter",
    "Property",
    "Refusal",
    "Reply",
    "Scalar",
    "SecurityScheme",
    "Server",
    "Stream",
    "Type",
    "Union",
    "Variable",
]
