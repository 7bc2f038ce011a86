"""Explain errors of the engine that say nothing about the server, with a hint.

For example, of an operation whose links lead to operations of another shard the engine says
"Missing Open API links: All link definitions are excluded by filters". No request was wrong, so the
report lists it under "not tried".
"""

from __future__ import annotations

from typing import Any

_OF_THE_SERVER = frozenset(
    {"Network Error", "Unhealthy API", "Unresponsive Operation", "Server Unavailable"}
)
"""Titles of errors that the server under proof has caused."""
_HINTS = {
    "Missing Open API links": (
        "no sequences of requests, because no link of the contract leads from one of these operations to another"
    ),
    "Failed Health Check": (
        "its maker of values throws away nearly all that it draws; an example in the contract would help"
    ),
    "Schema Error": "it can make no values of the schema; an example in the contract would help",
    "Serialization not possible": "it cannot write bodies of this media type",
    "Invalid OpenAPI Links Definition": "no sequences of requests, because a link is not legal",
    "Invalid Link Definition": "no sequences of requests, because a link is not legal",
}
_LONGEST = 200
_ACCUSATION = "Ensure that the definition complies with the OpenAPI specification"
"""Said of whatever schemathesis cannot read, though the contract may be legal."""


def notice_of(info: Any) -> str | None:
    """The notice for an error of the engine; None where the server has caused it."""
    title = str(info.title)
    if title in _OF_THE_SERVER:
        return None

    hint = _HINTS.get(title, "it could not go on with this operation")
    message = " ".join(str(info.message).split()).replace(_ACCUSATION, "").strip()
    if len(message) > _LONGEST:
        message = f"{message[:_LONGEST]}…"
    return f"{hint} ({title}: {message})" if message else f"{hint} ({title})"
