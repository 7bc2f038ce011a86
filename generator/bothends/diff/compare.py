"""The whole comparison: operations in pairs, servers, security schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, is_shared
from bothends.diff.operations import OperationComparison, Pair
from bothends.diff.schemas import SchemaComparison
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object
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
    changes = [
        *_servers(old, new),
        *_security_schemes(old, new),
        *_operations(old, new, open_world=open_world),
    ]
    return sorted(_merged(changes), key=lambda change: _ORDER.index(change.verdict))


def _operations(old: Document, new: Document, *, open_world: bool) -> Iterator[Change]:
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
            yield from OperationComparison(schemas, pair).changes()
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


def _servers(old: Document, new: Document) -> Iterator[Change]:
    was, now = _server_urls(old.data), _server_urls(new.data)
    for url, index in was.items():
        if url not in now:
            yield Change(
                "server-gone",
                (_WHOLE,),
                f"the server {url} is gone",
                Direction.REQUEST,
                Effect.NARROWS,
                Verdict.BREAKING,
                old.location_of(below("/servers", index)),
                None,
                Witness(f"any request to {url}"),
            )

    for url, index in now.items():
        if url not in was:
            yield Change(
                "server-added",
                (_WHOLE,),
                f"the server {url} is new",
                Direction.REQUEST,
                Effect.WIDENS,
                Verdict.COMPATIBLE,
                None,
                new.location_of(below("/servers", index)),
            )


def _server_urls(data: dict[str, Any]) -> dict[str, int]:
    # OpenAPI 3.1 §4.8.1: without servers, one at `/`.
    servers = as_array(data.get("servers")) or [{"url": "/"}]
    return {str(as_object(server).get("url")): index for index, server in enumerate(servers)}


def _security_schemes(old: Document, new: Document) -> Iterator[Change]:
    """Schemes that kept their name and are presented otherwise.

    A scheme that is gone shows where it is used.
    """
    was, now = _schemes(old.data), _schemes(new.data)
    for name, scheme in was.items():
        pointer = below("/components/securitySchemes", name)
        if name not in now:
            continue
        if _presented(scheme) == _presented(now[name]):
            if any(scheme.get(key) != now[name].get(key) for key in ("flows", "openIdConnectUrl")):
                yield Change(
                    "security-flows-changed",
                    (_WHOLE,),
                    f"tokens of {name} are got otherwise, or have other scopes",
                    Direction.NEITHER,
                    Effect.NONE,
                    Verdict.NOTE,
                    old.location_of(pointer),
                    new.location_of(pointer),
                )
            continue

        before, after = _presented(scheme), _presented(now[name])
        yield Change(
            "security-scheme-changed",
            (_WHOLE,),
            f"credentials of {name} are presented otherwise: {before} became {after}",
            Direction.REQUEST,
            Effect.BOTH,
            Verdict.BREAKING,
            old.location_of(pointer),
            new.location_of(pointer),
            Witness(f"any request with {name} as {before}"),
        )


def _schemes(data: dict[str, Any]) -> dict[str, Any]:
    return as_object(as_object(data.get("components")).get("securitySchemes"))


def _presented(scheme: dict[str, Any]) -> str:
    """How credentials of a scheme travel (OpenAPI 3.1 §4.8.27)."""
    match scheme.get("type"):
        case "apiKey":
            return f"{scheme.get('in')} {scheme.get('name')}"
        case "http":
            return f"HTTP {str(scheme.get('scheme')).lower()}"
        case other:
            # OAuth and OpenID Connect differ in how a token is got, not in how it travels.
            return "HTTP bearer" if other in ("oauth2", "openIdConnect") else str(other)


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
        else:
            key = (*key, change.subjects)

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
