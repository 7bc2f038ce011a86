"""Readers of what comes from outside raise their own errors and no others: drawn bytes, and what fuzzing found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .fuzz import FOLDER, mutated
from .readers import READERS, SEEDS, read


@pytest.mark.parametrize("name", READERS)
def test_mutations_raise_errors_of_the_reader(name: str) -> None:
    draw = random.Random(1)
    for _ in range(150):
        read(name, mutated(draw, list(SEEDS[name])))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*-*")), ids=lambda file: file.name)
def test_what_fuzzing_found_is_mended(file: Path) -> None:
    read(file.name.partition("-")[0], file.read_bytes())
