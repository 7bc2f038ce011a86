"""Arguments that may arrive as something else, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from bothends.prove import Package
from bothends.prove.agreement.ends import Outcome
from bothends.prove.agreement.judge import Disagreement, judge_arguments
from tests.packages import HEAD
from tests.prove.packages import make_package

_TIDES = """
paths:
  /tides:
    get:
      operationId: tides
      parameters:
        - {name: any, in: query, schema: {}}
        - {name: days, in: query, schema: {type: array, items: {type: string}}}
        - {name: filter, in: query, content: {application/json: {schema: {}}}}
      responses: {'204': {description: Fine.}}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("judged")
    contract = folder / "openapi.yaml"
    contract.write_text(HEAD + _TIDES, "utf-8")
    return make_package(folder, "judged_tides", contract)


def judge(package: Package, name: str, passed: Any, arrived: Any) -> None:
    operation = package.operations[0]
    received = {parameter.name: None for parameter in operation.parameters}
    outcome = Outcome(received | {name: arrived})
    judge_arguments(operation, {name: passed}, lambda _: None, outcome)


@pytest.mark.parametrize("item", ["", "x", 1, True])
def test_list_of_one_may_arrive_as_its_item(package: Package, item: Any) -> None:
    judge(package, "any", [item], item)


@pytest.mark.parametrize(
    ("name", "passed", "arrived"),
    [
        pytest.param("any", ["x"], "y", id="another"),
        pytest.param("any", [1], "1", id="type"),
        pytest.param("any", ["x", "x"], "x", id="two"),
        pytest.param("any", "x", ["x"], id="backwards"),
        pytest.param("days", ["x"], "x", id="not-allowed"),
        pytest.param("filter", ["x"], "x", id="content"),
    ],
)
def test_other_changes_are_disagreements(
    package: Package, name: str, passed: Any, arrived: Any
) -> None:
    with pytest.raises(Disagreement, match=f"{name}: "):
        judge(package, name, passed, arrived)
