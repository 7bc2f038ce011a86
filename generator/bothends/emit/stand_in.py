"""`stand_in.py`: the first text of a stand-in, which a person then owns and edits.

Each method of the handler interface is there with its types, and replies from the contract until
somebody writes the vendor's behaviour:

    def get_tide(self, tide_id: str) -> Answer[Tide]:
        return contract_reply(GET_TIDE, tide_id=tide_id)
"""

from __future__ import annotations

from dataclasses import dataclass

from bothends import ir
from bothends.emit import prose
from bothends.emit.methods import MethodView, handler_method
from bothends.emit.signature import offers_choice, runtime_of, types_of
from bothends.emit.source import environment
from bothends.emit.types import Imports, Side, imports


@dataclass(frozen=True, slots=True)
class StandInView:
    """What the template `stand_in.py.jinja` receives."""

    title: str
    package: ir.Identifier
    name: ir.Identifier
    imports: Imports
    runtime: tuple[ir.Identifier, ...]
    owner: ir.Identifier
    methods: tuple[MethodView, ...]


def emit_stand_in(api: ir.Api, package: str, *, is_standalone: bool = False) -> str:
    """Return the text of a stand-in for a package, not yet formatted.

    With `is_standalone`, the package has a runtime of its own, and the stand-in uses that.
    """
    types = [type_ for operation in api.operations for type_ in types_of(operation)]
    runtime = {"Answer"}
    for operation in api.operations:
        runtime |= runtime_of(operation, Side.STORED, Side.REPLIED)

    typing = {"Literal"} if any(map(offers_choice, api.operations)) else set[str]()
    needed = imports(types, typing=typing, runtime=runtime)
    view = StandInView(
        title=prose.one_paragraph(api.title) or str(api.name),
        package=ir.Identifier(package),
        name=api.name,
        imports=needed,
        runtime=tuple(sorted(set(needed.runtime))),
        owner=ir.Identifier(package if is_standalone else "bothends"),
        methods=tuple(map(handler_method, api.operations)),
    )
    return environment().get_template("stand_in.py.jinja").render(view=view)
