"""Later rooms see one dialect."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from bothends.load import load_document
from bothends.normalise import normalise
from tests.goldens.cases import find_cases

from .strategies import spellings


class TestSpelling:
    """OpenAPI 3.0 and 3.1 write the same API differently; the packages are the same."""

    @settings(
        max_examples=100,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(pair=spellings)
    def test_schemas(self, tmp_path, pair: tuple[Any, Any]) -> None:
        made = []
        for version, schema in zip(("3.0.3", "3.1.0"), pair, strict=True):
            file = tmp_path / "openapi.json"
            contract = {
                "openapi": version,
                "info": {"title": "T", "version": "1"},
                "paths": {},
                "components": {"schemas": {"Thing": schema}},
            }
            file.write_text(json.dumps(contract), "utf-8")
            made.append(normalise(load_document(file)).data)

        old, new = made
        assert old | {"openapi": ""} == new | {"openapi": ""}

    def test_the_two_cases(self) -> None:
        old, new = (case.present() for case in find_cases() if case.name.startswith("nulls_3_"))
        # A finding quotes the line of its contract, and the two are written differently.
        old["findings.txt"] = _without_quotes(old["findings.txt"])
        new["findings.txt"] = _without_quotes(new["findings.txt"])
        assert {
            path: text.replace("Nulls30", "Nulls31").replace("nulls_3_0", "nulls_3_1")
            for path, text in old.items()
        } == new


def _without_quotes(findings: str) -> str:
    return "\n".join(line for line in findings.splitlines() if " | " not in line)
