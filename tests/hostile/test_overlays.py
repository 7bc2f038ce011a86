"""Overlays that mean harm: each is applied in bounds, or is a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bothends.diagnostics import ContractError
from bothends.load import apply_overlay, load_contract
from bothends.load.json_path import JsonPath, JsonPathError

CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Made", "version": "1", "description": "a" * 60 + "!"},
    "paths": {f"/a{number}": {"get": {"responses": {}}} for number in range(200)},
}


def apply(folder: Path, actions: list[dict[str, Any]]) -> None:
    (folder / "openapi.json").write_text(json.dumps(CONTRACT))
    overlay = {"overlay": "1.0.0", "info": {"title": "Made", "version": "1"}, "actions": actions}
    (folder / "overlay.json").write_text(json.dumps(overlay))
    document = load_contract(folder / "openapi.json", display_path="openapi.json")
    apply_overlay(document, folder / "overlay.json", "overlay.json")


@pytest.mark.parametrize(
    "target",
    [
        "$[?" + "(" * 900,
        "$[?" + "!" * 1_900 + "@.a]",
        "$" + "[?@" * 600,
        "$" + ".a" * 1_000,
        "$.info[" + "9" * 1_900 + "]",
        "$..*..*..*",
        "$.paths.*[?count($..*) > 9]",
        "$.paths.*[?count($.paths.*) > 9]",
        "$[" + "*," * 900 + "*]..*",
        "$['\\ud800']",
        "\0",
    ],
)
def test_a_costly_target_is_a_finding(tmp_path: Path, target: str) -> None:
    with pytest.raises(ContractError) as caught:
        apply(tmp_path, [{"target": target, "update": {"x": 1}}])
    assert [finding.code for finding in caught.value.findings] == ["overlay-invalid"]


@pytest.mark.parametrize("function", ["match", "search"])
@pytest.mark.parametrize("pattern", ["(a|aa)+b", "(a+)+b", "(.*a){20}b"])
def test_patterns_of_filters_never_backtrack(function: str, pattern: str) -> None:
    found = JsonPath(f"$.info[?{function}(@, '{pattern}')]").find(CONTRACT)
    assert found == []


def test_patterns_of_filters_find_texts() -> None:
    data = {"a": "tide", "b": "tides", "c": 1, "d": "ti\nde"}
    assert JsonPath("$[?match(@, 'ti?.e')]").find(data) == ["/a"]
    assert JsonPath("$[?match(@, 'tide|x')]").find(data) == ["/a"]
    assert JsonPath("$[?search(@, 'tide')]").find(data) == ["/a", "/b"]
    assert JsonPath("$[?match(@, '(?=t).*')]").find(data) == []


@pytest.mark.parametrize(
    "actions",
    [
        [{"target": "$..*", "update": {"x": {"y": {}}}}] * 14,
        [{"target": "$.info" + ".a" * depth, "update": {"a": {}}} for depth in range(400)],
        [{"target": "$.info", "update": {"x": ["x"] * 15_000}}] * 2,
        [{"target": "$.info", "update": {"k" * 3_000: {"k" * 3_000: {}}}}],
        [{"target": "$.info", "update": {"x": {}}}, *[{"target": "$.info.x", "copy": "$"}] * 40],
        [{"target": "$.info", "update": {"x": {}}}, *[{"target": "$..x", "copy": "$.info"}] * 40],
    ],
)
def test_what_overlays_add_is_bounded(tmp_path: Path, actions: list[dict[str, Any]]) -> None:
    with pytest.raises(ContractError):
        apply(tmp_path, actions)


def test_usual_targets_are_evaluated() -> None:
    for target in (
        "$.paths..get..responses",
        "$.paths[?@.get].get",
        "$.info[?@ == $.info.title]",
    ):
        assert JsonPath(target).find(CONTRACT)
    with pytest.raises(JsonPathError, match="more than 2"):
        JsonPath("$..a..b..c")
