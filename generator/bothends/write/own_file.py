"""Files among those that people write: one that carries its own hash is ours for as long as nobody changed it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bothends.diagnostics import Finding, Severity

_MARK = "# bothends wrote this: "


def marked(text: str) -> str:
    """The text with a last line that tells whether it was changed since."""
    return f"{text}{_MARK}{_hash(text)}\n"


def find_foreign(file: Path, shown: str, new: str) -> Finding | None:
    """Why the file must not be written: it is somebody's own, or was changed by hand. None when it may be."""
    try:
        old = file.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError):
        old = ""

    text, _, mark = old.rpartition(_MARK)
    if old == new or (text and mark.strip() == _hash(text)):
        return None

    return Finding(
        "foreign-file",
        Severity.ERROR,
        f"{shown} is in the way: it was not written by bothends, or it was changed since",
        hint="keep it and leave out --tests, or move it elsewhere",
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
