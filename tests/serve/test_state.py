"""State survives in a file, and is seeded once."""

from __future__ import annotations

import sqlite3
from collections.abc import MutableMapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bothends.runtime.database import StateError
from bothends.runtime.stand_in import SeedError, StandInError, State, app_of, make_stand_in
from capillary.client import CapillaryClient
from capillary.models import ResendRequest
from leegality.client import LeegalityClient
from leegality.models import ResendRequest as LeegalityRequest
from tests.vendors.stand_ins import stand_in


@dataclass(frozen=True)
class Buoy:
    name: str
    lights: frozenset[str] = frozenset()


@dataclass
class StandIn:
    seeds: ClassVar[tuple[str, ...]] = ("buoys", "keeper")
    buoys: MutableMapping[str, Buoy] = field(default_factory=lambda: {"a": Buoy("A")})
    keeper: str | None = None
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        self.buoys = self.state.records("buoys", Buoy, self.buoys)
        self.keeper = self.state.value("keeper", str | None, self.keeper)


@pytest.mark.parametrize("in_file", [False, True])
def test_records_keep_their_order_of_insertion(tmp_path: Path, in_file: bool):
    state = State(tmp_path / "state.db" if in_file else None)
    buoys = state.records("buoys", Buoy, {"b": Buoy("B"), "a": Buoy("A", frozenset({"red"}))})
    buoys["c"] = Buoy("C")
    buoys["b"] = Buoy("B2")
    assert (list(buoys), len(buoys)) == (["b", "a", "c"], 3)
    assert (buoys["b"], buoys["a"]) == (Buoy("B2"), Buoy("A", frozenset({"red"})))
    del buoys["b"]
    assert "b" not in buoys
    with pytest.raises(KeyError):
        _ = buoys["b"]

    with pytest.raises(KeyError):
        del buoys["b"]

    state.close()


def test_state_file_outlives_the_next_seed(tmp_path: Path):
    first = make_stand_in(
        StandIn, state=State(tmp_path / "s.db", "x"), seed={"buoys": {}, "keeper": "Ida"}
    )
    assert dict(first.buoys) == {}
    first.buoys["n"] = Buoy("N")
    first.state.close()
    second = make_stand_in(
        StandIn, state=State(tmp_path / "s.db", "x"), seed={"buoys": {"z": {"name": "Z"}}}
    )
    assert (dict(second.buoys), second.keeper) == ({"n": Buoy("N")}, "Ida")
    second.state.close()


def test_an_emptied_room_stays_empty(tmp_path: Path):
    first = StandIn(state=State(tmp_path / "s.db"))
    del first.buoys["a"]
    first.state.close()
    second = StandIn(state=State(tmp_path / "s.db"))
    assert dict(second.buoys) == {}
    second.state.close()


def test_state_of_another_package_is_refused(tmp_path: Path):
    State(tmp_path / "s.db", "one").close()
    with pytest.raises(StateError, match="holds the state of the stand-in for one"):
        State(tmp_path / "s.db", "two")


def test_foreign_database_is_refused_and_unchanged(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(StateError, match="something else"):
        State(tmp_path / "s.db")
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_outdated_state_file_is_reported(tmp_path: Path):
    StandIn(state=State(tmp_path / "s.db")).state.close()
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        connection.execute("UPDATE records SET value = '{}'")
        connection.commit()

    stand_in = StandIn(state=State(tmp_path / "s.db"))
    with pytest.raises(StateError, match="does not fit"):
        _ = stand_in.buoys["a"]

    stand_in.state.close()


@pytest.mark.parametrize(
    ("seed", "pointer", "rule"),
    [
        ([], "", "must be an object"),
        ({"buoy": {}}, "/buoy", "did you mean buoys"),
        ({"x": {}}, "/x", "there are: buoys, keeper"),
        ({"state": {}}, "/state", "there are: buoys, keeper"),
        ({"buoys": {"a/b": {}}}, "/buoys/a~1b/name", "required"),
        ({"buoys": {"a": {"name": 1}}}, "/buoys/a/name", "string"),
        ({"buoys": {"a": {"name": "A", "colour": "red"}}}, "/buoys/a/colour", "nexpected"),
        ({"buoys": {"a": {"name": "A", "lights": ["red", 7]}}}, "/buoys/a/lights/1", "string"),
        ({"keeper": 7}, "/keeper", "string"),
    ],
)
def test_unfit_seed_names_its_location(seed: object, pointer: str, rule: str):
    with pytest.raises(SeedError) as caught:
        make_stand_in(StandIn, seed=seed)
    ((place, told),) = caught.value.faults
    assert place == pointer
    assert rule in told


def test_unknown_seed_field_is_refused():
    class Bare:
        pass

    with pytest.raises(StandInError, match="takes no `state`"):
        make_stand_in(Bare, state=State())

    with pytest.raises(SeedError, match="takes no seed"):
        make_stand_in(Bare, seed={"a": 1})

    assert isinstance(make_stand_in(Bare), Bare)


@pytest.mark.parametrize(
    ("vendor", "seed"),
    [
        (
            "zuora",
            {
                "tenants": {"t": {"name": "acme", "entities": ["north"], "orgs": []}},
                "notifications": {"n": {}},
            },
        ),
        (
            "capillary",
            {
                "logins": {"till": "hash"},
                "tokens": ["t"],
                "org_id": 1,
                "messages": [7],
                "last_id": 9,
            },
        ),
        (
            "leegality",
            {
                "tokens": ["t"],
                "address": "https://x.test/",
                "invitees": {"u": {"name": "A", "email": "e", "phone": None}},
            },
        ),
    ],
)
@pytest.mark.parametrize("in_file", [False, True])
def test_the_vendors_take_what_the_readme_says(
    tmp_path: Path, vendor: str, seed: dict[str, Any], in_file: bool
):
    kind = stand_in(vendor).StandIn
    assert set(kind.seeds) == set(seed)
    state = State(tmp_path / "s.db" if in_file else None, vendor)
    made = make_stand_in(kind, seed=seed, state=state)
    assert app_of(made, vendor) is not None
    state.close()


def test_a_seeded_capillary_knows_its_messages():
    capillary = make_stand_in(
        stand_in("capillary").StandIn, seed={"messages": [7], "last_id": 9, "org_id": 1}
    )
    client = CapillaryClient(access_token="t", app=capillary.app(), responses="strict")
    answers = [client.resend_message(ResendRequest(message_id=id_)) for id_ in (7, 10, 8)]
    assert [type(answer).__name__ for answer in answers] == [
        "ResentMessage",
        "ResentMessage",
        "MessageNotFound",
    ]


def test_a_seeded_leegality_knows_its_invitees():
    seed = {
        "address": "https://x.test/",
        "invitees": {"u": {"name": "A", "email": "e", "resends": 4}},
    }
    leegality = make_stand_in(stand_in("leegality").StandIn, seed=seed)
    client = LeegalityClient(auth_token="t", app=leegality.app(), responses="strict")

    for status in (1, 0):
        reply = client.resend_notifications(LeegalityRequest(sign_urls=["u"]))
        assert reply.data is not None
        (outcome,) = reply.data.invitations or []
        assert (outcome.status, outcome.sign_url) == (status, "https://x.test/u")
