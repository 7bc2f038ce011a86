"""Names of a contract are no markup in what a pull request shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bothends.cli import main

HOSTILE = "<img src=x> [a](javascript:b) ![c](https://d) @everyone | `e` \\[f](g) **h**\x1b[31m"


def contract(parameters: list[Any]) -> str:
    operation = {"parameters": parameters, "responses": {"200": {"description": "Some."}}}
    info = {"title": "Made", "version": "1"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": {"/a": {"get": operation}}})


def test_names_are_no_markup_of_a_pull_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    parameter = {"name": HOSTILE, "in": "query", "required": True, "schema": {"type": "string"}}
    Path("old.json").write_text(contract([]))
    Path("new.json").write_text(contract([parameter]))
    assert main(["diff", "old.json", "new.json", "--format", "markdown"]) == 1
    rows = [line for line in capsys.readouterr().out.splitlines() if "is new and required" in line]
    assert len(rows) == 1

    prose = rows[0].split(" | ")[2]
    assert "&lt;img src=x>" in prose
    assert r"\[a\](javascript:b) !\[c\](https://d) @&#8203;everyone" in prose
    assert r"\|" in prose
    assert r"\\\[f\](g) \*\*h\*\*" in prose
    assert "\x1b" not in prose
