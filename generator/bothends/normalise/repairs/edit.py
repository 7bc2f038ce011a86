"""One change of a contract by a repair, and how changes are made.

    Edit("type-spelling", "/components/schemas/Tide/type", 'It is read as "string".', "string")

makes a new document that shares all other parts with the old one, and whose places still point into
the old text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below, parent, split

CORRECT = "Correct it; until then, the contract is read as if nothing were there."
_REMOVE_IT = "Remove it in the contract, or write what is meant: other programs refuse it."
_WRITE_IT_SO = "Write it so in the contract: other programs refuse it, or read it otherwise."


class Left(Enum):
    """The value of an edit that leaves its place out."""

    OUT = "out"


@dataclass(frozen=True, slots=True)
class Edit:
    """`repair` names the kind.

    The value at `pointer` becomes `value`, or its key becomes `new_key`.

    `source` is where the new value is written, if not at `pointer`. `is_loss`: no plain meaning was
    found, so the place is generated as if the contract said nothing there. `at_key`: the key there
    is wrong, not its value. `code` is that of the finding, if another than usual; an edit without a
    message is made silently.
    """

    repair: str
    pointer: str
    message: str
    value: Any = Left.OUT
    new_key: str = ""
    source: str = ""
    is_loss: bool = False
    code: str = ""
    severity: Severity = Severity.WARNING
    hint: str = ""
    at_key: bool = False


def finding_of(edit: Edit, document: Document) -> Finding:
    """Say an edit as a finding at its place in the text."""
    prefix = "left-out" if edit.is_loss else "repaired"
    hint = edit.hint
    if not hint and not edit.is_loss and not edit.code:
        is_ignored = edit.value is Left.OUT and not edit.new_key
        hint = _REMOVE_IT if is_ignored else _WRITE_IT_SO
    return Finding(
        edit.code or f"{prefix}-{edit.repair}",
        edit.severity,
        edit.message,
        document.location_of(
            edit.source or edit.pointer,
            key=edit.at_key or (edit.value is Left.OUT and not edit.source),
        ),
        hint,
    )


def apply_edits(document: Document, edits: Iterable[Edit]) -> Document:
    """Make the edits. One whose place another edit took away is passed over."""
    writer = _Writer(document)
    ordered = sorted(
        edits, key=_order
    )  # stable: removals and renames change the pointers of others
    for edit in ordered:
        writer.make(edit)
    return document.with_data(writer.data, writer.origins)


def _order(edit: Edit) -> tuple[int, list[int], int]:
    """Values first.

    Then members of lists from the last to the first; new keys last, the deepest first.
    """
    if edit.new_key:
        return (2, [], -edit.pointer.count("/"))
    if edit.value is not Left.OUT:
        return (0, [], 0)
    return (1, [-int(part) if part.isdecimal() else 0 for part in split(edit.pointer)], 0)


@dataclass(slots=True)
class _Copy:
    """A part of the document that may be changed, and such parts inside of it."""

    value: Any
    inside: dict[str, _Copy] = field(default_factory=dict[str, "_Copy"])


class _Writer:
    """Copies what it changes, and nothing else: aliases of YAML share one object."""

    def __init__(self, document: Document) -> None:
        self.data = dict(document.data)
        self.origins: dict[str, str] = {}
        self._copies = _Copy(self.data)

    def make(self, edit: Edit) -> None:
        try:
            holder = self._writable(parent(edit.pointer))
        except (KeyError, IndexError, TypeError, ValueError):
            return

        key = split(edit.pointer)[-1]
        if edit.new_key:
            self._rename(holder, key, edit)
        elif edit.value is Left.OUT:
            self._remove(holder, key, parent(edit.pointer))
        elif is_array(holder):
            self._put(holder, int(key), edit)
        elif is_object(holder):
            holder[key] = edit.value
            self._forget(edit.pointer)

        if edit.source and not edit.new_key:
            self.origins[edit.pointer] = edit.source

    def _put(self, holder: list[Any], index: int, edit: Edit) -> None:
        if index == len(holder):
            holder.append(edit.value)
        elif index < len(holder):
            holder[index] = edit.value
        self._forget(edit.pointer)

    def _remove(self, holder: Any, key: str, pointer: str) -> None:
        if is_object(holder):
            holder.pop(key, None)
            return

        if is_array(holder) and key.isdecimal() and int(key) < len(holder):
            del holder[int(key)]
            # What came after has moved up by one, from wherever it was moved to before.
            for index in range(int(key), len(holder)):
                after = below(pointer, index + 1)
                self.origins[below(pointer, index)] = self.origins.get(after, after)
            self._forget(pointer, keep=True)

    def _rename(self, holder: Any, key: str, edit: Edit) -> None:
        if not is_object(holder) or key not in holder or edit.new_key in holder:
            return

        items = [(edit.new_key if name == key else name, value) for name, value in holder.items()]
        holder.clear()
        holder.update(items)
        renamed = below(parent(edit.pointer), edit.new_key)
        self.origins[renamed] = edit.pointer
        for pointer, source in list(self.origins.items()):
            if pointer.startswith(f"{edit.pointer}/"):
                self.origins[renamed + pointer.removeprefix(edit.pointer)] = source

    def _forget(self, pointer: str, *, keep: bool = False) -> None:
        """Copies at and below a place that has another value now are no longer its values."""
        *above, last = ["", *split(pointer)]
        copy = self._copies
        for part in above[1:]:
            if part not in copy.inside:
                return
            copy = copy.inside[part]

        if keep and last in copy.inside:
            copy.inside[last].inside.clear()
        elif not keep:
            copy.inside.pop(last, None)

    def _writable(self, pointer: str) -> Any:
        copy = self._copies
        for part in split(pointer):
            if part not in copy.inside:
                holder = copy.value
                key: Any = int(part) if is_array(holder) else part
                if not isinstance(holder[key], dict | list):
                    raise TypeError(pointer)
                holder[key] = holder[key].copy()
                copy.inside[part] = _Copy(holder[key])
            copy = copy.inside[part]
        return copy.value
