"""The whole comparison: operations in pairs, servers, security schemes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, is_shared
from bothends.diff.operation.comparison import OperationComparison
from bothends.diff.operation.operation_pair import Pair
from bothends.diff.operation.pairing import Found, pair_operations
from bothends.diff.operation.taken_paths import compare_taken_paths
from bothends.diff.schema.comparison import SchemaComparison
from bothends.diff.security import SecurityComparison
from bothends.diff.servers import Servers, servers_in
from bothends.load import Document
from bothends.openapi.pointer import below

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
        operations that it reaches.
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
    schemas = SchemaComparison(old, new, open_world=open_world)
    pairs = pair_operations(old, new)
    yield from compare_taken_paths(old, new, pairs)
    for before, after in pairs:
        if before is not None and after is not None:
            is_turned = before.is_sent_by_vendor or after.is_sent_by_vendor
            pair = Pair(after.subject, before.pointer, after.pointer, is_turned)
            yield from _own_servers(old, new, pair)
            yield from _receiver(old, new, before, after)
            yield from OperationComparison(schemas, pair).changes()
            yield from security.of_operation(pair)
        elif before is not None:
            yield _operation_gone(old, before)
        elif after is not None:
            yield Change(
                "operation-added",
                (after.subject,),
                "the operation is new",
                Direction.REQUEST,
                Effect.WIDENS,
                Verdict.COMPATIBLE,
                None,
                new.location_of(after.pointer),
            )


def _operation_gone(old: Document, found: Found) -> Change:
    operation = old.value_at(found.pointer)
    message = "the operation is gone"
    if operation.get("deprecated") is True:
        message += ", which was deprecated"
    if operation.get("x-sunset"):
        message += f" until {operation['x-sunset']}"
    return Change(
        "operation-gone",
        (found.subject,),
        message,
        Direction.REPLY if found.is_sent_by_vendor else Direction.REQUEST,
        Effect.NARROWS,
        Verdict.BREAKING,
        old.location_of(found.pointer),
        None,
        Witness(found.subject),
    )


def _receiver(old: Document, new: Document, before: Found, after: Found) -> Iterator[Change]:
    """A callback that is sent to another place."""
    if before.expression != after.expression:
        yield Change(
            "callback-moved",
            (after.subject,),
            f"it is sent to {after.expression}, and was to {before.expression}",
            Direction.REPLY,
            Effect.BOTH,
            Verdict.BREAKING,
            old.location_of(before.pointer),
            new.location_of(after.pointer),
            Witness(f"{after.subject} at {before.expression}"),
        )


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

    default, new_default = was.default(), now.default()
    if default != new_default and now.has(default):
        yield Change(
            "server-default-changed",
            (subject,),
            f"requests are sent to {new_default} by default, and were to {default}",
            Direction.NEITHER,
            Effect.NONE,
            Verdict.NOTE,
            old.location_of(below(pointers[0], "servers", 0)),
            new.location_of(below(pointers[1], "servers", 0)),
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
