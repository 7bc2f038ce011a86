"""The whole comparison: operations in pairs, servers, security schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, is_shared
from bothends.diff.operation_pair import Pair
from bothends.diff.operations import OperationComparison
from bothends.diff.schemas import SchemaComparison
from bothends.diff.security import SecurityComparison
from bothends.diff.servers import Servers, servers_in
from bothends.load import Document
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below
from bothends.openapi.walk import operations

_WHOLE = "contract"
_ORDER = [Verdict.BREAKING, Verdict.UNKNOWN, Verdict.COMPATIBLE, Verdict.NOTE]


def compare(old: Document, new: Document, *, open_world: bool = False) -> list[Change]:
    """Compare two normalised contracts.

    Args:
        old: The contract that is used now.
        new: The contract that shall take its place.
        open_world: Whether properties that an open object does not declare count as values. By
            default they do not: callers send what is documented.

    Returns:
        The changes, the breaking ones first. Changes of a shared schema are one, with all
        operations
        that it reaches.
    """
    security = SecurityComparison(old, new)
    servers = servers_in(old.data), servers_in(new.data)
    changes = [
        *_servers((old, new), servers, ("", "")),
        *security.schemes(),
        *_operations(old, new, security, open_world=open_world),
    ]
    return sorted(_merged(changes), key=lambda change: _ORDER.index(change.verdict))


def _operations(
    old: Document, new: Document, security: SecurityComparison, *, open_world: bool
) -> Iterator[Change]:
    old_operations, new_operations = _by_key(old), _by_key(new)
    schemas = SchemaComparison(old, new, open_world=open_world)
    sent_by_vendor = {
        *as_array(old.data.get("x-sent-by-vendor")),
        *as_array(new.data.get("x-sent-by-vendor")),
    }

    for key, (subject, pointer) in old_operations.items():
        path = subject.partition(" ")[2]
        if key in new_operations:
            pair = Pair(
                *new_operations[key][:1], pointer, new_operations[key][1], path in sent_by_vendor
            )
            yield from _own_servers(old, new, pair)
            yield from OperationComparison(schemas, pair).changes()
            yield from security.of_operation(pair)
        else:
            yield _operation_gone(old, subject, pointer, is_turned=path in sent_by_vendor)

    for key, (subject, pointer) in new_operations.items():
        if key not in old_operations:
            yield Change(
                "operation-added",
                (subject,),
                "the operation is new",
                Direction.REQUEST,
                Effect.WIDENS,
                Verdict.COMPATIBLE,
                None,
                new.location_of(pointer),
            )


def _operation_gone(old: Document, subject: str, pointer: str, *, is_turned: bool) -> Change:
    return Change(
        "operation-gone",
        (subject,),
        "the operation is gone",
        Direction.REPLY if is_turned else Direction.REQUEST,
        Effect.NARROWS,
        Verdict.BREAKING,
        old.location_of(pointer),
        None,
        Witness(subject),
    )


def _by_key(document: Document) -> dict[tuple[str, str], tuple[str, str]]:
    """Operations by method and by path without the names of its parameters: (subject, pointer)."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): (f"{method.upper()} {path}", pointer)
        for pointer, path, method, _ in operations(document.data)
    }


def _servers(
    documents: tuple[Document, Document],
    servers: tuple[Servers, Servers],
    pointers: tuple[str, str],
    subject: str = _WHOLE,
) -> Iterator[Change]:
    """The servers that are gone or new, of the contract or of one operation."""
    (old, new), (was, now) = documents, servers
    if was == now:
        return

    for url, index in was.gone(now):
        yield Change(
            "server-gone",
            (subject,),
            f"the server {url} is gone",
            Direction.REQUEST,
            Effect.NARROWS,
            Verdict.BREAKING,
            old.location_of(below(pointers[0], "servers", index)),
            None,
            Witness(f"any request to {url}" if subject == _WHOLE else f"{subject} at {url}"),
        )

    for url, index in now.gone(was):
        yield Change(
            "server-added",
            (subject,),
            f"the server {url} is new",
            Direction.REQUEST,
            Effect.WIDENS,
            Verdict.COMPATIBLE,
            None,
            new.location_of(below(pointers[1], "servers", index)),
        )


def _own_servers(old: Document, new: Document, pair: Pair) -> Iterator[Change]:
    """The servers of an operation that has its own, in one contract at least (§4.8.10)."""
    pointers, chosen = list[str](), list[Servers]()
    for document, pointer in ((old, pair.old), (new, pair.new)):
        operation = document.value_at(pointer)
        is_own = bool(operation.get("servers"))
        pointers.append(pointer if is_own else "")
        chosen.append(servers_in(operation if is_own else document.data))

    # Where a receiver of what the vendor sends is, no contract says.
    if any(pointers) and not pair.is_turned:
        places = pointers[0], pointers[1]
        yield from _servers((old, new), (chosen[0], chosen[1]), places, pair.subject)


def _merged(changes: Iterable[Change]) -> list[Change]:
    """The changes, those of one shared schema as one.

    A breaking one stands before an unknown one.
    """
    found: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key: tuple[object, ...] = (change.code, change.old, change.new, change.message)
        if is_shared(change):
            difference = change.message.rpartition(": ")[2]
            key = (change.direction, change.old, change.new, difference)

        existing = found.get(key)
        if existing is None:
            found[key] = change
            continue

        # Callers of one operation may be broken by it while another's only may be: the verdict is
        # the worse.
        worse = min(existing, change, key=lambda change: _ORDER.index(change.verdict))
        subjects = tuple(dict.fromkeys((*existing.subjects, *change.subjects)))
        found[key] = replace(worse, subjects=subjects)

    return list(found.values())
