"""Planted bugs of servers that read lists in parts, each seen by a proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bothends.prove import Package

from .packages import Bug, make_package, prove_bug
from .wrong_parts import Part, each, parted

CONTRACT = Path(__file__).parents[1] / "cases" / "part_lists" / "openapi.yaml"


def _headed(name: bytes, *values: bytes) -> Any:
    """A server that takes a header of each part for what it should be."""

    def change(parts: list[Part]) -> list[Part]:
        found: list[Part] = []
        for index, (head, content) in enumerate(parts):
            others = [line for line in head if not line.startswith(name)]
            value = values[min(index, len(values) - 1)]
            found.append(([*others, name + b": " + value], content))
        return found

    return parted(change)


def _lenient_json(part: Part) -> Part:
    try:
        return part[0], json.dumps(json.loads(part[1])).encode()  # the last of two names counts
    except ValueError:
        return part


def _sorted(parts: list[Part]) -> list[Part]:
    """Takes the parts in any order: the JSON first."""
    return sorted(parts, key=lambda part: b"application/json" not in b"".join(part[0]))


def _content(document: dict[str, Any], path: str, media_type: str = "multipart/mixed") -> Any:
    return document["paths"][path]["post"]["requestBody"]["content"][media_type]


TYPES = (b"application/json", b"text/plain", b"image/png", b"text/plain")
NAMES = (b'form-data; name="cover"', b'form-data; name="file"')
BUGS = [
    Bug("any media type of a part", wrap=_headed(b"Content-Type", *TYPES), of="addLetter"),
    Bug("any name of a part", wrap=_headed(b"Content-Disposition", *NAMES), of="addForm"),
    Bug("duplicate names in a part", wrap=each(_lenient_json), of="addScans"),
    Bug("any order", wrap=parted(_sorted), of="addLetter"),
    Bug("the last part is dropped", wrap=parted(lambda parts: parts[:5]), of="addTable"),
    Bug(
        "any number of listed parts",
        mutate=lambda d: d["components"]["schemas"]["Letter"].pop("maxItems"),
        of="addLetter",
    ),
    Bug(
        "an optional header of a file",
        mutate=lambda d: _content(d, "/letters")["prefixEncoding"][2].pop("headers"),
        of="addLetter",
    ),
    Bug(
        "another media type of what follows",
        mutate=lambda d: _content(d, "/letters")["itemEncoding"].update(contentType="text/*"),
        of="addLetter",
    ),
    Bug(
        "a list in a list as text",
        mutate=lambda d: _content(d, "/tables").update(itemEncoding={"contentType": "text/plain"}),
        of="addTable",
    ),
    Bug(
        "a longer listed file",
        mutate=lambda d: _content(d, "/albums", "multipart/related")["schema"]["items"].pop(
            "maxLength"
        ),
        of="addAlbum",
    ),
]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Package]:
    folder = tmp_path_factory.mktemp("letters")
    return folder, make_package(folder, "letters_in_parts", CONTRACT)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_with_a_list_in_parts_is_seen(letters: tuple[Path, Package], bug: Bug) -> None:
    failures = prove_bug(*letters, bug).failures
    assert failures
