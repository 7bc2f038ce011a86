"""Learn ids from a server's answers, so that requests ask for things that exist.

For example, `GET /boats` is answered `[{"id": 7, "name": "Heron"}]`. The parameter of
`/boats/{boatId}` is then 7, which is found under `boatId`, `boat_id`, `id` or the like in the first
item; the same is read from the answer to `POST /boats`, from what was sent there, from its
`Location` header, and by the links of the contract (OpenAPI 3.1 §4.8.20). Where several values may
be the id, such as `7` and `Heron`, the one with which `GET /boats/{boatId}` succeeds is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from urllib.parse import unquote

from bothends.prove.oracle.answers import json_of
from bothends.prove.wire.message import Answer
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.url import url_parts

# From the most telling to the least: a `code` may be shared where an `id` is not.
_USUAL = ("id", "uuid", "key", "name", "slug", "number", "code")
_MOST = 6
"""Of a path so many ids are worth trying."""


class Rank(IntEnum):
    """How sure it is that a value is an id of a path; the surest is tried first."""

    CONFIRMED = 0
    LISTED = 1
    NAMED_ELSEWHERE = 2


@dataclass(slots=True)
class KnownIds:
    """Values of path parameters, by the path up to the parameter without its name: `/boats/{}`."""

    by_path: dict[str, dict[Any, Rank]] = field(default_factory=dict[str, dict[Any, Rank]])

    def values(self, operation: Operation[Any]) -> dict[str, Any]:
        """The best known values of an operation's path parameters, by wire name."""
        return next(self.choices(operation))

    def choices(self, operation: Operation[Any]) -> Iterator[dict[str, Any]]:
        """Known values of an operation's path parameters; they differ in the last, best first."""
        parameters = _parameters(operation.path)
        ranked: dict[str, list[Any]] = {}
        for path, _ in parameters:
            values = self.by_path.get(path, {})
            ranked[path] = sorted(values, key=values.__getitem__)

        found = {name: ranked[path][0] for path, name in parameters if ranked[path]}
        yield found

        if parameters:
            path, name = parameters[-1]
            for value in ranked[path][1:_MOST]:
                yield {**found, name: value}

    def confirm(self, operation: Operation[Any], values: Mapping[str, Any]) -> None:
        """Note that the server has answered a request for these values with a success."""
        for path, name in _parameters(operation.path):
            if name in values:
                self.by_path[path][values[name]] = Rank.CONFIRMED

    def learn(
        self,
        operation: Operation[Any],
        answer: Answer,
        operations: tuple[Operation[Any], ...],
        sent: Any = MISSING,
    ) -> None:
        """Take ids from a successful answer, and from the JSON that was sent for it."""
        if not 200 <= answer.status < 300:
            return

        value = json_of(answer)
        below = _shape(operation.path)
        for another in operations:
            for path, name in _parameters(another.path):
                if path.rpartition("/")[0] == below:
                    for item in (*_ids_in(value, name), *_ids_in(sent, name)):
                        self._note(path, item, Rank.LISTED)
                elif _plain(name) not in _USUAL:
                    for item in _named_in(value, name):
                        self._note(path, item, Rank.NAMED_ELSEWHERE)

        for location in answer.values("location"):
            self._learn_location(location, operations)
        self._learn_links(operation, answer, value, operations)

    def _learn_location(self, location: str, operations: tuple[Operation[Any], ...]) -> None:
        path = url_parts(location).path
        for another in operations:
            names = [name for _, name in _parameters(another.path)]
            pattern = "([^/]+)".join(map(re.escape, re.split(r"\{[^}]*\}", another.path)))
            found = re.search(f"{pattern}$", path)
            if found is None or not names:
                continue
            for (template, _), text in zip(_parameters(another.path), found.groups(), strict=False):
                self._note(template, unquote(text), Rank.LISTED)

    def _learn_links(
        self,
        operation: Operation[Any],
        answer: Answer,
        value: Any,
        operations: tuple[Operation[Any], ...],
    ) -> None:
        key = documented(answer.status, operation.replies)
        if key is None:
            return

        contract = load_contract(operation.api)
        links = contract.find_object(operation.pointer + join("responses", key, "links"))
        for link in links.values():
            target = next(
                (entry for entry in operations if entry.id == link.get("operationId")), None
            )
            parameters = link.get("parameters", {})
            if target is None or not is_object(parameters):
                continue
            for path, name in _parameters(target.path):
                expression = str(parameters.get(name, parameters.get(f"path.{name}", "")))
                if expression.startswith("$response.body#"):
                    pointer = expression.removeprefix("$response.body#")
                    self._note(path, _value_at(value, pointer), Rank.LISTED)

    def _note(self, path: str, value: Any, rank: Rank) -> None:
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            existing = self.by_path.setdefault(path, {})
            existing[value] = min(existing.get(value, rank), rank)


def _shape(path: str) -> str:
    """A path without the names of its parameters, because one place may have several."""
    return re.sub(r"\{[^{}]*\}", "{}", path)


def _parameters(path: str) -> list[tuple[str, str]]:
    """List the path parameters that are a whole segment: the path up to each, its name."""
    segments = path.split("/")
    return [
        (_shape("/".join(segments[: index + 1])), segment[1:-1])
        for index, segment in enumerate(segments)
        if segment.startswith("{") and segment.endswith("}")
    ]


def _ids_in(value: Any, name: str) -> Iterator[Any]:
    """What may be the id of the first object in a value, by the parameter's name or a usual one."""
    word = _plain(name)
    for thing in _things(value):
        properties = {_plain(key): item for key, item in thing.items()}
        found = [
            properties[key]
            for key in (word, f"{word}id", f"{word}name", *_USUAL)
            if key in properties
        ]
        if found:
            yield from found
            return


def _named_in(value: Any, name: str) -> Iterator[Any]:
    """The values of properties with the parameter's name, and items of lists with its plural."""
    word = _plain(name)
    for thing in _things(value):
        for key, item in thing.items():
            if _plain(key) == word:
                yield item
            elif _plain(key) == f"{word}s" and is_array(item):
                yield from item[:3]


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects that an answer lists: items, items of an inner array, or itself."""
    if is_array(value):
        # Three are enough: later items of a page have the same shape.
        yield from (item for item in value[:3] if is_object(item))
    elif is_object(value):
        for item in value.values():
            if is_array(item):
                yield from _things(item)
        yield value


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _value_at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        if is_object(value) and step in value:
            value = value[step]
        elif is_array(value) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value
