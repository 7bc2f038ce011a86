"""Which part of an API was emitted when something of ours failed."""

from __future__ import annotations

from typing import TypeAlias

from bothends import ir

Part: TypeAlias = ir.Operation | ir.Model | ir.Alias


class PartFault(Exception):
    """Something of ours failed for one part; the cause is what it raised."""

    def __init__(self, part: Part) -> None:
        super().__init__(str(part.name))
        self.part = part


def part_at_work(error: BaseException) -> Part | None:
    """Return the operation or model that the innermost function with one was called for."""
    if isinstance(error, PartFault):
        return error.part

    found: Part | None = None
    entry = error.__traceback__
    while entry is not None:
        held = [value for value in entry.tb_frame.f_locals.values() if isinstance(value, Part)]
        found = held[-1] if held else found
        entry = entry.tb_next
    return found
