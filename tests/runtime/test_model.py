"""What a model makes of the values that it is built from: nothing else, or an error."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal, Never
from uuid import UUID

import pytest
from pydantic import AfterValidator, Field, ValidationError, create_model
from typing_extensions import TypeAliasType

from bothends.runtime import Model, Nullable
from bothends.runtime.models.encoding import encode

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
        ({"at": datetime(2026, 1, 2, tzinfo=UTC)}, {"at": "2026-01-02T00:00:00Z"}),
        ({"at": "2026-01-02T00:00:00Z"}, {"at": "2026-01-02T00:00:00Z"}),
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


class Closed(Model):
    __extras__: ClassVar[dict[str, Never]]
    org_id: Annotated[int | None, Field(alias="orgId")] = None


class Noted(Model):
    __extras__: ClassVar[dict[str, Part | date]]
    at: datetime | None = None
    text: Nullable[str] = None


class TestNames:
    def test_both_spellings_are_read(self) -> None:
        assert Thing(orgId=5) == Thing(org_id=5) == Thing.model_validate({"orgId": 5})
        assert Thing.model_validate({"org_id": 5}) == Thing.model_validate_json('{"orgId": 5}')

    def test_a_wire_name_as_an_attribute_is_an_error(self) -> None:
        thing = Thing(org_id=5)
        with pytest.raises(AttributeError, match="`orgId` as `org_id`"):
            setattr(thing, "orgId", 6)  # noqa: B010
        thing.org_id = 7
        assert encode(thing) == {"orgId": 7}

    def test_a_name_of_python_beside_the_wires_is_kept(self) -> None:
        thing = Thing.model_validate({"orgId": 5, "org_id": "mine"})
        assert (thing.org_id, encode(thing)) == (5, {"orgId": 5, "org_id": "mine"})
        assert Thing.model_validate(thing.model_dump()) == thing

    @pytest.mark.parametrize(
        ("cls", "keywords", "message"),
        [
            (Thing, {"numbr": 1}, "did you mean 'number'"),
            (Thing, {"orgID": 1}, "did you mean 'org_id'"),
            (Closed, {"elsewhere": 1}, "its fields are: org_id"),
            (Closed, {"orgid": 1}, "did you mean 'org_id'"),
            (Thing, {"orgId": 1, "org_id": 2}, "two values for 'org_id'"),
        ],
    )
    def test_a_wrong_keyword_names_the_right_one(
        self, cls: type[Model], keywords: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(TypeError, match=message):
            cls(**keywords)


class TestDumps:
    thing = Thing.model_validate(
        {"orgId": 5, "day": "2026-01-02", "part": {"size": LONG}, "more": [None]}
    )
    wire: ClassVar = {"orgId": 5, "day": "2026-01-02", "part": {"size": LONG}, "more": [None]}

    def test_a_dump_is_the_json_of_the_wire(self) -> None:
        assert self.thing.model_dump() == self.wire == json.loads(self.thing.model_dump_json())
        assert self.thing.model_dump(by_alias=True, exclude_unset=True) == self.wire
        assert self.thing.model_dump(mode="python")["day"] == date(2026, 1, 2)
        assert self.thing.model_dump(include={"org_id"}) == {"orgId": 5}

    def test_what_is_dumped_can_be_read_again(self) -> None:
        for dumped in (self.thing.model_dump(), self.thing.model_dump(mode="python")):
            assert Thing.model_validate(dumped) == self.thing
        assert Thing.model_validate_json(self.thing.model_dump_json(indent=1)) == self.thing

    def test_copies_and_pickles_are_equal(self) -> None:
        for copied in (
            copy.deepcopy(self.thing),
            pickle.loads(pickle.dumps(self.thing)),
            self.thing.model_copy(),
        ):
            assert copied == self.thing
            assert encode(copied) == self.wire

    def test_other_properties_have_their_type(self) -> None:
        noted = Noted.model_validate({"one": {"size": 1}, "day": "2026-01-02", "other": "5"})
        assert noted.model_extra == {"one": Part(size=1), "day": date(2026, 1, 2), "other": "5"}
        assert Noted.model_validate(noted.model_dump()) == noted

    def test_none_is_null_only_where_null_is_allowed(self) -> None:
        assert Noted(at=None, text=None).model_dump() == {"text": None}


class Note(Model):
    text: str
    to: str | None = None


@pytest.mark.parametrize("keyword", ["txt", "test", "texts"])
def test_keyword_like_a_missing_field_is_a_slip(keyword: str) -> None:
    with pytest.raises(TypeError, match=r"did you mean 'text', which is required\?|'text'\?"):
        Note(**{keyword: "x"})


def test_misspelled_attributes_are_refused() -> None:
    thing = Thing()
    with pytest.raises(AttributeError, match="Thing has no field 'numbr'; did you mean 'number'"):
        thing.numbr = 1.5
    thing.wind = "N"
    assert encode(thing) == {"wind": "N"}


SHOUTED = Annotated[str, AfterValidator(str.upper)]
POSITIVE = Annotated[int, Field(gt=0)]


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        (list[SHOUTED], ["a"], ["A"]),
        (list[SHOUTED | None], ["a", None], ["A", None]),
        (list[TypeAliasType("Shouted", SHOUTED)], ["a"], ["A"]),
        (dict[SHOUTED, int], {"a": 1}, {"A": 1}),
    ],
)
def test_validators_inside_a_type_run(type_: Any, given: Any, kept: Any) -> None:
    assert create_model("Owned", __base__=Model, field=(type_, ...))(field=given).field == kept


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        (dict[str, POSITIVE], {"a": -1}),
        (POSITIVE | None, -1),
        (Literal[1, 2], True),
        (Literal[0], False),
        (Literal[True], 1),
        (list[Literal[1, "a"]], [True]),
    ],
)
def test_rules_inside_a_type_refuse(type_: Any, given: Any) -> None:
    with pytest.raises(ValueError, match="field"):
        create_model("Ruled", __base__=Model, field=(type_, ...))(field=given)
