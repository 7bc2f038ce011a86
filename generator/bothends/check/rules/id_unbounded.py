"""The text of an id should have bounds: a length, a pattern or a format.

Why: without any, the empty text is a valid id. A path with an empty segment is another path, so such
a thing could be listed and never be fetched. It holds for replies too.

Bad:

    id: {type: string}

Better:

    id: {type: string, minLength: 1}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object, types_of
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
# `id`, `tideId`, `tide_id`, `tide-id`, `tideID`; never `paid` or `grid`.
_ID = re.compile(r"(^|[_\-. ])(id|ID|Id)$|[a-z0-9](Id|ID)$")
_BOUNDS = frozenset(
    {"minLength", "pattern", "format", "enum", "const", "$ref", "allOf", "anyOf", "oneOf"}
)


def check(contract: Contract) -> Iterator[Problem]:
    """Ids, by the name of a property or parameter, that are texts without bounds."""
    for node in contract.nodes("schema"):
        for name, schema in as_object(node.value.get("properties")).items():
            if _is_unbounded_id(name, schema):
                yield _problem(below(node.pointer, "properties", name), name)

    for node in contract.nodes("parameter"):
        # A segment of a path is never empty: without one it is another path.
        is_in_path = node.value.get("in") == "path"
        if not is_in_path and _is_unbounded_id(node.value.get("name"), node.value.get("schema")):
            yield _problem(below(node.pointer, "schema"), str(node.value["name"]))


def _is_unbounded_id(name: object, schema: object) -> bool:
    value = as_object(schema)
    is_id = isinstance(name, str) and _ID.search(name) is not None
    return is_id and "string" in types_of(value) and not _BOUNDS & set(value)


def _problem(pointer: str, name: str) -> Problem:
    hint = "Add minLength: 1, or the pattern or format that ids have."
    return Problem(pointer, f"The empty text is a valid {name}.", hint, key=True)
