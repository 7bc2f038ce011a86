"""A value that one contract allows and the other refuses, as small as it can be found quickly.

For example, the new contract shortens `name` from `maxLength: 9` to 5. A sample of the values that
only the old schema allows is `"textxx"`. It is put at `name` into a sample of the request, and both
validators are asked: the old contract accepts `{"name": "textxx"}`, the new one refuses it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bothends.diff.schema.components import Components
from bothends.diff.schema.containment import Containment
from bothends.diff.schema.difference import Branch, Difference, Others, Step
from bothends.diff.schema.plain import NEW, OLD, plain, trimmed
from bothends.diff.schema.wire_text import Text, readings
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract, LenientContract
from bothends.runtime.schema.sample.value import sample

_MOST = 10_000
"""Characters or items of a value that is made longer than a schema allows."""

_MOST_CHOICES = 8
"""Values of a list that are tried in place of a sample's."""

_OTHER_VALUES: Final[tuple[Any, ...]] = (None, True, 0, 0.5, "", [], {})
"""One of each type."""

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


@dataclass(frozen=True, slots=True)
class Way:
    """How a value travels: from callers or to them, with its scalars as text or not, in a path."""

    is_request: bool
    text: Text = Text.NONE
    is_segment: bool = False

    def can_carry(self, value: Any) -> bool:
        """Whether the value has a form on the wire: null has none among texts."""
        if self.is_segment and value in ("", [], {}):
            return False
        return self.text is Text.NONE or "null" not in json.dumps(value)

    def is_refused(self, contract: Contract, pointer: str, value: Any) -> bool:
        """Whether a reader refuses all that the value may be read as."""
        read = [value] if self.text is Text.NONE else readings(value)
        return not any(contract.accepts(pointer, reading) for reading in read)


class WitnessSearch:
    """Finds values that show differences between two contracts.

    A shared schema differs once and is used by hundreds of operations. So what depends on the
    difference alone is made once: compiling its validator is the dearest step of a comparison.
    """

    def __init__(
        self, components: Components, containment: Containment, old: Contract, new: Contract
    ) -> None:
        self._components, self._containment = components, containment
        self._old, self._new = old, new
        # A text that is not of its format refuses no reply, unless the contract says so.
        self._is_strict = old.answers is old
        self._cheap: dict[tuple[str, str, str, bool], _Proposals] = {}
        self._computed: dict[tuple[str, str, str, bool], _Proposals] = {}
        self._wholes: dict[tuple[bool, str], list[Any]] = {}
        self._documented: dict[tuple[str, str], Contract] = {}

    def find(self, difference: Difference, pair: tuple[str, str], way: Way) -> Any:
        """Find a value that shows a difference.

        Args:
            difference: The place, and the schema before and after.
            pair: The pointers of the whole schemas in the old and the new contract.
            way: How the value travels. The sender must allow it, and the reader refuse it.

        Returns:
            The JSON value, checked with the validators of both contracts; MISSING if none was
            found.
        """
        old, new = (self._old, pair[0]), (self._new, pair[1])
        allowing, refusing = (old, new) if way.is_request else (new, (self._old.answers, pair[0]))
        # Of what only one contract allows there may be no sample; of the other's, with a value
        # of this one in it, there is.
        wholes = self._wholes_of(allowing) + self._wholes_of((refusing[0].strict, refusing[1]))

        for proposals in self._proposals_for(difference, is_request=way.is_request):
            # The smallest whole first, then one with all properties: a change deep inside needs its
            # parents to be there.
            for root in wholes:
                found = [
                    value
                    for value in self._candidates(root, difference, proposals, way)
                    if way.can_carry(value)
                    and allowing[0].accepts(allowing[1], value)
                    and way.is_refused(*refusing, value)
                    and self._is_documented(allowing, value)
                ]
                if found:
                    # The shortest is read fastest; a person checks it by eye.
                    return min(found, key=lambda value: len(json.dumps(value)))

        return MISSING

    def _is_documented(self, allowing: tuple[Contract, str], value: Any) -> bool:
        """Whether a value has no property that the sender's contract does not name."""
        contract, pointer = allowing
        side = OLD if contract is self._old else NEW
        if (side, pointer) not in self._documented:
            schema = plain(contract.node_at(pointer), side)
            self._documented[side, pointer] = _document(self._containment.documented(schema))
        return self._documented[side, pointer].accepts(_WHOLE, value)

    def _candidates(
        self, root: Any, difference: Difference, proposals: _Proposals, way: Way
    ) -> Iterator[Any]:
        """The whole as it is, if its own part is refused, and with each proposal in its place."""
        part = root
        for step in difference.path:
            part = _child(part, step)
        if part is not MISSING and not proposals.current.accepts(_WHOLE, part):
            yield root

        prepared = self._with_branches(root, difference.path, way)
        for value in proposals.values:
            grafted = _graft(prepared, difference.path, value)
            if grafted is not MISSING:
                yield grafted

    def _with_branches(self, root: Any, path: tuple[Step, ...], way: Way) -> Any:
        """A whole that has the alternatives of unions in it that lead to a place."""
        for index, step in enumerate(path):
            if isinstance(step, Branch) and index + 1 < len(path):
                pointer = step.old_pointer if way.is_request else step.new_pointer
                samples = self._wholes_of((self._old if way.is_request else self._new, pointer))
                grafted = _graft(root, path[:index], samples[-1]) if samples else MISSING
                root = root if grafted is MISSING else grafted
        return root

    def _proposals_for(self, difference: Difference, *, is_request: bool) -> Iterator[_Proposals]:
        """The cheap values first. Subtracting sets of large objects takes seconds."""
        old, changed = difference.old, difference.changed
        larger, smaller = (changed, old) if is_request else (old, changed)
        key = (difference.old_pointer, difference.new_pointer, difference.message, is_request)

        if key not in self._cheap:
            current = _document(self._components.with_definitions(larger))
            current = current if is_request or self._is_strict else LenientContract(current)
            samples = list(_samples(self._components.with_definitions(smaller)))
            values = [*samples, *_beyond(larger, samples), *_beside(samples)]
            values += [*_with_choices(smaller, samples), *_usual_values()]
            self._cheap[key] = _Proposals.from_values(current, values)
        yield self._cheap[key]

        if key not in self._computed:
            values = list(self._values_between(larger, smaller))
            self._computed[key] = _Proposals.from_values(self._cheap[key].current, values)
        yield self._computed[key]

    def _values_between(self, larger: Any, smaller: Any) -> Iterator[Any]:
        """Values that only the smaller schema allows, computed from what differs alone."""
        shorter = trimmed(larger, smaller)
        found = list(_samples(self._containment.difference(*shorter)))
        yield from found
        if not found and shorter != (larger, smaller):
            found = list(_samples(self._containment.difference(larger, smaller)))
            yield from found

        # The properties that both describe alike may have any value in these: give them a good one.
        usual = list(_samples(self._components.with_definitions(smaller)))
        for usual_object in filter(is_object, usual):
            for value in filter(is_object, found):
                yield {name: usual_object.get(name, item) for name, item in value.items()}

    def _wholes_of(self, side: tuple[Contract, str]) -> list[Any]:
        contract, pointer = side
        key = (contract is self._old, pointer)
        if key not in self._wholes:
            samples = (sample(contract, pointer), sample(contract, pointer, full=True))
            self._wholes[key] = [root for root in samples if root is not MISSING]
        return self._wholes[key]


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
            yield from (limit, limit - 1, limit + 1, limit - 0.5, limit + 0.5)


