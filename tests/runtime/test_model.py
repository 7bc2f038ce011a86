"""What a model makes of the values that it is built from: nothing else, or an error."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Field, ValidationError
from typing_extensions import TypeAliasType

from bothends.runtime import Model
from bothends.runtime.models.codec import encode

LONG = 12345678901234567891
Depth = TypeAliasType("Depth", float)


class Part(Model):
    size: float | None = None


class Thing(Model):
    org_id: Annotated[int | None, Field(alias="orgId")] = None
    number: float | None = None
    depth: Depth | None = None
    count: int | None = None
    flag: bool | None = None
    text: str | None = None
    many: list[float] | None = None
    by_name: dict[str, float] | None = None
    part: Part | None = None
    parts: list[Part] | None = None
    at: datetime | None = None
    day: date | None = None
    id: UUID | None = None


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"number": LONG}, {"number": LONG}),
        ({"number": 0.5}, {"number": 0.5}),
        ({"depth": LONG}, {"depth": LONG}),
        ({"many": [LONG, 0.5]}, {"many": [LONG, 0.5]}),
        ({"by_name": {"a": LONG}}, {"by_name": {"a": LONG}}),
        ({"part": {"size": LONG}}, {"part": {"size": LONG}}),
        ({"part": Part(size=LONG)}, {"part": {"size": LONG}}),
        ({"parts": [{"size": 1}, Part(size=LONG)]}, {"parts": [{"size": 1}, {"size": LONG}]}),
        ({"at": datetime(2026, 1, 2, tzinfo=UTC)}, {"at": "2026-01-02T00:00:00+00:00"}),
        ({"at": "2026-01-02T00:00:00Z"}, {"at": "2026-01-02T00:00:00+00:00"}),
        ({"day": date(2026, 1, 2)}, {"day": "2026-01-02"}),
        ({"id": UUID(int=1)}, {"id": "00000000-0000-0000-0000-000000000001"}),
        ({"more": "5", "most": LONG}, {"more": "5", "most": LONG}),
    ],
)
def test_what_is_given_is_sent(given: dict[str, Any], sent: dict[str, Any]) -> None:
    encoded = encode(Thing(**given))
    assert encoded == sent
    assert repr(encoded) == repr(sent)


@pytest.mark.parametrize(
    "given",
    [
        {"count": "5"},
        {"count": True},
        {"number": "5"},
        {"number": False},
        {"flag": "yes"},
        {"flag": 1},
        {"text": b"x"},
        {"at": 5},
        {"many": ["5"]},
        {"by_name": {"a": "5"}},
        {"part": {"size": "5"}},
    ],
)
def test_a_value_of_another_kind_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Thing(**given)


class TestWireNames:
    def test_one_as_an_argument_is_an_error_that_names_the_right_one(self) -> None:
        with pytest.raises(ValidationError, match="`orgId` as `org_id`"):
            Thing(orgId=5)

    def test_one_as_an_attribute_too(self) -> None:
        thing = Thing(org_id=5)
        with pytest.raises(AttributeError, match="`orgId` as `org_id`"):
            setattr(thing, "orgId", 6)  # noqa: B010
        thing.org_id = 7
        assert encode(thing) == {"orgId": 7}
