"""The API's own name: only classes that it makes are kept from the contract."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.packages import Package, handler, import_files, write_contract

from bothends.pipeline import generate

KILN = """
    paths:
      /kiln:
        get:
          tags: [kilns]
          operationId: getKiln
          responses:
            '200':
              description: It.
              content: {application/json: {schema: {$ref: '#/components/schemas/Made'}}}
    components:
      schemas:
        Made: {type: object, required: [client], properties: {client: {$ref: '#/components/schemas/MadeClient'}}}
        MadeClient: {type: object, properties: {name: {type: string}}}
"""


@pytest.mark.parametrize("layout", ["flat", "tags"])
def test_schema_called_as_its_package_stays(tmp_path: Path, layout: str) -> None:
    generated = generate(replace(write_contract(tmp_path, KILN), layout=layout))
    package = Package(import_files(tmp_path, generated.files), generated)
    module = package.module

    kiln = module.Made(client=module.MadeClientSchema(name="a"))
    client = package.client(handler(get_kiln=lambda: kiln, kilns_get_kiln=lambda: kiln))
    group = client.kilns if layout == "tags" else client
    assert group.get_kiln() == kiln
