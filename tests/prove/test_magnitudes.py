"""The probes of magnitudes: each value that the contract allows, and no other, in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Credentials
from bothends.prove.probes.families.magnitudes import probes
from bothends.prove.probes.probe import ProbeContext
from bothends.prove.target.subject import Subject
from bothends.prove.values.valid_requests import first_requests
from tests.packages import HEAD

from .packages import make_package

CONTRACT = f"""{HEAD}
paths:
  /boats/{{boat}}:
    put:
      operationId: putBoat
      parameters:
        - {{name: boat, in: path, required: true, schema: {{type: integer, format: int64}}}}
        - {{name: limit, in: query, schema: {{type: integer}}}}
        - {{name: ids, in: query, schema: {{type: array, maxItems: 9, items: {{type: integer, minimum: 0}}}}}}
        - {{name: page, in: query, schema: {{type: integer, minimum: 1, maximum: 99}}}}
        - {{name: X-Word, in: header, schema: {{type: string}}}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties: {{size: {{type: integer}}, berth: {{type: object, properties: {{no: {{type: integer, maximum: 5}}}}}}}}
      responses: {{'204': {{description: Kept.}}}}
"""


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The request line and the body of each probe, by its name."""
    folder: Path = tmp_path_factory.mktemp("boats")
    contract = folder / "contract.yaml"
    contract.write_text(CONTRACT, "utf-8")
    package = make_package(folder, "boats", contract)
    subject = Subject(package, "boats", "http://boats.test", Credentials({}), ours=False)

    [operation] = package.operations
    [valid] = first_requests(operation, subject.credentials)
    found = probes(ProbeContext(subject, operation, valid, ()))
    return {probe.name: f"{probe.request.target} {probe.request.body.decode()}" for probe in found}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("path boat: 2147483648", "/boats/2147483648 "),
        ("query limit: -9223372036854775809", "?limit=-9223372036854775809 "),
        ("query ids: [2147483648]", "?ids=2147483648 "),
        ("size: 9223372036854775808", '"size":9223372036854775808'),
        ("berth/no: -2147483649", '"no":-2147483649'),
    ],
)
def test_allowed_magnitude_is_sent(sent: dict[str, str], name: str, text: str) -> None:
    assert text in sent[name]


@pytest.mark.parametrize(
    "start",
    ["query page", "berth/no: 2", "query ids: [-", "path boat: 9223372036854775808", "X-Word: '"],
)
def test_magnitude_that_is_forbidden_is_not_sent(sent: dict[str, str], start: str) -> None:
    assert not [name for name in sent if start in name]


def test_long_texts_are_sent_too(sent: dict[str, str]) -> None:
    assert [name for name in sent if name.startswith("header X-Word: str of")]
