"""Law 5: names stay."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bothends.diagnostics import ContractError
from bothends.name import Lock

from .naming import name_contract
from .strategies import CONTRACTS, reduced, reordered

quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
names = st.sampled_from(sorted(CONTRACTS))


class TestOrder:
    """A contract whose parts stand in another order has the same names."""

    @quick
    @given(data=st.data())
    def test_without_a_lock(self, tmp_path, data: st.DataObject) -> None:
        contract = CONTRACTS[data.draw(names)]
        shuffled = data.draw(reordered(contract))
        assert name_contract(tmp_path, shuffled).names == name_contract(tmp_path, contract).names

    @quick
    @given(data=st.data())
    def test_with_a_lock(self, tmp_path, data: st.DataObject) -> None:
        contract = CONTRACTS[data.draw(names)]
        lock = Lock(names=name_contract(tmp_path, contract).names)
        assert name_contract(tmp_path, data.draw(reordered(contract)), lock).names == lock.names


class TestGrowth:
    """With its lock, a contract that gets more operations and schemas keeps every name that it had."""

    @quick
    @given(data=st.data())
    def test_what_was_there_keeps_its_name(self, tmp_path, data: st.DataObject) -> None:
        contract = CONTRACTS[data.draw(names)]
        before = name_contract(tmp_path, data.draw(reduced(contract))).names
        after = name_contract(tmp_path, contract, Lock(names=before)).names
        assert {place: after[place] for place in before} == before

    @quick
    @given(data=st.data())
    def test_what_is_gone_does_not_rename_what_stays(self, tmp_path, data: st.DataObject) -> None:
        contract = CONTRACTS[data.draw(names)]
        before = name_contract(tmp_path, contract).names
        after = name_contract(tmp_path, data.draw(reduced(contract)), Lock(names=before)).names
        assert {
            place: name
            for place, name in after.items()
            if place in before and before[place] != name
        } == {}


class TestOverride:
    """A person's name in the lock is the name, and what cannot be one is refused."""

    @quick
    @given(data=st.data())
    def test_an_edited_name_is_used(self, tmp_path, data: st.DataObject) -> None:
        contract = CONTRACTS[data.draw(names)]
        before = name_contract(tmp_path, contract).names
        place = data.draw(st.sampled_from(sorted(before)))
        after = name_contract(
            tmp_path, contract, Lock(names={**before, place: "Chosen_name"})
        ).names
        assert after == {**before, place: "Chosen_name"}

    @pytest.mark.parametrize("wrong", ["API", "Async", "str"])
    def test_a_name_that_generated_code_needs_is_refused(self, tmp_path, wrong: str) -> None:
        place = {
            "API": "/components/schemas/Point",
            "Async": "/info",
            "str": "/paths/~1query/get",
        }[wrong]
        with pytest.raises(ContractError, match=wrong) as caught:
            name_contract(tmp_path, CONTRACTS["parameters"], Lock(names={place: wrong}))

        assert [finding.code for finding in caught.value.findings] == ["names-lock"]


class TestDistinct:
    """No two things of one scope have the same name, however alike their words are."""

    @quick
    @given(
        keys=st.lists(
            st.text(st.sampled_from("aAbB01_- $é"), max_size=4), min_size=2, max_size=6, unique=True
        )
    )
    def test_fields_and_arguments(self, tmp_path, keys: list[str]) -> None:
        contract: Any = {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/a": {
                    "get": {
                        "operationId": "a",
                        "parameters": [
                            {"name": key, "in": "query", "schema": {"type": "string"}}
                            for key in keys
                        ],
                        "responses": {"204": {"description": "Fine."}},
                    }
                }
            },
            "components": {
                "schemas": {"Thing": {"type": "object", "properties": {key: {} for key in keys}}}
            },
        }
        api = name_contract(tmp_path, contract).api
        fields = [field.name for model in api.models for field in model.properties]
        arguments = [
            parameter.name for operation in api.operations for parameter in operation.parameters
        ]
        assert len(set(fields)) == len(set(arguments)) == len(keys)
        assert all(found.isidentifier() for found in [*fields, *arguments])
