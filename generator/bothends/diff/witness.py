"""A value that one contract allows and the other refuses, as small as it can be found quickly.

For example, the new contract shortens `name` from `maxLength: 9` to 5. A sample of the values that
only the old schema allows is `"textxx"`. It is put at `name` into a sample of the request, and both
validators are asked: the old contract accepts `{"name": "textxx"}`, the new one refuses it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bothends.diff.containment import Schemas, trimmed
from bothends.diff.differences import Difference, Step
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract, LenientContract
from bothends.runtime.schema.sample import sample

_MOST = 10_000
"""Characters or items of a value that is made longer than a schema allows."""

_WHOLE = "/components/schemas/Whole"


@dataclass(frozen=True, slots=True)
class _Proposals:
    """What may show a difference: the validator of the changed side, and values that it refuses."""

    current: Contract
    values: tuple[Any, ...]

    @staticmethod
    def from_values(current: Contract, values: Iterable[Any]) -> _Proposals:
        """Keep what the changed side refuses.

        Another change may be the reason of a refusal: this one has to be enough by itself.
        """
        refused = tuple(value for value in values if not current.accepts(_WHOLE, value))
        return _Proposals(current, refused)


class WitnessSearch:
    """Finds values that show differences between two contracts.

    A shared schema differs once and is used by hundreds of operations. So what depends on the
    difference alone is made once: compiling its validator is the dearest step of a comparison.
    """

    def __init__(self, schemas: Schemas, old: Contract, new: Contract) -> None:
        self._schemas, self._old, self._new = schemas, old, new
        # A text that is not of its format refuses no reply, unless the contract says so.
        self._is_strict = old.answers is old
        self._cheap: dict[tuple[str, str, str, bool], _Proposals] = {}
        self._computed: dict[tuple[str, str, str, bool], _Proposals] = {}
        self._wholes: dict[tuple[bool, str], list[Any]] = {}

    def find(self, difference: Difference, pair: tuple[str, str], *, is_request: bool) -> Any:
        """Find a value that shows a difference.

        Args:
            difference: The place, and the schema before and after.
            pair: The pointers of the whole schemas in the old and the new contract.
            is_request: Whether the old side is the one that must allow the value.

        Returns:
            The JSON value, checked with the validators of both contracts; MISSING if none was
            found.
        """
        old, new = (self._old, pair[0]), (self._new, pair[1])
        allowing, refusing = (old, new) if is_request else (new, (self._old.answers, pair[0]))
        wholes = self._wholes_of(allowing, is_request=is_request)

        for proposals in self._proposals_for(difference, is_request=is_request):
            # The smallest whole first, then one with all properties: a change deep inside needs its
            # parents to be there.
            for root in wholes:
                found = [
                    value
                    for value in _candidates(root, difference, proposals)
                    if allowing[0].accepts(allowing[1], value)
                    and not refusing[0].accepts(refusing[1], value)
                ]
                if found:
                    # The shortest is read fastest; a person checks it by eye.
                    return min(found, key=lambda value: len(json.dumps(value)))

        return MISSING

    def _proposals_for(self, difference: Difference, *, is_request: bool) -> Iterator[_Proposals]:
        """The cheap values first. Subtracting sets of large objects takes seconds."""
        old, changed = difference.old, difference.changed
        larger, smaller = (changed, old) if is_request else (old, changed)
        key = (difference.old_pointer, difference.new_pointer, difference.message, is_request)

        if key not in self._cheap:
            current = _document(self._schemas.with_definitions(larger))
            current = current if is_request or self._is_strict else LenientContract(current)
            samples = list(_samples(self._schemas.with_definitions(smaller)))
            values = [*samples, *_beyond(larger, samples), *_usual_values()]
            self._cheap[key] = _Proposals.from_values(current, values)
        yield self._cheap[key]

        if key not in self._computed:
            values = list(self._values_between(larger, smaller))
            self._computed[key] = _Proposals.from_values(self._cheap[key].current, values)
        yield self._computed[key]

    def _values_between(self, larger: Any, smaller: Any) -> Iterator[Any]:
        """Values that only the smaller schema allows, computed from what differs alone."""
        shorter = trimmed(larger, smaller)
        found = list(_samples(self._schemas.difference(*shorter)))
        yield from found
        if not found and shorter != (larger, smaller):
            found = list(_samples(self._schemas.difference(larger, smaller)))
            yield from found

        # The properties that both describe alike may have any value in these: give them a good one.
        usual = list(_samples(self._schemas.with_definitions(smaller)))
        for usual_object in filter(is_object, usual):
            for value in filter(is_object, found):
                yield {name: usual_object.get(name, item) for name, item in value.items()}

    def _wholes_of(self, allowing: tuple[Contract, str], *, is_request: bool) -> list[Any]:
        contract, pointer = allowing
        key = (is_request, pointer)
        if key not in self._wholes:
            samples = (sample(contract, pointer), sample(contract, pointer, full=True))
            self._wholes[key] = [root for root in samples if root is not MISSING]
        return self._wholes[key]


def _candidates(root: Any, difference: Difference, proposals: _Proposals) -> Iterator[Any]:
    """The whole as it is, if its own part is refused, and with each proposal in its place."""
    part = root
    for step in difference.path:
        part = _child(part, step)
    if part is not MISSING and not proposals.current.accepts(_WHOLE, part):
        yield root

    for value in proposals.values:
        grafted = _graft(root, difference.path, value)
        if grafted is not MISSING:
            yield grafted


def _beyond(larger: Any, samples: Iterable[Any]) -> Iterator[Any]:
    """Values just beyond the bounds of a schema, made of values that the other one allows."""
    if not is_object(larger):
        return

    longest, most = larger.get("maxLength"), larger.get("maxItems")
    for value in samples:
        if isinstance(value, str) and value and isinstance(longest, int):
            # The end of it again: an address stays one, and a word a word.
            yield value + value[-1] * (min(longest, _MOST) + 1 - len(value))
        if is_array(value) and value and isinstance(most, int):
            yield (value * (min(most, _MOST) + 1))[: most + 1]

    for bound in ("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"):
        limit = larger.get(bound)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            yield from (limit, limit - 1, limit + 1)


def _usual_values() -> Iterator[Any]:
    """Values that lie between types and sizes that contracts usually name."""
    # Around what contracts usually bound: 32 and 64 bits, an empty text, 255 characters.
    yield from (None, True, False, 0, 1, -1, 0.5, 1.5, 2**31, 2**63, "", "a", "-", "a" * 300)
    yield from ([], [0], [0.5], ["a"], {}, {"a": 0.5}, {"a": "a"})

    for size in range(2, 5):
        yield {"x" * size: None}
        yield {"x" * size: 0}
        yield {f"x{number}": 0 for number in range(size)}
        yield [0] * size


def _samples(schema: Any) -> Iterator[Any]:
    """A few values of a schema that brings its definitions with it."""
    if isinstance(schema, bool):
        return

    contract = _document(schema)
    for full in (False, True):
        value = sample(contract, _WHOLE, full=full)
        if value is not MISSING:
            yield value


def _document(schema: Any) -> Contract:
    """A schema that brings its definitions with it, as the component `Whole` of a contract."""
    definitions = as_object(schema.get("$defs")) if is_object(schema) else {}
    root = {key: item for key, item in schema.items() if key != "$defs"} if definitions else schema
    components = json.dumps({"Whole": root, **definitions})
    # On the text, because a reference may stand anywhere in the schema and a string with this
    # prefix nowhere else.
    components = components.replace('"#/$defs/', '"#/components/schemas/')
    return Contract({"components": {"schemas": json.loads(components)}})


def _graft(root: Any, path: tuple[Step, ...], value: Any) -> Any:
    """A whole with the value at a path, the rest of it shared with `root`.

    MISSING where the path leads into nothing.
    """
    if not path:
        return value

    step, *inner = path
    child = _child(root, step) if inner else None
    grafted = _graft(child, tuple(inner), value) if child is not MISSING else MISSING
    if grafted is MISSING:
        return MISSING

    if is_object(root) and isinstance(step, str):
        return {**root, step: grafted}
    if is_array(root) and step == 0:
        return [grafted, *root[1:]]
    return MISSING


def _child(node: Any, step: Step) -> Any:
    if is_object(node) and isinstance(step, str):
        return node.get(step, MISSING)
    if is_array(node) and node and isinstance(step, int):
        return node[0]
    return MISSING
