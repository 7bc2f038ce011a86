"""Which classes are made of others, by `allOf` or by a `$ref` with siblings.

Worked example: `Pet` has a discriminator, `Cat: {allOf: [{$ref: Pet}, …]}`, `Lion: {allOf: [{$ref:
Cat}, …]}`.

    extended("Lion")    ->  {"Cat"}
    ancestors("Lion")   ->  {"Cat", "Pet"}
    of_base             ->  {"Pet": ["Cat", "Lion"], "Cat": ["Lion"]}

Where a Pet is asked for, each of them is read, and where a Cat is, a Lion as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bothends.openapi.discriminator import MOST_HEIRS, inherits_discriminator
from bothends.openapi.json_value import as_array


class Heirs:
    """The classes of a contract by what they extend.

    Args:
        components: The schema of each component.
        classes: The components that become classes.
        key_of: The component that a schema refers to, or None.
    """

    def __init__(
        self,
        components: Mapping[str, Any],
        classes: Iterable[str],
        key_of: Callable[[Any], str | None],
    ) -> None:
        self._components, self._key_of = components, key_of
        self._parents = {key: self.extended(key) for key in classes}
        self.of_base: dict[str, list[str]] = {}
        """The heirs of each class with a discriminator of its own or of a base (OpenAPI 3.1
        §4.8.25)."""
        self.crowded: dict[str, list[str]] = {}
        """The bases of too many heirs to write out, each with these."""
        self._find_bases()

    def ancestors(self, key: str) -> set[str]:
        """The classes that a class is made of, at any distance."""
        found, waiting = set[str](), [key]
        while waiting:
            new = self._parents.get(waiting.pop(), set()) - found
            found |= new
            waiting.extend(new)
        return found

    def extended(self, key: str) -> set[str]:
        """The components that a component extends itself."""
        schema = self._components[key]
        parts = [schema, *as_array(schema.get("allOf"))]
        return {parent for part in parts if (parent := self._key_of(part)) is not None}

    def _find_bases(self) -> None:
        tagged = {key for key in self._parents if self._discriminates(self._components[key])}
        bases = set(tagged)
        for key in self._parents:
            if tagged & self.ancestors(key) and inherits_discriminator(self._components[key]):
                bases.add(key)

        heirs: dict[str, list[str]] = {key: [] for key in self._components if key in bases}
        for key in self._components:
            for base in bases & self.ancestors(key) - {key}:
                heirs[base].append(key)

        for base, found in heirs.items():
            if len(found) > MOST_HEIRS:
                self.crowded[base] = found
            elif found:
                self.of_base[base] = found

    def _discriminates(self, schema: dict[str, Any]) -> bool:
        # With alternatives of its own, the discriminator chooses among those.
        return "discriminator" in schema and not {"oneOf", "anyOf"} & schema.keys()
