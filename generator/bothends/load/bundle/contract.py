"""Reads a contract, in one file or in several."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bothends.load.bundle.bundler import Bundler
from bothends.load.document import Document
from bothends.load.read import load_usable
from bothends.load.read_json import RepeatedParts
from bothends.openapi.grammar import METHODS

_OTHER_FILE = re.compile(r"""\$ref["']?\s*:\s*(?:["'][^#"'\s]|[^#"'\s{])""")
"""A reference that does not begin with `#`. A property called `$ref` has a schema: `"$ref": {`."""

_REFERENCE = re.compile(r"\$ref\b")
_LAST_WORD = re.compile(r"\w+\Z")
_FURTHEST: Final = 300
"""Characters between the key of an operation and its `$ref`: a colon, and an indentation."""


def load_contract(
    path: Path, *, display_path: str | None = None, repeated: RepeatedParts | None = None
) -> Document:
    """Read a contract with all files that it refers to.

    Args:
        path: The root file. Files outside its folder are not read.
        display_path: The path as messages show it.
        repeated: What was read of another version of the contract, and is taken over.

    Returns:
        One document. A reference that could not be followed stays, and `unread` says why. What is
        wrong in one place of a file is left out, and among the `notes`.

    Raises:
        ContractError: The root file cannot be read, or is no document.
    """
    root = load_usable(path, display_path=display_path, repeated=repeated)
    if not (_OTHER_FILE.search(root.source) or _refers_to_operation(root.source)):
        return root
    return Bundler(root, path).run()


def _refers_to_operation(source: str) -> bool:
    """Whether an operation may be written as a `$ref`: a look at what stands before each.

    From the references back to the keys: to look for six words in 13 MB takes ten times as long.
    """
    for found in _REFERENCE.finditer(source):
        before = source[max(0, found.start() - _FURTHEST) : found.start()].rstrip("\"' \t\r\n{")
        key = before[:-1].rstrip("\"' \t\r\n").lower() if before.endswith(":") else ""
        if key.endswith(METHODS):
            word = _LAST_WORD.search(key)
            if word is not None and word[0] in METHODS:
                return True

    return False
