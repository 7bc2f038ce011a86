"""Which Python value a JSON value becomes, where types alone leave a choice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import pytest
from pydantic import Field
from typing_extensions import TypeAliasType

from bothends.runtime import Model
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.encoding import encode
from bothends.runtime.schema.contract import Contract

Broken = TypeAliasType("Broken", "list[Undefined]")  # noqa: F821


class Pet(Model):
    name: str | None = None
    tags: list[str] | None = None


class Nameless(Model):
    nothing: Annotated[int | None, Field(alias="")] = None


@pytest.fixture
def codec() -> Codec:
    return Codec(Contract({}))


class TestUnions:
    @pytest.mark.parametrize("items", [str, int, bool, datetime])
    def test_the_items_of_an_array_choose_the_member(self, codec: Codec, items: Any) -> None:
        assert codec.decode(list[items] | list[Pet], [{"name": "Tom"}]) == [Pet(name="Tom")]

    def test_the_values_of_a_map_choose_the_member(self, codec: Codec) -> None:
        assert codec.decode(dict[str, str] | Pet, {"tags": ["x"]}) == Pet(tags=["x"])
        assert codec.decode(dict[str, str] | Pet, {"tags": "x"}) == {"tags": "x"}


class TestAliases:
    def test_one_that_cannot_be_resolved_fails_the_same_way_again(self, codec: Codec) -> None:
        for _ in range(2):
            with pytest.raises(NameError):
                codec.decode(Broken, [1])


class TestDates:
    @pytest.mark.parametrize("fraction", ["", ".1", ".123456", ".1234560000"])
    def test_what_a_datetime_holds(self, codec: Codec, fraction: str) -> None:
        micro = int(fraction[1:7].ljust(6, "0"))
        assert codec.decode(datetime, f"2026-01-02T03:04:05{fraction}Z") == datetime(
            2026, 1, 2, 3, 4, 5, micro, UTC
        )

    @pytest.mark.parametrize("fraction", [".1234567", ".0000000001"])
    def test_what_it_would_cut_stays_text(self, codec: Codec, fraction: str) -> None:
        text = f"2026-01-02T03:04:05{fraction}Z"
        assert codec.decode(datetime, text) == text


class TestFields:
    def test_a_property_without_a_name(self, codec: Codec) -> None:
        assert encode(Nameless(nothing=1)) == {"": 1}
        assert codec.decode(Nameless, {"": 1}) == Nameless(nothing=1)

    def test_a_deleted_field_is_absent(self) -> None:
        pet = Pet(name="Tom", tags=[])
        del pet.name
        assert encode(pet) == {"tags": []}
