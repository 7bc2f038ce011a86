"""Every keyword of real contracts, changed: each verdict against one that drawn values decided.

The whole takes half an hour: `make mutants`, by judge_mutants.py. Its counts stand in PAIRS.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bothends.diff import Change, Direction, Verdict, compare
from bothends.load import Document, parse_document
from bothends.pipeline import check_and_normalise
from bothends.runtime.operation import MISSING
from tests.diff.mutants import Mutant, schema_mutants
from tests.diff.sampling import NOTHING
from tests.diff.truth import Pair, Side, Use, reached, uses_of

_TRIES = 120
_MOST_USES = 3


def contracts(repository: Path) -> Iterator[tuple[str, Document]]:
    """The vendors' contracts, that of the walk-through, and those of the features."""
    for file in sorted(repository.glob("*/*/openapi.yaml")) + sorted(
        repository.glob("tests/cases/*/openapi.yaml")
    ):
        if file.parent.parent.name in ("specs", "cases") and "broken" not in file.parent.name:
            document = parse_document(file.read_bytes(), file.name)
            yield file.parent.name, check_and_normalise(document).normalised


def judged(repository: Path, *, every: int, part: int = 0) -> Counter[str]:
    """How often each verdict met each truth, of one mutant in so many, in both orders."""
    counts: Counter[str] = Counter()
    number = 0
    for name, document in contracts(repository):
        uses = {use: reached(document, use) for use in uses_of(document)}
        for mutant in schema_mutants(name, document):
            number += 1
            if number % every == part:
                counts.update(_outcomes(mutant, uses, number))

    return counts


def _outcomes(mutant: Mutant, uses: dict[Use, set[str]], seed: int) -> Iterator[str]:
    affected = [use for use, pointers in uses.items() if mutant.pointer in pointers]
    for old, new in ((mutant.old, mutant.new), (mutant.new, mutant.old)):
        changes = compare(old, new)
        pair = Pair(Side(old), Side(new), mutant.pointer, mutant.keyword == "format")
        for direction in (Direction.REQUEST, Direction.REPLY):
            those = [use for use in affected if use.direction is direction]
            if those:
                yield _outcome(pair, [c for c in changes if c.direction is direction], those, seed)


def _outcome(pair: Pair, changes: list[Change], uses: list[Use], seed: int) -> str:
    verdicts = {change.verdict for change in changes} - {Verdict.NOTE}
    ours = next((verdict for verdict in Verdict if verdict in verdicts), Verdict.COMPATIBLE)
    is_unsafe = any(pair.broken_by(use, _TRIES, seed) is not NOTHING for use in uses[:_MOST_USES])
    if ours is Verdict.BREAKING and not is_unsafe:
        # A value that was not drawn: both validators judge the example.
        is_unsafe = any(_is_shown(pair, change, uses) for change in changes)
    return f"{ours} {'unsafe' if is_unsafe else 'safe'}"


def _is_shown(pair: Pair, change: Change, uses: Iterable[Use]) -> bool:
    if change.witness is None or change.witness.value is MISSING:
        return False
    is_request = change.direction is Direction.REQUEST
    sides = (pair.old, pair.new) if is_request else (pair.new, pair.old)
    return any(pair.shows(use, change.witness.value, *sides) for use in uses)


def assert_true(counts: Counter[str]) -> None:
    """No unsafe change is called compatible, few safe ones breaking, and few are not decided."""
    safe = sum(count for outcome, count in counts.items() if outcome.endswith(" safe"))
    unknown = sum(count for outcome, count in counts.items() if outcome.startswith("unknown"))
    assert counts["compatible unsafe"] == 0, counts
    assert counts["breaking safe"] <= 0.03 * safe, counts
    assert unknown < 0.05 * counts.total(), counts


def test_verdicts_of_some_mutants_are_true(repository: Path) -> None:
    counts = judged(repository, every=433)
    assert counts.total() >= 100
    assert_true(counts)
