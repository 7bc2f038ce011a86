"""The text of `contract.json`, and where in it each part begins.

    {"bytes": 4388, "parts": {
    "/openapi": [14, 7],
    "/paths/~1harbours": [120, 930],
    "/components/schemas/Harbour": [2010, 412]
    }}

A package of a large contract has this as `contract.index.json`, so that a program reads the parts
that it uses: `bothends.runtime.schema.contract_file`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below


def contract_texts(data: Mapping[str, Any], *, is_indexed: bool) -> dict[str, str]:
    """Return the text of `contract.json`, and of its index if there is one."""
    text, places = _with_places(data)
    if not is_indexed:
        return {"contract.json": text}

    lines = ",\n".join(f"{json.dumps(pointer)}: {span}" for pointer, span in places.items())
    index = f'{{"bytes": {len(text)}, "parts": {{\n{lines}\n}}}}\n'
    return {"contract.json": text, "contract.index.json": index}


def _with_places(data: Mapping[str, Any]) -> tuple[str, dict[str, list[int]]]:
    """Return the JSON text, and where in it each part begins and how long it is.

    A part is a path, a schema component, or what else is at the top or in `components`. The text is
    ASCII, so characters are bytes.
    """
    writer = _Writer()
    writer.members(data, "", {"paths": {}, "components": {"schemas": {}}})
    writer.add("\n")
    return "".join(writer.pieces), writer.places


class _Writer:
    """JSON with an indent of one, as `json.dumps` writes it, that knows where it is."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.places: dict[str, list[int]] = {}
        self._length = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self._length += len(text)

    def members(
        self, value: Mapping[str, Any], pointer: str, divided: Mapping[str, Any], depth: int = 1
    ) -> None:
        """Write an object whose members are parts, or are divided further."""
        if not value:
            self.add("{}")
            return

        before = "{"
        for key, member in value.items():
            self.add(f"{before}\n{' ' * depth}{json.dumps(key)}: ")
            before, own = ",", below(pointer, key)
            if key in divided and is_object(member):
                self.members(member, own, divided[key], depth + 1)
            else:
                self._part(own, member, depth)
        self.add(f"\n{' ' * (depth - 1)}}}")

    def _part(self, pointer: str, value: Any, depth: int) -> None:
        text = json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False)
        # A line break in a JSON text is never inside a string.
        text = text.replace("\n", "\n" + " " * depth)
        self.places[pointer] = [self._length, len(text)]
        self.add(text)
