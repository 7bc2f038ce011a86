"""What is made of each case is what lies in its folder: `make golden` rewrites it."""

from __future__ import annotations

import difflib

import pytest

from .cases import EXPECTED, FINDINGS, Case, find_cases

CASES = find_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_what_its_folder_holds(case: Case) -> None:
    made, present = case.make(), case.present()
    differences = [
        line
        for path in sorted(made.keys() | present.keys())
        if made.get(path) != present.get(path)
        for line in _difference(path, present.get(path), made.get(path))
    ]
    assert not differences, "\n".join(
        [*differences, "", "run `make golden` and read the difference"]
    )


def _difference(path: str, old: str | None, new: str | None) -> list[str]:
    if old is None or new is None:
        return [f"{case_word(old)}: {path}"]
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
    )
    return list(lines) or [f"{path}: only line ends differ"]


def case_word(old: str | None) -> str:
    return "missing" if old is None else "stale"


def test_every_case_says_something() -> None:
    assert len(CASES) >= 25
    for case in CASES:
        assert (case.folder / EXPECTED).is_dir() or (case.folder / FINDINGS).is_file()
