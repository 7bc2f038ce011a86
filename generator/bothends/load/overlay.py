"""Applies an Overlay to a contract that others publish (Overlay Specification 1.0 and 1.1 §4).

    overlay: 1.0.0
    info: {title: Corrections, version: '1'}
    actions:
      - target: $.paths['/tides'].get.parameters[?@.name == 'limit'].schema
        update: {maximum: 50}
      - target: $.paths['/internal']
        remove: true

The actions run one after the other, each on what those before it made. What an action wrote is
located in the overlay from then on, and everything else in the contract: the pointers of the
changed document lead, by `Document.text_origins`, to the text that is at fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.load.document import Document, Part
from bothends.load.limits import MAX_ADDED, is_within_limits, size_of
from bothends.load.read import load_document
from bothends.nearest import nearest
from bothends.openapi.json_value import copied, is_array, is_object
from bothends.openapi.pointer import below, parent, split

_VERSION: Final = re.compile(r"1\.\d+\.\d+")
_TOO_LARGE: Final = "The changed contract is larger, wider or deeper than is read."
_FIELDS: Final = ("overlay", "info", "extends", "actions")
_ACTION_FIELDS: Final = ("target", "description", "update", "copy", "remove")
_SOURCE: Final = "/ overlay"
"""The pointer by which origins lead into the overlay; no contract has this key at its root."""


def apply_overlay(document: Document, path: Path, display_path: str) -> Document:
    """Apply the overlay in a file to a loaded contract.

    Args:
        document: The contract, in one piece.
        path: The overlay.
        display_path: Its path as messages show it.

    Returns:
        The changed contract. Its notes say which actions changed nothing.

    Raises:
        ContractError: The overlay cannot be read, or breaks its specification.
    """
    overlay = load_document(path, display_path=display_path)
    if faults := list(_faults(overlay)):
        raise ContractError(faults)

    data: dict[str, Any] = copied(document.data)
    origins: list[dict[str, str]] = []
    notes: list[Finding] = []
    added = 0
    for index, action in enumerate(overlay.data["actions"]):
        pointer = f"/actions/{index}"
        targets = _Query(overlay, f"{pointer}/target", action["target"]).find(data)
        if not targets:
            message = f"The overlay's target {action['target']} is nothing of the contract."
            notes.append(_finding(overlay, f"{pointer}/target", message, Severity.WARNING))
        addition = _addition(overlay, pointer, action, data) if targets else None
        added += len(targets) * (size_of(addition.value) if addition else 0)
        if added > MAX_ADDED:
            message = f"The overlay adds more than {MAX_ADDED:,} values."
            raise ContractError([_finding(overlay, f"{pointer}/target", message)])
        origins.append(_Change(data, overlay, pointer).make(targets, addition))

    if not is_within_limits(data):
        raise ContractError([_finding(overlay, "/actions", _TOO_LARGE)])

    return replace(
        document,
        data=data,
        text_origins=(*document.text_origins, *origins),
        parts={**document.parts, _SOURCE: Part(overlay.path, "", overlay.source_map)},
        notes=(*document.notes, *notes),
    )


def _faults(overlay: Document) -> Iterator[Finding]:
    version, actions = overlay.data.get("overlay"), overlay.data.get("actions")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        message = "An overlay says its version: `overlay: 1.0.0`."
        yield _finding(overlay, "/overlay", message)
    yield from _unknown_fields(overlay, overlay.data, "", _FIELDS)
    if not is_array(actions) or not actions:
        yield _finding(overlay, "/actions", "An overlay has a list of `actions`.")
        return

    for index, action in enumerate(actions):
        pointer = f"/actions/{index}"
        if is_object(action):
            yield from _unknown_fields(overlay, action, pointer, _ACTION_FIELDS)
        yield from _faults_of_action(overlay, pointer, action)


def _unknown_fields(
    overlay: Document, value: dict[str, Any], pointer: str, fields: tuple[str, ...]
) -> Iterator[Finding]:
    for key in value:
        if key in fields or key.startswith("x-"):
            continue
        owner = "an action" if pointer else "an overlay"
        near = nearest(key, [field for field in fields if field not in value])
        question = f" Did you mean `{near}`?" if near else ""
        message = f"`{key}` is no field of {owner}.{question}"
        location = overlay.location_of(below(pointer, key), key=True)
        yield Finding("overlay-invalid", Severity.ERROR, message, location)


def _faults_of_action(overlay: Document, pointer: str, action: Any) -> Iterator[Finding]:
    if not is_object(action) or not isinstance(action.get("target"), str):
        yield _finding(overlay, pointer, "An action needs `target`, a JSONPath as text.")
        return

    changes = [key for key in ("update", "copy") if key in action]
    if action.get("remove") is not True and len(changes) != 1:
        message = "An action needs one of `update`, `copy`, or `remove: true`."
        yield _finding(overlay, pointer, message)
    elif not isinstance(action.get("copy", ""), str):
        yield _finding(overlay, f"{pointer}/copy", "`copy` is a JSONPath as text.")
    else:
        for key in ("target", "copy"):
            if key in action:
                yield from _Query(overlay, f"{pointer}/{key}", action[key]).faults()


def _finding(
    overlay: Document, pointer: str, message: str, severity: Severity = Severity.ERROR
) -> Finding:
    code = "overlay-invalid" if severity is Severity.ERROR else "overlay-unmatched"
    return Finding(code, severity, message, overlay.location_of(pointer))


@dataclass(frozen=True)
class _Query:
    """A JSONPath of an action (RFC 9535), at its pointer in the overlay."""

    overlay: Document
    pointer: str
    text: str

    def faults(self) -> Iterator[Finding]:
        """Say what in the expression is no JSONPath."""
        try:
            self._compiled  # noqa: B018 (compiled for its errors)
        except ValueError as error:
            message = f"{self.text} is no JSONPath of RFC 9535 that can be evaluated: {error}."
            yield _finding(self.overlay, self.pointer, message)

    def find(self, data: Any) -> list[str]:
        """The pointers of what is selected, in the order of the document."""
        try:
            found: list[str] = self._compiled.find(data)
        except ValueError as error:
            message = f"{self.text} cannot be evaluated: {error}."
            raise ContractError([_finding(self.overlay, self.pointer, message)]) from None

        return found

    @cached_property
    def _compiled(self) -> Any:
        # Imported by those alone who have an overlay: the library is slow to import.
        return import_module("bothends.load.json_path").JsonPath(self.text)


@dataclass(frozen=True)
class _Addition:
    """What an action adds to its targets, and the pointer at which it is written."""

    value: Any
    origin: str
    joins_lists: bool
    """Whether a list is joined with a list, as since 1.1, or is an entry of it."""


def _addition(
    overlay: Document, pointer: str, action: dict[str, Any], data: Any
) -> _Addition | None:
    if action.get("remove") is True:
        return None

    joins_lists = not overlay.data["overlay"].startswith("1.0.")
    if "copy" not in action:
        origin = f"{_SOURCE}{below(pointer, 'update')}"
        return _Addition(action["update"], origin, joins_lists)

    sources = _Query(overlay, f"{pointer}/copy", action["copy"]).find(data)
    if len(sources) != 1:
        count = f"{len(sources)} values" if sources else "nothing"
        message = f"`copy` selects one value; {action['copy']} selects {count} of the contract."
        raise ContractError([_finding(overlay, f"{pointer}/copy", message)])

    value = _value_at(data, sources[0])
    if not is_within_limits(value):
        raise ContractError([_finding(overlay, f"{pointer}/copy", _TOO_LARGE)])
    return _Addition(copied(value), sources[0], joins_lists)


def _value_at(data: Any, pointer: str) -> Any:
    value = data
    for part in split(pointer):
        value = value[int(part)] if is_array(value) else value[part]
    return value


class _Change:
    """One action: it changes the data in place, and learns where each changed part is written."""

    def __init__(self, data: dict[str, Any], overlay: Document, pointer: str) -> None:
        self._data, self._overlay, self._pointer = data, overlay, pointer
        self._origins: dict[str, str] = {}

    def make(self, targets: list[str], addition: _Addition | None) -> dict[str, str]:
        """Make the change at each target; give the new pointers with where they lead from here."""
        if addition is None:
            # From the last to the first: a removal moves what comes after it in a list.
            for target in sorted(targets, key=_removal_order, reverse=True):
                self._remove(target)
        else:
            for target in targets:
                self._update(target, addition)

        return self._origins

    def _remove(self, target: str) -> None:
        if not target:
            self._refuse("The root of the contract cannot be removed.")
        holder, key = _value_at(self._data, parent(target)), split(target)[-1]
        if is_object(holder):
            del holder[key]
            return

        del holder[int(key)]
        for index in range(int(key), len(holder)):
            item_pointer, after = below(parent(target), index), below(parent(target), index + 1)
            self._origins[item_pointer] = self._origins.get(after, after)

    def _update(self, target: str, addition: _Addition) -> None:
        value, new = _value_at(self._data, target), addition.value
        if is_array(value):
            if addition.joins_lists and is_array(new):
                self._join(value, new, target, addition.origin)
            else:
                self._append(value, new, target, addition.origin)
        elif is_object(value) and is_object(new):
            self._merge(value, new, target, addition.origin)
        elif is_object(value):
            kind = "a list" if is_array(new) else "a value"
            target_kind = "an object" if target else "the root of the contract"
            self._refuse(f"The target is {target_kind}: an object updates it, not {kind}.")
        else:
            holder, key = _value_at(self._data, parent(target)), split(target)[-1]
            self._put(holder, key, new, target, addition.origin)

    def _merge(
        self, value: dict[str, Any], update: dict[str, Any], target: str, origin: str
    ) -> None:
        """Objects are merged and lists are joined; everything else is replaced (§4.4.3)."""
        for key, new in update.items():
            old, member_pointer, written = value.get(key), below(target, key), below(origin, key)
            if is_object(old) and is_object(new):
                self._merge(old, new, member_pointer, written)
            elif is_array(old) and is_array(new):
                self._join(old, new, member_pointer, written)
            else:
                self._put(value, key, new, member_pointer, written)

    def _join(self, value: list[Any], update: list[Any], target: str, origin: str) -> None:
        for index, item in enumerate(update):
            self._append(value, item, target, below(origin, index))

    def _append(self, value: list[Any], item: Any, target: str, origin: str) -> None:
        self._origins[below(target, len(value))] = origin
        value.append(copied(item))

    def _put(self, holder: Any, key: str, new: Any, pointer: str, origin: str) -> None:
        # Targets of one action must not share an object that the next action changes.
        holder[int(key) if is_array(holder) else key] = copied(new)
        self._origins[pointer] = origin

    def _refuse(self, message: str) -> None:
        raise ContractError([_finding(self._overlay, f"{self._pointer}/target", message)])


def _removal_order(pointer: str) -> list[tuple[int, str]]:
    """Members of lists by their index, the others by name; what is inside comes after."""
    return [(int(part) if part.isdecimal() else -1, part) for part in split(pointer)]
