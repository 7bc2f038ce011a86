"""How the program reads, as far as a program can see it: line length, air, bare words.

Each room has an allowance for what was there when the check came. An allowance only shrinks: who
mends a place lowers the number, and a room that is not listed has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from . import house
from .project_files import project_files

BARE_SHARE = 0.01
"""At most this share of a room's names is one bare private word (`told`, `given`, `at`)."""

ALLOWED: dict[str, dict[str, int]] = {
    "long_lines": {
        "__init__.py": 1,
        "check": 9,
        "cli": 6,
        "config": 1,
        "diagnostics": 2,
        "interpret": 6,
        "normalise": 7,
        "openapi": 9,
        "prove": 28,
        "pytest_plugin.py": 1,
        "record": 2,
        "runtime": 13,
    },
    "nested_conditionals": {},
    "crowded_statements": {"prove": 3, "runtime": 3},
    "short_helpers": {
        "check": 7,
        "config": 1,
        "diagnostics": 3,
        "diff": 2,
        "emit": 5,
        "interpret": 5,
        "load": 5,
        "name": 1,
        "normalise": 8,
        "openapi": 3,
        "prove": 16,
        "runtime": 37,
        "serve": 3,
        "write": 1,
    },
}


def room_files(repository: Path) -> Iterator[tuple[str, Path]]:
    program = repository / "generator/bothends"
    for file in project_files(repository):
        if file.suffix == ".py" and file.is_relative_to(program):
            yield file.relative_to(program).parts[0], file


@pytest.mark.parametrize("check", sorted(ALLOWED))
def test_each_room_keeps_its_allowance(repository: Path, check: str) -> None:
    find: Callable[[Path], Iterator[int]] = getattr(house, check)
    found = [
        (room, f"{file.relative_to(repository)}:{line}")
        for room, file in room_files(repository)
        for line in find(file)
    ]
    counts = Counter(room for room, _ in found)
    beyond = {room for room, count in counts.items() if count > ALLOWED[check].get(room, 0)}
    assert [place for room, place in found if room in beyond] == []


def test_few_names_are_bare_words(repository: Path) -> None:
    bare: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for room, file in room_files(repository):
        words, every = house.bare_words(file)
        bare[room] += words
        names[room] += every

    shares = {room: bare[room] / names[room] for room in names if bare[room] > 5}
    assert {room: share for room, share in shares.items() if share > BARE_SHARE} == {}


WAITS = {
    "tests/cli/test_generate.py": 1,  # until a process that was started has written: five minutes
}
"""Assertions that bound a wait for another process, by file."""


def test_no_test_fails_on_a_clock(repository: Path) -> None:
    found: Counter[str] = Counter()
    for file in project_files(repository):
        if file.suffix == ".py" and file.is_relative_to(repository / "tests"):
            found[str(file.relative_to(repository))] += len([*house.clock_assertions(file)])

    assert {name: count for name, count in found.items() if count} == WAITS


CROWDED = """
def first(value: object) -> str:
    return "a" if value else "b" if value is None else "c"


def _short(items: list[str]) -> list[str]:
    return [item for item in items if item]


def second(told: list[str]) -> list[str]:
    pairs = [(a, b) for a in [c for c in told] for b in _short(told)]
    return [a for a, _ in pairs]
"""


def test_the_checks_see_faults(tmp_path: Path) -> None:
    file = tmp_path / "crowded.py"
    file.write_text(CROWDED + "#" * 101 + "\n", encoding="utf-8")
    assert list(house.nested_conditionals(file)) == [3]
    assert list(house.crowded_statements(file)) == [11]
    assert list(house.short_helpers(file)) == [6]
    assert list(house.long_lines(file)) == [13]
    assert house.bare_words(file)[0] == 1
    file.write_text("assert time.monotonic() - began < 5\n", encoding="utf-8")
    assert list(house.clock_assertions(file)) == [1]
