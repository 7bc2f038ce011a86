"""The fields of a class: what callers make may take more, what they are given may hold less."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends import ir
from bothends.diff import Verdict, compare_surface
from bothends.emit.types import annotation
from bothends.pipeline import intermediate
from tests.packages import HEAD, write_contract

BODY = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}"
DONE = "responses: {'204': {description: Done.}}"
REPLY = (
    "responses: {'200': {description: One., content: {application/json: "
    "{schema: {$ref: '#/components/schemas/Tide'}}}}}"
)
USES = {
    "made": f"paths: {{/tides: {{post: {{operationId: add, {BODY}, {DONE}}}}}}}",
    "given": f"paths: {{/tides: {{get: {{operationId: find, {REPLY}}}}}}}",
    "both": f"paths: {{/tides: {{post: {{operationId: add, {BODY}, {REPLY}}}}}}}",
    "received": f"webhooks: {{tide: {{post: {{operationId: tell, {BODY}, {DONE}}}}}}}",
}
PLAIN = "properties: {kind: {type: string, enum: [low, high]}}"
REQUIRED = "required: [kind], " + PLAIN
ORDER = PLAIN.replace("low, high", "high, low")
FEWER = PLAIN.replace("low, high", "low")
MORE = "required: [at], properties: {kind: {type: string, enum: [low, high]}, at: {type: string}}"


@pytest.mark.parametrize(
    ("old", "new", "verdicts"),
    [
        pytest.param(PLAIN, ORDER, {}, id="order"),
        pytest.param(
            PLAIN,
            FEWER,
            {"made": "breaking", "given": "compatible", "both": "unknown"},
            id="fewer values",
        ),
        pytest.param(
            FEWER,
            PLAIN,
            {"made": "compatible", "given": "breaking", "both": "unknown"},
            id="more values",
        ),
        pytest.param(
            PLAIN,
            REQUIRED,
            {"made": "breaking", "given": "compatible", "both": "unknown"},
            id="required",
        ),
        pytest.param(
            REQUIRED,
            PLAIN,
            {"made": "compatible", "given": "breaking", "both": "unknown"},
            id="optional",
        ),
        pytest.param(
            PLAIN,
            MORE,
            {"made": "breaking", "given": "compatible", "both": "breaking"},
            id="another field",
        ),
    ],
)
@pytest.mark.parametrize("use", USES)
def test_field_is_judged_by_what_callers_do(
    tmp_path: Path, use: str, old: str, new: str, verdicts: dict[str, str]
) -> None:
    apis = list[ir.Api]()
    for side, schema in (("old", old), ("new", new)):
        text = f"components: {{schemas: {{Tide: {{type: object, {schema}}}}}}}"
        contract = write_contract(tmp_path / side, f"{HEAD}{USES[use]}\n{text}\n")
        apis.append(intermediate(contract)[1].api)

    found = compare_surface(apis[0], apis[1], annotation)
    expected = verdicts.get("given" if use == "received" else use)
    fields = {change.verdict for change in found if change.code.startswith("python-field")}
    assert fields == ({Verdict(expected)} if expected else set())


@pytest.mark.parametrize("others", [0, 40], ids=["a union", "too many heirs to name"])
def test_heirs_of_a_given_base_are_given(tmp_path: Path, others: int) -> None:
    apis = list[ir.Api]()
    for side, schema in (("old", FEWER), ("new", PLAIN)):
        contract = write_contract(tmp_path / side, _with_heirs(schema, others))
        apis.append(intermediate(contract)[1].api)

    found = compare_surface(apis[0], apis[1], annotation)
    verdicts = {change.subjects[0]: change.verdict for change in found}
    # Only made they would be compatible; a caller who is given them may meet another value.
    assert verdicts == {"Swell": Verdict.UNKNOWN, "Wave": Verdict.UNKNOWN}


def _with_heirs(schema: str, others: int) -> str:
    """A contract that gives a `Tide`, and takes its heir `Swell`, which has a `Wave`."""
    base = "{$ref: '#/components/schemas/Tide'}"
    swell = f"{{{schema}, allOf: [{base}]}}".replace(
        "properties: {", "properties: {wave: {$ref: '#/components/schemas/Wave'}, "
    )
    heirs = [
        f"    Heir{index}: {{allOf: [{base}], properties: {{at{index}: {{type: string}}}}}}"
        for index in range(others)
    ]
    body = BODY.replace("Tide", "Swell")
    return "\n".join(
        [
            HEAD,
            "paths:",
            f"  /tides: {{get: {{operationId: find, {REPLY}}}}}",
            f"  /swells: {{post: {{operationId: add, {body}, {DONE}}}}}",
            "components:",
            "  schemas:",
            "    Tide: {type: object, required: [is], properties: {is: {type: string}},",
            "      discriminator: {propertyName: is}}",
            f"    Swell: {swell}",
            f"    Wave: {{type: object, {schema}}}",
            *heirs,
            "",
        ]
    )
