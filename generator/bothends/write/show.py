"""Changes as a person reads them."""

from __future__ import annotations

import difflib

from bothends.write.plan import Change, ChangeKind


def unified_diff(change: Change) -> str:
    """The change of one file as a unified diff; empty when there is none."""
    if change.kind is ChangeKind.UNCHANGED:
        return ""

    lines = difflib.unified_diff(
        (change.old or "").splitlines(),
        (change.new or "").splitlines(),
        fromfile=f"a/{change.display_path}" if change.old is not None else "(no file)",
        tofile=f"b/{change.display_path}" if change.new is not None else "(no file)",
        lineterm="",
    )
    return "\n".join(lines)
