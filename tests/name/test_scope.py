"""Names in one scope: who gets the name that several ask for."""

from __future__ import annotations

from itertools import permutations

from bothends.name.lock import Lock
from bothends.name.scope import NameRequest, settle
from bothends.name.words import variable


def names(*written: str) -> dict[str, str]:
    """The name of each wire name, by itself or with what tells it apart."""
    found = settle(
        [NameRequest(name, (variable(name), variable(f"{name}_query")), name) for name in written],
        Lock(),
        frozenset(),
    )
    return {key: str(name) for key, name in found.items()}


def test_name_without_signs_wins_in_any_order() -> None:
    for written in permutations(["DateSent", "DateSent[]", "@DateSent"]):
        assert names(*written)["DateSent"] == "date_sent"


def test_exact_spelling_wins_before_plain_one() -> None:
    for written in permutations(["dateSent", "date_sent", "date-sent"]):
        found = names(*written)
        assert found["date_sent"] == "date_sent"
        assert found["dateSent"] != "date_sent"


def test_two_plain_ones_get_neither_name() -> None:
    assert "date_sent" not in names("DateSent", "dateSent").values()
