"""One operation in both contracts: its parameters, body, replies, security, and deprecation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness
from bothends.diff.parameters import (
    is_one_of_list,
    is_written_alike,
    parameters_by_key,
    style_of,
)
from bothends.diff.schemas import SchemaComparison, Usage
from bothends.diff.wire_text import Text, text_of_body
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below


@dataclass(frozen=True, slots=True)
class Pair:
    """An operation of both contracts.

    Args:
        subject: `GET /tides`, as the new contract writes it.
        old: Its pointer in the old contract.
        new: Its pointer in the new contract.
        is_turned: Whether the vendor sends it: a webhook or a callback.
    """

    subject: str
    old: str
    new: str
    is_turned: bool = False

    def direction(self, direction: Direction) -> Direction:
        """The direction from the point of view of the user of the API."""
        return direction.turned() if self.is_turned else direction


class OperationComparison:
    """Compares one operation. The documents are those of the comparison of schemas."""

    def __init__(self, schemas: SchemaComparison, pair: Pair) -> None:
        self._schemas = schemas
        self._pair = pair
        self._old: dict[str, Any] = schemas.old.value_at(pair.old)
        self._new: dict[str, Any] = schemas.new.value_at(pair.new)

    def changes(self) -> Iterator[Change]:
        """All changes, parameters first."""
        yield from self._parameters()
        yield from self._body()
        yield from self._replies()
        yield from self._security()

        before, after = (each.get("deprecated") is True for each in (self._old, self._new))
        if before != after:
            word = "deprecated" if after else "no longer deprecated"
            yield self._change("deprecated", f"the operation is {word}", Verdict.NOTE)

        ends = [each.get("x-sunset") for each in (self._old, self._new)]
        if ends[0] != ends[1]:
            message = (
                f"the operation ends at {ends[1]}"
                if ends[1]
                else "the operation has no end any more"
            )
            yield self._change("sunset-changed", message, Verdict.NOTE)

    def _change(
        self,
        code: str,
        message: str,
        verdict: Verdict,
        direction: Direction = Direction.NEITHER,
        effect: Effect = Effect.NONE,
        pointers: tuple[str | None, str | None] = ("", ""),
        witness: str = "",
    ) -> Change:
        """A change of this operation.

        `pointers` are the places below it, None where there is none.
        """
        old, new = pointers
        return Change(
            code,
            (self._pair.subject,),
            message,
            self._pair.direction(direction),
            effect,
            verdict,
            None if old is None else self._schemas.old.location_of(self._pair.old + old),
            None if new is None else self._schemas.new.location_of(self._pair.new + new),
            Witness(f"{self._pair.subject} {witness}") if witness else None,
        )

    def _usage(self, part: str, direction: Direction) -> Usage:
        return Usage(self._pair.subject, part, self._pair.direction(direction))

    # Parameters

    def _parameters(self) -> Iterator[Change]:
        old = parameters_by_key(self._old, self._pair.old)
        new = parameters_by_key(self._new, self._pair.new)

        for key, (pointer, parameter) in old.items():
            if key not in new:
                yield self._parameter_gone(pointer, parameter)
        for key, (pointer, parameter) in new.items():
            if key not in old:
                yield self._parameter_added(pointer, parameter)
            else:
                yield from self._parameter(old[key], (pointer, parameter))

    def _parameter_gone(self, pointer: str, parameter: dict[str, Any]) -> Change:
        name = f"{parameter['in']} parameter `{parameter['name']}`"
        return self._change(
            "request-parameter-gone",
            f"{name} is gone: what callers say by it is no longer understood",
            Verdict.BREAKING,
            Direction.REQUEST,
            Effect.NARROWS,
            (pointer, None),
            f"with the {name}",
        )

    def _parameter_added(self, pointer: str, parameter: dict[str, Any]) -> Change:
        name = f"{parameter['in']} parameter `{parameter['name']}`"
        if parameter.get("required") is not True:
            return self._change(
                "request-parameter-added",
                f"{name} is new and optional",
                Verdict.COMPATIBLE,
                Direction.REQUEST,
                Effect.WIDENS,
                (None, pointer),
            )
        return self._change(
            "request-parameter-required",
            f"{name} is new and required",
            Verdict.BREAKING,
            Direction.REQUEST,
            Effect.NARROWS,
            (None, pointer),
            f"without the {name}",
        )

    def _parameter(
        self, old: tuple[str, dict[str, Any]], new: tuple[str, dict[str, Any]]
    ) -> Iterator[Change]:
        old_pointer, was = old
        new_pointer, now = new
        name = f"{now['in']} parameter `{now['name']}`"
        pointers = (old_pointer, new_pointer)
        yield from self._requiredness(name, was, now, pointers)

        if is_one_of_list(was, now):
            # `limit=5` is a list of one as well (RFC 6570 §3.2.8).
            pointers = (pointers[0] + "/schema", pointers[1] + "/schema/items")
            usage = replace(self._usage(name, Direction.REQUEST), text=Text.ALL)
            yield from self._compare(pointers, usage)
            return

        if not is_written_alike(was, now, self._schemas.are_scalars):
            message = f"{name} is written otherwise: {style_of(was)} became {style_of(now)}"
            yield self._change(
                "request-parameter-style",
                message,
                Verdict.BREAKING,
                Direction.REQUEST,
                Effect.BOTH,
                pointers,
                f"with the {name} as {style_of(was)}",
            )

        if (was.get("deprecated") is True) != (now.get("deprecated") is True):
            word = "deprecated" if now.get("deprecated") is True else "no longer deprecated"
            yield self._change("deprecated", f"{name} is {word}", Verdict.NOTE, pointers=pointers)

        usage = self._usage(name, Direction.REQUEST)
        yield from self._described(was, now, pointers, usage)

    def _requiredness(
        self, name: str, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str]
    ) -> Iterator[Change]:
        is_path = now.get("in") == "path"
        before, after = was.get("required") is True, now.get("required") is True
        # A path parameter is always required (OpenAPI 3.1 §4.8.12.2).
        if before == after or is_path:
            return

        if after:
            yield self._change(
                "request-required",
                f"{name} became required",
                Verdict.BREAKING,
                Direction.REQUEST,
                Effect.NARROWS,
                pointers,
                f"without the {name}",
            )
        else:
            yield self._change(
                "request-optional",
                f"{name} became optional",
                Verdict.COMPATIBLE,
                Direction.REQUEST,
                Effect.WIDENS,
                pointers,
            )

    def _described(
        self, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str], usage: Usage
    ) -> Iterator[Change]:
        """Compare the schema, or the one media type, of a parameter or header (§4.8.12)."""
        if "schema" in was and "schema" in now:
            usage = replace(usage, text=Text.ALL)
            yield from self._compare((pointers[0] + "/schema", pointers[1] + "/schema"), usage)
        elif "content" in was and "content" in now:
            yield from self._contents(was["content"], now["content"], pointers, usage)

    def _compare(self, pointers: tuple[str, str], usage: Usage) -> Iterator[Change]:
        yield from self._schemas.compare(
            self._pair.old + pointers[0], self._pair.new + pointers[1], usage
        )

    # Bodies

    def _body(self) -> Iterator[Change]:
        was, now = self._old.get("requestBody"), self._new.get("requestBody")
        pointers = ("/requestBody", "/requestBody")
        if was and now:
            yield from self._requiredness("the body", was, now, pointers)
            usage = self._usage("body", Direction.REQUEST)
            yield from self._contents(
                as_object(was.get("content")), as_object(now.get("content")), pointers, usage
            )
        elif was:
            yield self._change(
                "request-body-gone",
                "the request has no body any more",
                Verdict.BREAKING,
                Direction.REQUEST,
                Effect.NARROWS,
                ("/requestBody", None),
                "with a body",
            )
        elif now and now.get("required") is True:
            yield from self._requiredness("the body", {}, now, ("", "/requestBody"))
        elif now:
            yield self._change(
                "request-body-added",
                "the request may have a body",
                Verdict.COMPATIBLE,
                Direction.REQUEST,
                Effect.WIDENS,
                ("", "/requestBody"),
            )

    def _contents(
        self, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str], usage: Usage
    ) -> Iterator[Change]:
        """The media types of a body, and the schema of each."""
        is_request = usage.direction is Direction.REQUEST
        for media_type, described in was.items():
            if media_type in now:
                step = below("", "content", media_type, "schema")
                part = usage.part if len(was) == 1 else f"{usage.part} ({media_type})"
                inner = replace(usage, part=part, text=text_of_body(media_type, described))
                yield from self._compare((pointers[0] + step, pointers[1] + step), inner)
                continue

            yield self._change(
                f"{usage.direction}-media-type-gone",
                f"{usage.part}: media type {media_type} is gone",
                Verdict.BREAKING,
                usage.direction if not self._pair.is_turned else usage.direction.turned(),
                Effect.NARROWS,
                (pointers[0] + below("", "content", media_type), pointers[1]),
                f"with {'Content-Type' if is_request else 'Accept'}: {media_type}",
            )

        for media_type in now:
            if media_type not in was:
                yield self._change(
                    f"{usage.direction}-media-type-added",
                    f"{usage.part}: media type {media_type} is new",
                    Verdict.COMPATIBLE if was else Verdict.UNKNOWN,
                    usage.direction if not self._pair.is_turned else usage.direction.turned(),
                    Effect.WIDENS,
                    (pointers[0], pointers[1] + below("", "content", media_type)),
                )

    # Replies

    def _replies(self) -> Iterator[Change]:
        was, now = as_object(self._old.get("responses")), as_object(self._new.get("responses"))
        for status, response in was.items():
            pointer = below("", "responses", status)
            pointers = (pointer, pointer)
            if status in now:
                yield from self._reply(
                    status, as_object(response), as_object(now[status]), pointers
                )
            else:
                yield self._change(
                    "reply-status-gone",
                    f"status {status} is no longer documented",
                    Verdict.COMPATIBLE,
                    Direction.REPLY,
                    Effect.NARROWS,
                    (pointers[0], "/responses"),
                )

        for status in now:
            if status not in was:
                yield self._status_added(status, was)

    def _status_added(self, status: str, was: dict[str, Any]) -> Change:
        pointers = ("/responses", below("", "responses", status))
        message = f"status {status} is new"
        if "default" in was or f"{status[0]}XX" in was:
            return self._change(
                "reply-status-added", message, Verdict.NOTE, Direction.REPLY, Effect.NONE, pointers
            )
        if status.startswith(("4", "5")) or status == "default":
            # A caller sees an error by its class, documented or not (RFC 9110 §15).
            return self._change(
                "reply-error-added",
                f"{message}: an error that callers did not know",
                Verdict.NOTE,
                Direction.REPLY,
                Effect.WIDENS,
                pointers,
            )
        return self._change(
            "reply-success-added",
            f"{message}: readers of the old contract do not know it",
            Verdict.BREAKING,
            Direction.REPLY,
            Effect.WIDENS,
            pointers,
            f"is answered with {status}",
        )

    def _reply(
        self, status: str, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str]
    ) -> Iterator[Change]:
        usage = self._usage(f"reply {status}", Direction.REPLY)
        old_content, new_content = as_object(was.get("content")), as_object(now.get("content"))
        if old_content and not new_content:
            yield self._change(
                "reply-body-gone",
                f"reply {status} has no body any more",
                Verdict.BREAKING,
                Direction.REPLY,
                Effect.WIDENS,
                pointers,
                f"is answered with {status} and no body",
            )
        elif old_content or new_content:
            yield from self._contents(old_content, new_content, pointers, usage)

        yield from self._headers(status, was, now, pointers)

    def _headers(
        self, status: str, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str]
    ) -> Iterator[Change]:
        old_headers = _headers_by_name(was)
        new_headers = _headers_by_name(now)
        for key, (name, header) in old_headers.items():
            part = f"reply {status}, header `{name}`"
            old_at = pointers[0] + below("", "headers", name)
            was_required = header.get("required") is True
            new_name, new_header = new_headers.get(key, (name, {}))
            new_at = pointers[1] + (below("", "headers", new_name) if key in new_headers else "")

            if was_required and new_header.get("required") is not True:
                yield self._change(
                    "reply-header-optional",
                    f"{part} is no longer always there",
                    Verdict.BREAKING,
                    Direction.REPLY,
                    Effect.WIDENS,
                    (old_at, new_at),
                    f"is answered with {status} and no header {name}",
                )
            elif key not in new_headers:
                yield self._change(
                    "reply-header-gone",
                    f"{part} is no longer documented",
                    Verdict.UNKNOWN,
                    Direction.REPLY,
                    Effect.UNKNOWN,
                    (old_at, new_at),
                )

            if key in new_headers:
                usage = self._usage(part, Direction.REPLY)
                yield from self._described(header, new_header, (old_at, new_at), usage)

        for key, (name, _) in new_headers.items():
            if key not in old_headers:
                yield self._change(
                    "reply-header-added",
                    f"reply {status}, header `{name}` is new",
                    Verdict.COMPATIBLE,
                    Direction.REPLY,
                    Effect.NARROWS,
                    (pointers[0], pointers[1] + below("", "headers", name)),
                )

    # Security

    def _security(self) -> Iterator[Change]:
        was = _alternatives(self._schemas.old.data, self._old)
        now = _alternatives(self._schemas.new.data, self._new)
        for alternative in was:
            # Fewer schemes ask for less: who sent all of the old set still sends enough.
            if not any(another <= alternative for another in now):
                schemes = _in_words(alternative)
                yield self._change(
                    "security-narrowed",
                    f"{schemes} no longer suffices",
                    Verdict.BREAKING,
                    Direction.REQUEST,
                    Effect.NARROWS,
                    witness=f"with {schemes}",
                )

        for alternative in now:
            if not any(another <= alternative for another in was):
                schemes = _in_words(alternative)
                yield self._change(
                    "security-widened",
                    f"{schemes} suffices now",
                    Verdict.COMPATIBLE,
                    Direction.REQUEST,
                    Effect.WIDENS,
                )


def _headers_by_name(response: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    headers = as_object(response.get("headers"))
    return {name.lower(): (name, as_object(header)) for name, header in headers.items()}


def _alternatives(
    document: dict[str, Any], operation: dict[str, Any]
) -> list[frozenset[tuple[str, str]]]:
    """The alternatives of security, each a set of schemes and of scopes of schemes.

    One empty set where nothing is asked for.
    """
    declared = operation.get("security", document.get("security"))
    alternatives: list[frozenset[tuple[str, str]]] = []
    for item in map(as_object, as_array(declared)):
        scopes = [(name, str(scope)) for name in item for scope in ("", *as_array(item[name]))]
        alternatives.append(frozenset(scopes))

    return alternatives or [frozenset()]


def _in_words(alternative: frozenset[tuple[str, str]]) -> str:
    """`login with read, write and key`."""
    scopes: dict[str, list[str]] = {}
    for name, scope in sorted(alternative):
        scopes.setdefault(name, []).append(scope)

    found: list[str] = []
    for name, scope_names in scopes.items():
        listed = ", ".join(filter(None, scope_names))
        found.append(f"{name} with {listed}" if listed else name)
    return " and ".join(found) or "no credentials"
