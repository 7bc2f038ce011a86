"""A query parameter that the contract does not have, and whose name is near one that it has.

    GET /tides?limt=5      →   `limt` is no query parameter; did you mean `limit`?

No contract forbids other query parameters, so such a request is accepted, with `limit` absent: the
caller is told in the log, and in the refusal where the parameter is required. A name that is near
none is never repeated: what callers put there may be secret.
"""

from __future__ import annotations

import difflib
from functools import cache
from itertools import islice
from typing import Any, Final

from bothends.runtime.operation import ApiKey, Operation
from bothends.runtime.parameters.style import StyleError, percent_decode

_MOST: Final = 20
_LONGEST: Final = 60
_CUTOFF: Final = 0.75


def near_query_name(operation: Operation[Any], raw_query: str) -> str:
    """Return a sentence about the first such name of a query, or nothing."""
    declared = _declared_names(operation)
    if not declared or not raw_query:
        return ""

    given: set[str] = set()
    for part in islice(raw_query.split("&"), _MOST):
        try:
            # Of `filter[name]=a` the parameter is `filter`.
            given.add(percent_decode(part.partition("=")[0], plus=True).partition("[")[0])
        except StyleError:
            continue

    absent = [name for name in declared if name not in given]
    for name in sorted(given.difference(declared)):
        if len(name) > _LONGEST:
            continue
        lower = {each.lower(): each for each in absent}
        near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=_CUTOFF)
        if near:
            return f"`{name}` is no query parameter; did you mean `{lower[near[0]]}`?"
    return ""


@cache
def _declared_names(operation: Operation[Any]) -> tuple[str, ...]:
    """The names of the query parameters, and of the API keys that the query takes."""
    names = [
        parameter.wire_name.partition("[")[0]
        for parameter in operation.parameters
        if parameter.location == "query"
    ]
    for alternative in operation.security:
        for scheme in map(operation.api.security.__getitem__, alternative):
            if isinstance(scheme, ApiKey) and scheme.location == "query":
                names.append(scheme.wire_name)
    return tuple(dict.fromkeys(names))
