"""An operation that was generated is never lost because of a slip: callers of it would break without anyone having said so."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.packages import write_contract

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.pipeline import generate

OK = "{'200': {$ref: '#/components/responses/Tide'}, '401': {description: Who?}}"
CONTRACT = f"""
paths:
  /tides:
    get:
      operationId: listTides
      parameters: [{{name: day, in: query, content: {{application/json: {{schema: {{type: string}}}}}}}}]
      responses: {OK}
  /other:
    get:
      operationId: other
      security: []
      responses: {{'204': {{description: It stays.}}}}
components:
  securitySchemes: {{token: {{type: http, scheme: bearer}}}}
  responses:
    Tide: {{description: The tide., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Tide'}}}}}}}}
  schemas:
    Tide: {{type: object, properties: {{name: {{type: string, pattern: '^a'}}}}}}
security: [{{token: []}}]
"""
TIDES = CONTRACT[CONTRACT.index("  /tides:") : CONTRACT.index("  /other:")]
SHARED = CONTRACT.replace(TIDES, "  /tides: {$ref: '#/components/pathItems/Tides'}\n").replace(
    "components:\n",
    f"components:\n  pathItems: {{Tides: {{get: {{operationId: listTides, responses: {OK}}}}}}}\n",
)
EXTERNAL = "{$ref: 'tides.yaml#/Tides'}"


def again(folder: Path, before: str, after: str) -> tuple[Finding, ...]:
    """What is told of the second contract, where the first was generated and its names were kept."""
    spec = write_contract(folder, before)
    spec.lock.write_text(generate(spec).lock, "utf-8")
    return generate(write_contract(folder, after)).findings


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("scheme: bearer", "scheme: a b", "refused-security-scheme"),
        (TIDES, f"  /tides: {EXTERNAL}\n", "refused-external-reference"),
        (
            f"      responses: {OK}\n",
            f"      responses: {OK}\n      security: 5\n",
            "refused-illegal-openapi",
        ),
    ],
    ids=lambda value: value if value.startswith("refused") else "",
)
def test_every_reason_to_refuse_it_is_an_error(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    after = CONTRACT.replace(old, new)
    assert after != CONTRACT
    first = [
        finding
        for finding in generate(write_contract(tmp_path / "new", after)).findings
        if finding.code == code
    ]
    assert [finding.severity for finding in first] == [Severity.WARNING]
    with pytest.raises(ContractError) as refused:
        again(tmp_path, CONTRACT, after)

    (finding,) = (finding for finding in refused.value.findings if finding.code == code)
    assert finding.severity is Severity.ERROR
    assert finding.message.removeprefix("GET ").startswith("/tides: ")
    assert "It was generated before" in finding.hint


@pytest.mark.parametrize("before", [CONTRACT, SHARED], ids=["written there", "shared"])
def test_path_item_moved_elsewhere_is_an_error(tmp_path: Path, before: str) -> None:
    after = CONTRACT.replace(TIDES, f"  /tides: {EXTERNAL}\n")
    with pytest.raises(ContractError) as refused:
        again(tmp_path, before, after)
    (finding,) = (
        finding for finding in refused.value.findings if finding.severity is Severity.ERROR
    )
    assert finding.message.startswith("/tides: ")
    assert "It was generated before" in finding.hint


def test_one_that_a_person_deleted_is_told_once(tmp_path: Path) -> None:
    after = CONTRACT.replace(TIDES, "")
    # The component that the operation alone referred to is a note, and none of the loss.
    (finding,) = [one for one in again(tmp_path, CONTRACT, after) if one.code != "component-unused"]
    assert (finding.code, finding.severity) == ("operation-gone", Severity.WARNING)
    assert (
        finding.message
        == "GET /tides was generated before, as list_tides, and is no longer in the contract"
    )
    assert finding.location is not None
    assert finding.location.path == "names.lock"
    assert {one.code for one in again(tmp_path, after, after)} <= {"component-unused"}


def test_what_was_never_generated_is_no_loss(tmp_path: Path) -> None:
    never = "  /never:\n    get: {operationId: never, security: 5, responses: {}}\n"
    text = CONTRACT.replace("paths:\n", f"paths:\n{never}")
    refused = [f for f in again(tmp_path, text, text) if f.code.startswith("refused-")]
    assert [(f.code, f.severity) for f in refused] == [
        ("refused-illegal-openapi", Severity.WARNING)
    ]


def test_lost_webhook_is_an_error(tmp_path: Path) -> None:
    heard = "responses: {'204': {description: Heard.}}"
    before = f"{CONTRACT}webhooks: {{tideTurned: {{post: {{{heard}}}}}}}\n"
    after = before.replace(f"post: {{{heard}", f"post: {{requestBody: 4, {heard}")
    with pytest.raises(ContractError) as refused:
        again(tmp_path, before, after)
    (finding,) = (f for f in refused.value.findings if f.code == "refused-illegal-openapi")
    assert finding.severity is Severity.ERROR
    assert finding.message.startswith("POST /webhooks/tideTurned: ")
