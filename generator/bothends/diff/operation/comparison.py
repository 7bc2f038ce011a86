"""One operation in both contracts: its parameters, body, replies, and deprecation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from bothends.diagnostics import SourceLocation
from bothends.diff.change import Change, Direction, Effect, Verdict
from bothends.diff.operation.operation_pair import OperationPair, Pair
from bothends.diff.operation.parameters import is_one_of_list, parameters_by_key
from bothends.diff.operation.replies import compare_replies
from bothends.diff.schema.comparison import SchemaComparison
from bothends.diff.schema.wire_text import Text
from bothends.openapi.json_value import as_object

_ON_INVALID: Final = "x-on-invalid"


class OperationComparison(OperationPair):
    """Compares one operation. The documents are those of the comparison of schemas."""

    def __init__(self, schemas: SchemaComparison, pair: Pair) -> None:
        super().__init__(schemas, pair)

    def changes(self) -> Iterator[Change]:
        """All changes, parameters first."""
        yield from self._parameters()
        yield from self._body()
        yield from compare_replies(self)

        before, after = (each.get("deprecated") is True for each in (self.old, self.new))
        if before != after:
            word = "deprecated" if after else "no longer deprecated"
            yield self.change("deprecated", f"the operation is {word}")

        yield from self._invalid_requests()
        ends = [each.get("x-sunset") for each in (self.old, self.new)]
        if ends[0] != ends[1]:
            message = (
                f"the operation ends at {ends[1]}"
                if ends[1]
                else "the operation has no end any more"
            )
            yield self.change("sunset-changed", message)

    def _invalid_requests(self) -> Iterator[Change]:
        """Which reply answers a request that breaks the contract, where both contracts say it."""
        sides = (
            (self.schemas.old, self.old, self.pair.old),
            (self.schemas.new, self.new, self.pair.new),
        )
        of_operation = _ON_INVALID in self.old or _ON_INVALID in self.new
        replies: list[tuple[str, str]] = []
        places: list[SourceLocation] = []
        for document, operation, pointer in sides:
            is_own = _ON_INVALID in operation or (of_operation and _ON_INVALID not in document.data)
            owner = operation if is_own else document.data
            declared = as_object(owner.get(_ON_INVALID))
            example = json.dumps(declared.get("example"), sort_keys=True)
            replies.append((str(declared.get("status", "a status of its own")), example))
            places.append(document.location_of(f"{pointer if is_own else ''}/{_ON_INVALID}"))

        (was, example), (now, new_example) = replies
        message = f"a request that breaks the contract is answered with {now}, and was with {was}"
        if was == now:
            message = "a request that breaks the contract is answered with another example"
        if was != now or example != new_example:
            change = self.change("on-invalid-changed", message)
            yield replace(change, old=places[0], new=places[1])

    def _parameters(self) -> Iterator[Change]:
        old = parameters_by_key(self.old, self.pair.old)
        new = parameters_by_key(self.new, self.pair.new)

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
        if not self.pair.is_turned:
            return self.change(
                "request-parameter-gone",
                f"{name} is gone: what callers say by it is no longer understood",
                Direction.REQUEST,
                Effect.NARROWS,
                (pointer, None),
                witness=f"with the {name}",
            )

        is_missed = parameter.get("required") is True
        return self.change(
            "request-parameter-gone",
            f"{name} is gone",
            Direction.REQUEST,
            # A request without it is new to those who could rely on it.
            Effect.WIDENS if is_missed else Effect.NARROWS,
            (pointer, None),
            witness=f"without the {name}",
        )

    def _parameter_added(self, pointer: str, parameter: dict[str, Any]) -> Change:
        name = f"{parameter['in']} parameter `{parameter['name']}`"
        is_required = parameter.get("required") is True
        word = "required" if is_required else "optional"
        # What a receiver does not know of, it does not read.
        narrows = is_required or self.pair.is_turned
        return self.change(
            "request-parameter-required" if is_required else "request-parameter-added",
            f"{name} is new and {word}",
            Direction.REQUEST,
            Effect.NARROWS if narrows else Effect.WIDENS,
            (None, pointer),
            witness=f"without the {name}",
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
            usage = replace(self.usage(name, Direction.REQUEST), text=Text.ALL)
            yield from self.compare(pointers, usage)
            return

        yield from self.written_otherwise(
            "request-parameter-style",
            name,
            (was, now),
            Direction.REQUEST,
            pointers,
            f"with the {name}",
        )

        if (was.get("deprecated") is True) != (now.get("deprecated") is True):
            word = "deprecated" if now.get("deprecated") is True else "no longer deprecated"
            yield self.change("deprecated", f"{name} is {word}", pointers=pointers)

        is_segment = now["in"] == "path"
        usage = replace(self.usage(name, Direction.REQUEST), is_segment=is_segment)
        yield from self.described(was, now, pointers, usage)

    def _requiredness(
        self, name: str, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str]
    ) -> Iterator[Change]:
        is_path = now.get("in") == "path"
        before, after = was.get("required") is True, now.get("required") is True
        # A path parameter is always required (OpenAPI 3.1 §4.8.12.2).
        if before == after or is_path:
            return

        yield self.change(
            "request-required" if after else "request-optional",
            f"{name} became {'required' if after else 'optional'}",
            Direction.REQUEST,
            Effect.NARROWS if after else Effect.WIDENS,
            pointers,
            witness=f"without the {name}",
        )

    def _body(self) -> Iterator[Change]:
        was, now = self.old.get("requestBody"), self.new.get("requestBody")
        pointers = ("/requestBody", "/requestBody")
        if was and now:
            yield from self._requiredness("the body", was, now, pointers)
            usage = self.usage("body", Direction.REQUEST)
            yield from self.contents(
                as_object(was.get("content")), as_object(now.get("content")), pointers, usage
            )
        elif was:
            is_missed = self.pair.is_turned and was.get("required") is True
            yield self.change(
                "request-body-gone",
                "the request has no body any more",
                Direction.REQUEST,
                Effect.WIDENS if is_missed else Effect.NARROWS,
                ("/requestBody", None),
                witness="without a body" if is_missed else "with a body",
            )
        elif now:
            yield self._body_added(now)

    def _body_added(self, body: dict[str, Any]) -> Change:
        # Nobody knows what a receiver does with a body that it does not expect.
        verdict = Verdict.UNKNOWN if self.pair.is_turned else None
        if body.get("required") is True:
            return self.change(
                "request-required",
                "the body became required",
                Direction.REQUEST,
                Effect.NARROWS,
                ("", "/requestBody"),
                witness="without the body",
                verdict=verdict,
            )
        return self.change(
            "request-body-added",
            "the request may have a body",
            Direction.REQUEST,
            Effect.WIDENS,
            ("", "/requestBody"),
            verdict=verdict,
        )
