"""Security requirements that name an undeclared scheme, or that no request can meet.

    security: [{bearer: [], basic: []}]     # two values of the one header Authorization

is read as `[{bearer: []}, {basic: []}]` (OpenAPI 3.1 §4.8.30).
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from bothends.nearest import listed, nearest
from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below, split

# Written as a type, the others would be guesses: `OAuth` is mostly oauth2.
_MEANT_BY_TYPE: Final = ("basic", "bearer", "digest")
_HTTP_SCHEMES: Final = ("bearer", "basic", "digest", "dpop", "hoba", "mutual", "negotiate", "oauth")


def repair_security(contract: Contract) -> Iterator[Edit]:
    """Leave an undeclared scheme out of its alternative.

    The others of the alternative are still needed.
    """
    components = as_object(contract.document.data.get("components"))
    schemes = as_object(components.get("securitySchemes"))
    declared = list(schemes)

    for name, scheme in schemes.items():
        yield from _scheme(below("/components/securitySchemes", name), as_object(scheme))

    for node in contract.nodes("root", "operation"):
        yield from _contradictions(node, schemes)
        for index, alternative in enumerate(as_array(node.value.get("security"))):
            for name in as_object(alternative):
                pointer = below(node.pointer, "security", index, name)
                key = split(name)[-1] if name.startswith("#/components/securitySchemes/") else ""
                if name in declared:
                    continue
                if key in declared:
                    # OpenAPI 3.2 takes the URI of a scheme as well.
                    yield Edit("security-scheme", pointer, f"{name} is read as {key}.", new_key=key)
                else:
                    yield Edit(
                        "security-scheme",
                        pointer,
                        f'There is no security scheme "{name}"; requests are read as needing none'
                        " of that name.",
                        hint=_hint(name, declared),
                    )


def _scheme(pointer: str, scheme: dict[str, Any]) -> Iterator[Edit]:
    """`type: bearer` is the HTTP scheme of that name, and `scheme: baerer` is misspelt."""
    type_, http = scheme.get("type"), scheme.get("scheme")
    if isinstance(type_, str) and type_.lower() in _MEANT_BY_TYPE and http is None:
        message = f"{type_} is read as `type: http` with the scheme {type_.lower()}."
        value = {**scheme, "type": "http", "scheme": type_.lower()}
        yield Edit("security-scheme", pointer, message, value, source=below(pointer, "type"))
    elif isinstance(type_, str) and type_.lower() == "oauth" and "flows" in scheme:
        yield Edit(
            "security-scheme", below(pointer, "type"), f"{type_} is read as oauth2.", "oauth2"
        )
    elif isinstance(http, str) and http.lower() not in _HTTP_SCHEMES:
        near = difflib.get_close_matches(http.lower(), _HTTP_SCHEMES[:2], n=1, cutoff=0.75)
        if near:
            message = f"{http} is read as {near[0]}."
            yield Edit("security-scheme", below(pointer, "scheme"), message, near[0])


def _contradictions(node: Node, schemes: dict[str, Any]) -> Iterator[Edit]:
    """Alternatives that need two values in one place: who writes them means one or the other."""
    written = as_array(node.value.get("security"))
    if not all(as_object(alternative).keys() <= schemes.keys() for alternative in written):
        return

    read: list[Any] = []
    for alternative in map(as_object, written):
        places = {name: _place(as_object(schemes[name])) for name in alternative}
        counts = Counter(filter(None, places.values()))
        shared = [name for name in alternative if counts[places[name]] > 1]
        others = {name: alternative[name] for name in alternative if name not in shared}
        read += [{**others, name: alternative[name]} for name in shared] or [alternative]

    if len(read) > len(written):
        message = "No request has two values of one header or parameter: one of them is enough."
        hint = "Write each in an item of its own: `- basic: []`, then `- bearer: []`."
        yield Edit("security", below(node.pointer, "security"), message, read, hint=hint)


def _place(scheme: dict[str, Any]) -> str:
    """Where a request has the credentials of a scheme; empty if that is not in the request."""
    if scheme.get("type") in ("http", "oauth2", "openIdConnect"):
        return "header authorization"
    name = str(scheme.get("name"))
    location = scheme.get("in")
    if scheme.get("type") != "apiKey":
        return ""
    return f"{location} {name.lower() if location == 'header' else name}"


def _hint(name: str, declared: list[str]) -> str:
    if near := nearest(name, declared):
        return f"Did you mean {near}?"
    existing = f"; there are: {listed(declared)}" if declared else ""
    return f"Declare it in components.securitySchemes{existing}."
