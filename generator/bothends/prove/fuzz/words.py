"""Failed checks of schemathesis in our own words, short enough for a line of a report.

For example, "Schema-valid request rejected. Valid data should have been accepted. Expected: 200,
201, 202, …" with an answer of status 400 is "a valid request is refused with 400".
"""

from __future__ import annotations

from typing import Any

from bothends.runtime.operation import ApiKey, Operation

_LONGEST = 500


def words_of(failure: Any, operation: Operation[Any] | None) -> str:
    """What a failed check of an operation says, in one line."""
    kind, status = type(failure).__name__, getattr(failure, "status_code", 0)
    if kind == "ServerError":
        return f"status {status}"
    if kind == "UndefinedStatusCode":
        return f"status {status} is not documented"
    if kind == "RejectedPositiveData":
        return f"a valid request is refused with {status}"
    if kind == "MissingHeaderNotRejected":
        noun = "its credentials" if _is_credential(operation, failure.header_name) else "the header"
        return f"must be refused without {noun} {failure.header_name}, got {status}"
    if kind == "AcceptedNegativeData":
        _, _, component = str(failure.message).partition("\nInvalid component: ")
        return in_one_line(f"must be refused, got {status}: invalid {component or 'request'}")

    return in_one_line(str(failure))


def in_one_line(text: str) -> str:
    """A text without line breaks, cut where it is long."""
    lines = (line.strip() for line in text.splitlines())
    return " ".join(line for line in lines if line)[:_LONGEST]


def _is_credential(operation: Operation[Any] | None, header: str) -> bool:
    """Whether a header carries credentials of an operation."""
    if operation is None:
        return False

    schemes = [operation.api.security[name] for names in operation.security for name in names]
    keys = [item for item in schemes if isinstance(item, ApiKey) and item.location == "header"]
    names = {item.wire_name.lower() for item in keys}
    if len(keys) < len(schemes):
        names.add("authorization")
    return header.lower() in names
