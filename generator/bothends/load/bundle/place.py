"""Places in a contract of several files: what a reference leads to, and where the walk is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from bothends.load.bundle.linked_files import LinkedFile
from bothends.openapi.pointer import below


class Target(NamedTuple):
    """What a reference leads to, as one component of the bundle."""

    kind: str
    file: Path
    pointer: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the walk is: in which file, and where that ends up in the bundle.

    `owner` is the component that the place is in, and None for the root: the key of a component is
    chosen at the end, so until then `bundled` counts from the component.
    """

    file: LinkedFile
    pointer: str
    owner: Target | None
    bundled: str
    open_references: tuple[tuple[Path, str], ...] = ()

    def inside(self, *parts: str | int) -> Spot:
        """The place of a part, in the file and in the bundle."""
        return replace(
            self, pointer=below(self.pointer, *parts), bundled=below(self.bundled, *parts)
        )
