"""What is wrong in one place of another file, told at the places of the bundle that it ends up in.

    types.yaml     Tide: {properties: {level: {type: number, maximum: .inf}}}

is a fault at `/components/schemas/Tide/properties/level/maximum` of the bundle, in line 1 of
types.yaml: it costs this keyword, not the reference to `types.yaml#/Tide`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bothends.diagnostics import Finding, Severity
from bothends.load.bundle.linked_files import LinkedFile
from bothends.load.document import Part
from bothends.load.faults import as_note


def notes_in_bundle(files: Iterable[LinkedFile], parts: Mapping[str, Part]) -> Iterator[Finding]:
    """Give each note of a linked file the pointers that its place has in the bundle.

    Args:
        files: The files of the contract. The root has its notes in its document.
        parts: By pointer of the bundle, what comes from another file.
    """
    for file in files:
        own = [
            (pointer, part.pointer)
            for pointer, part in parts.items()
            if part.path == file.display_path
        ]
        for note in file.notes:
            yield from _placed(note, own)


def _placed(note: Finding, parts: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Copy a note to each place: a path item that two paths refer to is in the bundle twice."""
    location = note.location
    if location is None:
        return

    around = [
        (bundled, written)
        for bundled, written in parts
        if location.pointer == written or location.pointer.startswith(f"{written}/")
    ]
    if not around:
        yield _without_effect(note)

    # A component inside of a file that is referred to as a whole has a place of its own.
    closest = max((len(written) for _, written in around), default=0)
    for bundled, written in around:
        if len(written) == closest:
            pointer = bundled + location.pointer[len(written) :]
            yield as_note(replace(note, location=replace(location, pointer=pointer)))


def _without_effect(note: Finding) -> Finding:
    """A fault in a part of a file that nothing refers to."""
    if note.severity is not Severity.ERROR or note.location is None:
        return note
    location = replace(note.location, pointer="")
    return replace(note, code=f"left-out-{note.code}", severity=Severity.WARNING, location=location)
