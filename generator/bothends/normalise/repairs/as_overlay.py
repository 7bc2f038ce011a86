"""Named repairs as the actions of an Overlay, so that a person can keep, change and send them on.

    responses: {'4xx': {description: Refused.}}      repaired-status: "4xx" is read as "4XX".

    - target: $["paths"]["/tides"]["get"]["responses"]["4xx"]
      description: '"4xx" is read as "4XX".'
      remove: true
    - target: $["paths"]["/tides"]["get"]["responses"]
      update: {4XX: {description: Refused.}}

The actions lead from the contract as written to the contract as repaired.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from bothends.load import Document
from bothends.normalise import dialects, identifiers
from bothends.normalise.repairs import repair
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below, join


def overlay_from_repairs(document: Document, title: str) -> dict[str, Any] | None:
    """Return the overlay that makes a contract's repairs; None where there are none.

    A contract of Swagger 2.0 is repaired in the words of OpenAPI 3, which its text does not have.
    """
    if "swagger" in document.data:
        return None

    repaired, findings = repair(document)
    written = identifiers.resolve(dialects.convert(document)[0])
    messages: dict[str, str] = {}
    for finding in findings:
        if finding.location is not None:
            messages[finding.location.pointer] = finding.message

    actions = [
        _described(way, action, messages)
        for way, action in _actions(written.data, repaired.data, ())
    ]
    if not actions:
        return None
    info = {"title": f"Repairs of {title}", "version": "1"}
    return {"overlay": "1.0.0", "info": info, "actions": actions}


Way: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a part of the contract."""

Action: TypeAlias = dict[str, Any]


def _actions(old: dict[str, Any], new: dict[str, Any], way: Way) -> Iterator[tuple[Way, Action]]:
    """The actions that make one object of another, each with the way to its target."""
    update: dict[str, Any] = {}
    for key, value in old.items():
        path = (*way, key)
        if key not in new:
            yield path, {"remove": True}
        elif is_object(value) and is_object(new[key]):
            yield from _actions(value, new[key], path)
        elif is_array(value) and is_array(new[key]):
            yield from _list_actions(value, new[key], path)
        elif not _is_same(value, new[key]):
            update[key] = new[key]

    update |= {key: value for key, value in new.items() if key not in old}
    if update:
        yield way, {"update": update}


def _list_actions(old: list[Any], new: list[Any], way: Way) -> Iterator[tuple[Way, Action]]:
    """The actions that make one list of another; where they differ in more than objects, anew."""
    pairs = list(zip(old, new, strict=False))
    are_alike = len(old) == len(new) and all(
        (is_object(before) and is_object(after)) or _is_same(before, after)
        for before, after in pairs
    )
    if are_alike:
        for index, (before, after) in enumerate(pairs):
            if is_object(before) and is_object(after):
                yield from _actions(before, after, (*way, index))
        return

    # An update would join the two lists.
    yield way, {"remove": True}
    yield way[:-1], {"update": {str(way[-1]): new}}


def _is_same(value: Any, another: Any) -> bool:
    return type(value) is type(another) and value == another


def _described(way: Way, action: Action, messages: Mapping[str, str]) -> Action:
    """The action with its target, and the messages of its repairs."""
    pointer = join(*way)
    places = [pointer, *(below(pointer, key) for key in action.get("update", ()))]
    text = " ".join(dict.fromkeys(messages[place] for place in places if place in messages))
    description = {"description": text} if text else {}
    return {"target": json_path(way), **description, **action}


def json_path(way: Way) -> str:
    """The JSONPath (RFC 9535) of a part of the contract."""
    return "$" + "".join(f"[{json.dumps(step, ensure_ascii=False)}]" for step in way)
