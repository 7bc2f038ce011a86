"""JSON-Schema-Test-Suite, draft 2020-12: what is required, and the formats, through the contract layer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs as rs
import pytest

from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.formats import FORMATS

from .known import KNOWN

SUITE = Path(__file__).parents[3] / "shared" / "json-schema-test-suite"
TESTS = SUITE / "tests-draft2020-12"

pytestmark = pytest.mark.skipif(not TESTS.is_dir(), reason="the suite is not on this machine")


def groups() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in [
        *sorted(TESTS.glob("*.json")),
        *sorted((TESTS / "optional" / "format").glob("*.json")),
    ]:
        for group in json.loads(file.read_text("utf-8")):
            yield file.relative_to(TESTS).with_suffix("").as_posix(), group


def remotes() -> list[tuple[str, Any]]:
    folder = SUITE / "remotes"
    return [
        (
            f"http://localhost:1234/{file.relative_to(folder).as_posix()}",
            json.loads(file.read_text("utf-8")),
        )
        for file in sorted(folder.rglob("*.json"))
        if "draft" not in file.relative_to(folder).parts[0]
        or file.relative_to(folder).parts[0] == "draft2020-12"
    ]


def judge(schema: Any, values: list[Any]) -> list[bool | str]:
    """What the contract layer says: a schema that stands alone in a contract, or a document of its own where it refers."""
    try:
        contract = Contract({"components": {"schemas": {"Tested": schema}}})
        return [contract.accepts("/components/schemas/Tested", value) for value in values]
    except (rs.ValidationError, rs.ReferencingError, ValueError) as error:
        return [type(error).__name__] * len(values)


def judge_alone(schema: Any, values: list[Any]) -> list[bool | str]:
    """A schema with references of its own: as a document, with the validator set up as the contract layer sets it up."""
    try:
        registry = rs.Registry(remotes(), draft=rs.Draft202012)
        validator = rs.Draft202012Validator(
            schema, registry=registry, formats=FORMATS, validate_formats=True, offline=True
        )
        return [validator.is_valid(value) for value in values]
    except (rs.ValidationError, rs.ReferencingError, ValueError) as error:
        return [type(error).__name__] * len(values)


def failures() -> Iterator[str]:
    for file, group in groups():
        schema, tests = group["schema"], group["tests"]
        values = [test["data"] for test in tests]
        text = json.dumps(schema)
        refers = any(
            word in text
            for word in ('"$ref"', '"$dynamicRef"', '"$id"', '"$schema": "http://localhost')
        )
        answers = (judge_alone if refers else judge)(schema, values)
        for test, answer in zip(tests, answers, strict=True):
            if answer != test["valid"]:
                yield f"{file}: {group['description']}: {test['description']}"


def test_the_suite_is_answered_but_for_what_is_known() -> None:
    found = set(failures())
    assert found - KNOWN.keys() == set()
    assert KNOWN.keys() - found == set()


def test_the_suite_is_read_whole() -> None:
    assert sum(len(group["tests"]) for _, group in groups()) > 1500
