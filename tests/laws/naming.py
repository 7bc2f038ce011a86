"""The names that a contract gets, without writing a package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bothends.interpret import interpret
from bothends.load import load_document
from bothends.name import Lock, Named, name
from bothends.normalise import normalise


def name_contract(folder: Path, contract: Any, lock: Lock | None = None) -> Named:
    """A contract as data, all the way to its names."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(contract), "utf-8")
    written = load_document(file, display_path=file.name)
    document = normalise(written)
    return name(interpret(document), document, written, lock or Lock(), "made")
