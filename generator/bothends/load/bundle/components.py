"""The components that the files of a contract become: their content, keys, and pointers.

    paths.yaml   schema: {$ref: models/tide.yaml}     a component called `tide`
    paths.yaml   schema: {$ref: 'models/tide.yaml#/properties/level'}

The second one is a part of the first, so it gets no key of its own: its pointer in the bundle is
`/components/schemas/tide/properties/level`, and one schema has one class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bothends.load.bundle.keys import choose_keys
from bothends.load.bundle.place import Spot, Target
from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below, split


@dataclass(slots=True)
class Components:
    """What the walk found that has a section of its own in `components`.

    Attributes:
        sections: By kind, the pointer of the section.
        copied: The content of each component; None until it is read, or where it stands elsewhere.
        waiting: Components whose content is still to be read.
        given_keys: Keys of the root, for what the root calls by a name.
        seen_inside: What is written inside something else: its owner, and the way from there.
    """

    sections: Mapping[str, str]
    copied: dict[Target, Any] = field(default_factory=dict[Target, Any])
    waiting: list[Target] = field(default_factory=list[Target])
    given_keys: dict[Target, str] = field(default_factory=dict[Target, str])
    seen_inside: dict[Target, tuple[Target | None, str]] = field(
        default_factory=dict[Target, tuple["Target | None", str]]
    )

    def want(self, target: Target) -> None:
        """Note that something refers to a component, so that its content is read once."""
        if target not in self.copied and target not in self.given_keys:
            self.copied[target] = None
            self.waiting.append(target)

    def is_given_key(self, target: Target, spot: Spot) -> bool:
        """Whether the walk is at the component of the root whose content the target is."""
        key = self.given_keys.get(target)
        section = self.sections[target.kind]
        return spot.owner is None and key is not None and spot.bundled == below(section, key)

    def add_to(self, data: dict[str, Any], root: Path) -> dict[Target, str]:
        """Put the components into their sections; give the pointer of each.

        Args:
            data: The document, whose own components stay.
            root: The path of the root file: keys are made of the words of paths below its folder.
        """
        pointers: dict[Target, str] = {}
        for target, key in self.given_keys.items():
            pointers[target] = below(self.sections[target.kind], key)

        contained = self._contained()
        for kind, pointer in self.sections.items():
            section = data
            for part in split(pointer):
                content = section.get(part)
                section[part] = dict(content) if is_object(content) else {}
                section = section[part]

            placed = contained | self.given_keys.keys()
            own = [target for target in self.copied if target.kind == kind]
            targets = {
                target: _location_words(target, root) for target in own if target not in placed
            }
            for target, key in choose_keys(targets, frozenset(section)).items():
                section[key] = self.copied[target]
                pointers[target] = below(pointer, key)

        for target in contained:
            self.copied[target] = None
            pointers[target] = self._contained_pointer(target, pointers)

        _drop_empty(data, self.sections.values())
        return pointers

    def _contained(self) -> set[Target]:
        """The targets that are also written inside something else of the bundle.

        `tide.yaml` and `tide.yaml#/properties/level` become one component and a reference into it,
        so that one schema has one class.
        """
        return (self.copied.keys() & self.seen_inside.keys()) - self.given_keys.keys()

    def _contained_pointer(self, target: Target, pointers: Mapping[Target, str]) -> str:
        inside = ""
        owner: Target | None = target
        while owner is not None and owner not in pointers:
            owner, way = self.seen_inside[owner]
            inside = way + inside
        return (pointers[owner] if owner else "") + inside


def _location_words(target: Target, root: Path) -> tuple[str, ...]:
    """Return the words of a target's location, from the outermost folder to the last key."""
    relative = target.file.relative_to(root.resolve().parent)
    return (*relative.parent.parts, relative.stem, *split(target.pointer))


def _drop_empty(data: dict[str, Any], sections: Iterable[str]) -> None:
    for pointer in sections:
        *path, last = split(pointer)
        holder = data
        for part in path:
            holder = holder.get(part, {})
        if holder.get(last) == {}:
            del holder[last]
    if data.get("components") == {}:
        del data["components"]
