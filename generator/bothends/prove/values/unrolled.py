"""Unroll a recursive schema a few times, with the components that it refers to.

What is drawn from a schema that leads back to itself has no bound: most draws would be thrown away
for their size. So each component that leads back to itself is there a few times, and the last time
leads nowhere.

For example, `Node: {properties: {next: {$ref: Node}}}` becomes `Node`, whose `next` is `Node 1`,
whose `next` is `Node 2`, whose `next` is the schema `false`. A drawn list has at most three nodes,
and the draw always ends.
"""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.pointer import join, split
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.schema.contract import Contract

_PREFIX = "#/components/schemas/"
# Each further generation multiplies the size of a draw.
_GENERATIONS = 3

Occurrence = tuple[str, int]
"""The name of a component, and how often it was met on the way to it."""


def schema_alone(contract: Contract, schema: dict[str, Any], *, unrolled: bool) -> dict[str, Any]:
    """The schema with its components.

    Unrolled, it allows a part of what it allowed, and perhaps nothing.
    """
    parts = _Parts(contract, unrolled=unrolled)
    root: dict[str, Any] = parts.rewritten(schema, None)
    if parts.found:
        root["components"] = {"schemas": parts.found}
    return root


class _Parts:
    def __init__(self, contract: Contract, *, unrolled: bool) -> None:
        self.found: dict[str, Any] = {}
        self._contract, self._unrolled = contract, unrolled
        self._reached: dict[str, set[str]] = {}

    def rewritten(self, node: Any, within: Occurrence | None) -> Any:
        """The node, with its references led to the copies that are meant."""
        if is_array(node):
            return [self.rewritten(item, within) for item in node]
        if not is_object(node):
            return node

        name = _component(node)
        result = {
            word: self.rewritten(item, within)
            for word, item in node.items()
            if word != "$ref" or name is None
        }
        if name is None:
            return result

        target = self._target(name, within)
        return False if target is None else {**result, "$ref": target}

    def _target(self, name: str, within: Occurrence | None) -> str | None:
        level = 0
        if (
            within is not None
            and self._unrolled
            and name in self._reach(name)
            and within[0] in self._reach(name)
        ):
            level = within[1] + 1 if name == within[0] else within[1] + (name <= within[0])
            if level >= _GENERATIONS:
                return None

        key = f"{name} {level}" if level else name
        if key not in self.found:
            self.found[key] = {}
            self.found[key] = self.rewritten(self._schema(name), (name, level))

        return "#" + join("components", "schemas", key)

    def _reach(self, name: str) -> set[str]:
        """The components that a component leads to."""
        if name not in self._reached:
            found: set[str] = set()
            waiting = [self._schema(name)]
            while waiting:
                node = waiting.pop()
                if is_array(node):
                    waiting += node
                elif is_object(node):
                    waiting += node.values()
                    target = _component(node)
                    if target is not None and target not in found:
                        found.add(target)
                        waiting.append(self._schema(target))

            self._reached[name] = found

        return self._reached[name]

    def _schema(self, name: str) -> Any:
        return self._contract.find(join("components", "schemas", name))


def _component(node: dict[str, Any]) -> str | None:
    target = node.get("$ref")
    if isinstance(target, str) and target.startswith(_PREFIX):
        return split(target.removeprefix("#"))[2]
    return None
