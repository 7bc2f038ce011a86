"""Generated files among those that people write: a hash in the last line tells an edited one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bothends.diagnostics import Finding, Severity
from bothends.small_file import NotReadable, read_small

_MARK = "# bothends wrote this: "


def marked(text: str) -> str:
    """Return the text with its hash in a last line."""
    return f"{text}{_MARK}{_hash(text)}\n"


def find_foreign(file: Path, display_path: str, new: str) -> Finding | None:
    """Return the finding that forbids to overwrite a file, or None.

    It is forbidden if a person wrote the file, or edited one that was generated.
    """
    try:
        old = read_small(file).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError, NotReadable):
        old = ""

    text, _, mark = old.rpartition(_MARK)
    # Git on Windows or an editor may change line ends; that counts as an edit, because the hash
    # says so.
    if old == new or (text and mark.strip() == _hash(text)):
        return None

    return Finding(
        "foreign-file",
        Severity.ERROR,
        f"{display_path} is in the way: it was not written by bothends, or it was changed since",
        hint="keep it and leave out --tests, or move it elsewhere",
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