def _beside(samples: Iterable[Any]) -> Iterator[Any]:
    """Values with one property less, one more, or one of another type."""
    for value in samples:
        if is_array(value):
            yield from (value[1:], [*value, *value[:1]])
        if is_object(value):
            for name in value:
                yield {key: item for key, item in value.items() if key != name}
                yield from ({**value, name: other} for other in _OTHER_VALUES)
            yield from ({**value, "x": other} for other in ("x", 0))


def _with_choices(schema: Any, samples: Iterable[Any]) -> Iterator[Any]:
    """Objects with another of the values that a property lists, on which conditions depend."""
    properties = as_object(as_object(schema).get("properties"))
    for name, described in properties.items():
        for choice in as_array(as_object(described).get("enum"))[:_MOST_CHOICES]:
            yield from ({**value, name: choice} for value in samples if is_object(value))


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
    if isinstance(step, Branch):
        return _graft(root, tuple(inner), value)
    if isinstance(step, Others):
        step = _other_name(root, step)

    child = _child(root, step) if inner else None
    grafted = _graft(child, tuple(inner), value) if child is not MISSING else MISSING
    if grafted is MISSING:
        return MISSING

    if is_object(root) and isinstance(step, str):
        return {**root, step: grafted}
    if is_array(root) and isinstance(step, int) and step <= len(root):
        return [*root[:step], grafted, *root[step + 1 :]]
    return MISSING


def _other_name(node: Any, step: Others) -> str:
    """The first property that is not declared, or a name for one."""
    others = [name for name in as_object(node) if name not in step.declared]
    return others[0] if others else "x"


def _child(node: Any, step: Step) -> Any:
    if isinstance(step, Branch):
        return node
    if isinstance(step, Others):
        step = _other_name(node, step)
    if is_object(node) and isinstance(step, str):
        return node.get(step, MISSING)
    if is_array(node) and isinstance(step, int) and step < len(node):
        return node[step]
    return MISSING
