"""How large the parts of a contract are where what they refer to is written out.

Example: `properties: {a: {$ref: Colour}, b: {$ref: Colour}}`, and `Colour` is an enum of a hundred
texts. It has four values as written, and more than two hundred where the enum is written out. A
class is written once, unless `allOf` takes its members; only its description is repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from bothends.openapi.document import ContractDocument
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.reference import target_of

# So many characters cost as much as one value.
_CHARACTERS = 64
# Sums over many levels of sharing have thousands of digits.
_MOST = 10**12
_CLASS = frozenset(("properties", "allOf"))


class Part(NamedTuple):
    """A part that is written out elsewhere: all of it, or what describes it."""

    pointer: str
    is_whole: bool = True


class WrittenOut:
    """The sizes of a contract's parts, each found once."""

    def __init__(self, document: ContractDocument) -> None:
        self._document = document
        self._sizes: dict[Part, int] = {}

    def uses(self) -> Counter[Part]:
        """How many references of the contract write each part out."""
        return Counter(self._found(self._document.data))

    def of(self, start: Part) -> int:
        """The size of a part with all that it writes out; a circle adds nothing."""
        entered: dict[Part, list[Part]] = {}
        waiting = [start]
        while waiting:
            part = waiting[-1]
            if part in entered:
                inner = sum(self._sizes[used] for used in entered.pop(part))
                self._sizes[part] = min(self._sizes[part] + inner, _MOST)
                waiting.pop()
            elif part in self._sizes:
                waiting.pop()
            else:
                node = self._at(part)
                self._sizes[part] = size_of(node)
                entered[part] = list(self._found(node))
                waiting += [used for used in entered[part] if used not in self._sizes]

        return self._sizes[start]

    def _at(self, part: Part) -> Any:
        try:
            node = self._document.value_at(part.pointer)
        except KeyError:
            return None
        if part.is_whole:
            return node
        return {field: node[field] for field in ("title", "description") if field in node}

    def _found(self, node: Any) -> Iterator[Part]:
        """The parts that a value writes out, as often as it does."""
        waiting = [(node, False)]
        while waiting:
            value, is_merged = waiting.pop()
            if is_array(value):
                waiting += [(item, is_merged) for item in value]
            elif is_object(value):
                waiting += [(item, key == "allOf") for key, item in value.items()]
                if target := target_of(value):
                    is_class = not _CLASS.isdisjoint(as_object(self._at(Part(target))))
                    yield Part(target, is_merged or not is_class)


def size_of(node: Any) -> int:
    """The size of a value without what it refers to: values, and characters at 64 for one."""
    size, waiting = 0, [node]
    while waiting:
        value = waiting.pop()
        size += 1
        if is_object(value):
            waiting += value.values()
        elif is_array(value):
            waiting += value
        elif isinstance(value, str):
            size += len(value) // _CHARACTERS
    return size
