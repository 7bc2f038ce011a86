"""The replies of one operation in both contracts: statuses, bodies, headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from bothends.diff.change import Change, Direction, Effect, Verdict
from bothends.diff.operation.matching import Match, match_statuses
from bothends.diff.operation.operation_pair import OperationPair
from bothends.openapi.header_names import IGNORED_RESPONSE_HEADERS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below

_Header: TypeAlias = tuple[str, dict[str, Any]]
"""A header by its name as it is written."""


def compare_replies(operation: OperationPair) -> Iterator[Change]:
    """Compare what each status says: by itself, by its range, or by `default`."""
    was, now = as_object(operation.old.get("responses")), as_object(operation.new.get("responses"))
    for match in match_statuses(was, now):
        if match.old is not None and match.new is not None:
            yield from _key_changed(operation, match, match.old, match.new)
            pointers = below("", "responses", match.old), below("", "responses", match.new)
            replies = as_object(was[match.old]), as_object(now[match.new])
            yield from _reply(operation, match.key, replies, pointers)
        elif match.old is not None:
            yield _status_gone(operation, match.old)
        elif match.new is not None:
            yield _status_added(operation, match.new)


def _key_changed(operation: OperationPair, match: Match, old: str, new: str) -> Iterator[Change]:
    """Tell that a status is described by another key than before."""
    pointers = below("", "responses", old), below("", "responses", new)
    if old.upper() == new.upper():
        return
    if match.key == old:
        message = f"status {old} is no longer documented by itself: {new} describes it"
        yield operation.change("reply-status-gone", message, pointers=pointers)
    else:
        message = f"status {new} is documented by itself: {old} described it"
        yield operation.change("reply-status-added", message, pointers=pointers)


def _status_gone(operation: OperationPair, status: str) -> Change:
    # Whoever answers a webhook may always fail.
    is_error = operation.pair.is_turned and _is_error(status)
    return operation.change(
        "reply-status-gone",
        f"status {status} is no longer documented",
        Direction.REPLY,
        Effect.NARROWS,
        (below("", "responses", status), "/responses"),
        witness=f"is answered with {status}",
        verdict=Verdict.NOTE if is_error else None,
    )


def _status_added(operation: OperationPair, status: str) -> Change:
    pointers = ("/responses", below("", "responses", status))
    message = f"status {status} is new"
    if _is_error(status):
        # A caller sees an error by its class, documented or not (RFC 9110 §15).
        return operation.change(
            "reply-error-added",
            f"{message}: an error that callers did not know",
            Direction.REPLY,
            Effect.WIDENS,
            pointers,
            verdict=Verdict.NOTE,
        )
    return operation.change(
        "reply-success-added",
        f"{message}: readers of the old contract do not know it",
        Direction.REPLY,
        Effect.WIDENS,
        pointers,
        witness=f"is answered with {status}",
    )


def _is_error(status: str) -> bool:
    return status == "default" or status.startswith(("4", "5"))


def _reply(
    operation: OperationPair,
    status: str,
    replies: tuple[dict[str, Any], dict[str, Any]],
    pointers: tuple[str, str],
) -> Iterator[Change]:
    contents = [as_object(reply.get("content")) for reply in replies]
    if contents[0] and not contents[1]:
        yield operation.change(
            "reply-body-gone",
            f"reply {status} has no body any more",
            Direction.REPLY,
            # Replies without a body are new, and those with one are gone.
            Effect.BOTH,
            pointers,
            witness=f"is answered with {status} and no body",
        )
    elif contents[1]:
        usage = operation.usage(f"reply {status}", Direction.REPLY)
        is_of_error = _is_error(status) and status != "default"
        yield from operation.contents(
            contents[0], contents[1], pointers, usage, is_of_error=is_of_error
        )

    yield from _headers(operation, status, replies, pointers)


def _headers(
    operation: OperationPair,
    status: str,
    replies: tuple[dict[str, Any], dict[str, Any]],
    pointers: tuple[str, str],
) -> Iterator[Change]:
    old, new = map(_headers_by_name, replies)
    for key, (name, header) in old.items():
        old_at = pointers[0] + below("", "headers", name)
        if key not in new:
            yield _header_gone(operation, status, (name, header), (old_at, pointers[1]))
            continue

        new_name, new_header = new[key]
        places = (old_at, pointers[1] + below("", "headers", new_name))
        part = f"reply {status}, header `{name}`"
        yield from _requiredness(operation, status, (name, header), new_header, places)
        if (header.get("deprecated") is True) != (new_header.get("deprecated") is True):
            word = "deprecated" if new_header.get("deprecated") is True else "no longer deprecated"
            yield operation.change("deprecated", f"{part} is {word}", pointers=places)
        yield from operation.written_otherwise(
            "reply-header-style",
            part,
            (header, new_header),
            Direction.REPLY,
            places,
            f"is answered with {status} and the header {name}",
        )
        usage = operation.usage(part, Direction.REPLY)
        yield from operation.described(header, new_header, places, usage)

    for key, (name, header) in new.items():
        if key not in old:
            # What readers do not know of, they do not read; who answers a webhook does not send it.
            is_asked_for = header.get("required") is True or not operation.pair.is_turned
            yield operation.change(
                "reply-header-added",
                f"reply {status}, header `{name}` is new",
                Direction.REPLY,
                Effect.NARROWS if is_asked_for else Effect.WIDENS,
                (pointers[0], pointers[1] + below("", "headers", name)),
                witness=f"is answered with {status} and no header {name}",
            )


def _header_gone(
    operation: OperationPair, status: str, header: _Header, places: tuple[str, str]
) -> Change:
    name, described = header
    part = f"reply {status}, header `{name}`"
    if described.get("required") is True:
        return operation.change(
            "reply-header-optional",
            f"{part} is no longer always there",
            Direction.REPLY,
            Effect.WIDENS,
            places,
            witness=f"is answered with {status} and no header {name}",
        )
    return operation.change(
        "reply-header-gone",
        f"{part} is no longer documented",
        Direction.REPLY,
        Effect.NARROWS,
        places,
        witness=f"is answered with {status} and the header {name}",
    )


def _requiredness(
    operation: OperationPair,
    status: str,
    header: _Header,
    new: dict[str, Any],
    places: tuple[str, str],
) -> Iterator[Change]:
    name, was = header
    before, after = was.get("required") is True, new.get("required") is True
    if before == after:
        return

    word = "always there now" if after else "no longer always there"
    yield operation.change(
        "reply-header-required" if after else "reply-header-optional",
        f"reply {status}, header `{name}` is {word}",
        Direction.REPLY,
        Effect.NARROWS if after else Effect.WIDENS,
        places,
        witness=f"is answered with {status} and no header {name}",
    )


def _headers_by_name(response: dict[str, Any]) -> dict[str, _Header]:
    headers = as_object(response.get("headers"))
    found = {name.lower(): (name, as_object(header)) for name, header in headers.items()}
    return {name: header for name, header in found.items() if name not in IGNORED_RESPONSE_HEADERS}
