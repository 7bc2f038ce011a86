"""Which operation was emitted when something of ours failed."""

from __future__ import annotations

from bothends import ir


def operation_at_work(error: BaseException) -> ir.Operation | None:
    """Return the operation that the innermost function with one was called for."""
    found: ir.Operation | None = None
    entry = error.__traceback__
    while entry is not None:
        held = [
            value for value in entry.tb_frame.f_locals.values() if isinstance(value, ir.Operation)
        ]
        found = held[-1] if held else found
        entry = entry.tb_next
    return found
