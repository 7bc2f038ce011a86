"""Learn ids from a server's answers, so that requests ask for things that exist.

For example, `GET /boats` is answered `[{"id": 7, "name": "Heron"}]`. The parameter of
`/boats/{boatId}` is then 7, which is found under `boatId`, `boat_id`, `id` or the like in the first
item; the same is read from the answer to `POST /boats`, from its `Location` header, and by the
links of the contract (OpenAPI 3.1 §4.8.20).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from bothends.prove.oracle.answers import json_of
from bothends.prove.wire.message import Answer
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.schema.contract import load_contract

_USUAL = ("id", "uuid", "key", "name", "slug", "number", "code")


@dataclass(slots=True)
class KnownIds:
    """Values of path parameters, each by the path up to the parameter: `/boats/{boatId}`."""

    by_path: dict[str, Any] = field(default_factory=dict[str, Any])

    def values(self, operation: Operation[Any]) -> dict[str, Any]:
        """The known values of an operation's path parameters, by wire name."""
        found: dict[str, Any] = {}
        for path, name in _parameters(operation.path):
            if path in self.by_path:
                found[name] = self.by_path[path]
        return found

    def learn(
        self, operation: Operation[Any], answer: Answer, operations: tuple[Operation[Any], ...]
    ) -> None:
        """Take ids from a successful answer; the first that is found for a path stays."""
        if not 200 <= answer.status < 300:
            return

        value = json_of(answer)
        for another in operations:
            for path, name in _parameters(another.path):
                if path.rpartition("/")[0] == operation.path:
                    self._note(path, _id_in(value, name))

        for location in answer.values("location"):
            self._learn_location(location, operations)
        self._learn_links(operation, answer, value, operations)

    def _learn_location(self, location: str, operations: tuple[Operation[Any], ...]) -> None:
        path = urlsplit(location).path
        for another in operations:
            names = [name for _, name in _parameters(another.path)]
            pattern = "([^/]+)".join(map(re.escape, re.split(r"\{[^}]*\}", another.path)))
            found = re.search(f"{pattern}$", path)
            if found is None or not names:
                continue
            for (template, _), text in zip(_parameters(another.path), found.groups(), strict=False):
                self._note(template, unquote(text))

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
                    self._note(path, _value_at(value, expression.removeprefix("$response.body#")))

    def _note(self, path: str, value: Any) -> None:
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            self.by_path.setdefault(path, value)


def _parameters(path: str) -> list[tuple[str, str]]:
    """List the path parameters that are a whole segment: the path up to each, its name."""
    segments = path.split("/")
    return [
        ("/".join(segments[: index + 1]), segment[1:-1])
        for index, segment in enumerate(segments)
        if segment.startswith("{") and segment.endswith("}")
    ]


def _id_in(value: Any, name: str) -> Any:
    """The id of the first thing in an answer, by the parameter's name or a usual one."""
    expected = [_plain(name), *_USUAL]
    for thing in _things(value):
        by_plain_name = {_plain(key): item for key, item in thing.items()}
        found = next(
            (by_plain_name[entry] for entry in expected if entry in by_plain_name), MISSING
        )
        if found is not MISSING:
            return found
    return MISSING


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects that an answer lists: items, items of an inner array, or itself."""
    if is_array(value):
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
