"""A fault below a key that a repair renamed costs as little as anywhere else, and misread statuses cost no operation."""

from __future__ import annotations

import pytest
from tests.packages import handler

from bothends.diagnostics import ContractError

GOOD = "{operationId: good, responses: {'204': {description: Done.}}}"
BROKEN = (
    "{operationId: broken, parameters: 3, requestBody: 4, responses: {'204': {description: Done.}}}"
)
TWICE = "{operationId: broken, operationId: again, responses: {'204': {description: Done.}}}"


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
@pytest.mark.parametrize("operation", [BROKEN, TWICE])
@pytest.mark.parametrize(("path", "method"), [("tides", "get"), ("/tides", "GET")])
def test_broken_operation_below_a_renamed_key_is_refused_alone(
    package, path, method, operation, version
):
    head = f"openapi: {version}\ninfo: {{title: Made, version: '1'}}\n"
    made = package(f"{head}paths: {{{path}: {{{method}: {operation}, put: {GOOD}}}}}").made
    assert [str(each.wire_name) for each in made.api.operations] == ["good"]
    assert [refusal.operation for refusal in made.api.refusals] == ["GET /tides"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("200 OK", "200"),
        ("404 - not found", "404"),
        ("20O", "2XX"),
        ("4O4", "4XX"),
        ("200,201", ""),
        ("weird", ""),
    ],
)
def test_misspelt_status_costs_no_operation(package, written, read):
    reply = "{description: Text., content: {application/json: {schema: {type: string}}}}"
    made = package(f"""
paths:
  /tides:
    get:
      operationId: listTides
      responses: {{'{written}': {reply}, '302': {{description: Elsewhere.}}}}
""").made
    (operation,) = made.api.operations
    assert [reply.status for reply in operation.replies] == [*filter(None, [read]), "302"]
    assert [each.code for each in made.repairs] == [
        "repaired-status" if read else "left-out-status"
    ]


@pytest.mark.parametrize("joined", ["application/json, text/csv", "application/json,text/csv"])
def test_joined_media_types_are_read_as_several(package, joined):
    content = f"content: {{'{joined}': {{schema: {{type: array, items: {{type: integer}}}}}}}}"
    made = package(f"""
paths:
  /tides:
    get: {{operationId: listTides, responses: {{'200': {{description: Heights., {content}}}}}}}
""")
    assert made.client(handler(list_tides=lambda: [1, 2])).list_tides() == [1, 2]
    assert [repair.code for repair in made.made.repairs] == ["repaired-media-type"]
    assert [loss.code for loss in made.made.api.losses] == ["media-type-left-out"]


@pytest.mark.parametrize(
    ("value", "type_"),
    [(2**63 - 1, "Literal[9223372036854775807]"), (2**63, "int"), (-(2**63) - 1, "int")],
)
def test_long_integer_is_no_literal_of_type_checkers(package, value, type_):
    schema = f"{{type: object, properties: {{id: {{type: integer, enum: [{value}]}}}}}}"
    made = package(f"paths: {{}}\ncomponents: {{schemas: {{Tide: {schema}}}}}")
    assert f"    id: {type_} | None = None" in made.made.files["models.py"]
    assert made.models.Tide(id=value).id == value


def test_null_is_a_type_in_3_0_too(package):
    made = package("""openapi: 3.0.3
info: {title: Made, version: '1'}
paths: {}
components:
  schemas: {Tide: {type: object, properties: {note: {anyOf: [{type: integer}, {type: null}]}}}}
""")
    assert "    note: Nullable[int] = None" in made.made.files["models.py"]


def test_operation_that_refers_to_nothing_is_left_out(package):
    made = package(f"paths: {{/tides: {{get: {{$ref: '#/nope'}}, put: {GOOD}}}}}").made
    assert [str(each.wire_name) for each in made.api.operations] == ["good"]
    assert [repair.code for repair in made.repairs] == ["dangling-reference"]


def test_path_that_refers_to_nothing_is_left_out(package):
    made = package(
        f"paths: {{/tides: {{$ref: '#/components/pathItems/None'}}, /boats: {{put: {GOOD}}}}}"
    ).made
    assert [str(each.wire_name) for each in made.api.operations] == ["good"]
    assert [repair.message for repair in made.repairs] == [
        "Nothing is at #/components/pathItems/None; it is left out."
    ]


@pytest.mark.parametrize("version", ["3.1.0", "3.0.3"])
@pytest.mark.parametrize("fault", ["info: text", "webhooks: [1]", "webhooks: text"])
def test_root_field_without_meaning_costs_itself(package, fault, version):
    info = "" if fault.startswith("info") else "info: {title: Made, version: '1'}\n"
    made = package(f"openapi: {version}\n{info}{fault}\npaths: {{/tides: {{put: {GOOD}}}}}\n").made
    assert [str(each.wire_name) for each in made.api.operations] == ["good"]
    assert made.repairs[-1].code == "left-out-annotation"


def test_reference_as_a_root_is_a_finding(package):
    with pytest.raises(ContractError) as refused:
        package(
            f"openapi: 3.1.0\ninfo: {{title: Made, version: '1'}}\n$ref: '#/x'\npaths: {{/tides: {{put: {GOOD}}}}}\n"
        )
    codes = {finding.code for finding in refused.value.findings}
    assert "illegal-openapi" in codes
    assert "internal-error" not in codes
