"""The line and column of each finding are those of the value, or of the key, that its pointer names.

The places come from PyYAML's own marks, not from our reader: one in a wrong line would be seen.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding
from bothends.openapi.pointer import split
from bothends.pipeline import generate
from tests.broken.cases import broken_contracts
from tests.goldens.cases import FOLDER as CASES

CONTRACTS = [
    *(folder / "openapi.yaml" for folder in broken_contracts()),
    # Swagger 2.0 is known by the pointers of OpenAPI 3, which its text has not.
    *sorted(path for path in CASES.glob("*/openapi.yaml") if path.parent.name != "swagger_2_0"),
    *sorted((Path(__file__).parents[1] / "check/cases").glob("*.yaml")),
]
_WITHOUT_NODES = {
    "control-character",
    "key-not-text",
    "left-out-unknown-alias",
    "several-documents",
    "unprintable-character",
    "yaml-syntax",
}


def _findings(contract: Path) -> tuple[Finding, ...]:
    spec = SpecFile("made", contract, None, None, contract.with_name("no.lock"), contract.name)
    try:
        return generate(spec).findings
    except ContractError as error:
        return tuple(error.findings)


def _marks(root: yaml.Node, pointer: str) -> set[tuple[int, int]]:
    """Where the key and the value at a pointer begin; where there is none, those of its ancestor.

    Of members with one name, those of each.
    """
    found = [root]
    for part in split(pointer):
        node = found[-1]
        if isinstance(node, yaml.MappingNode):
            named = [each for member in node.value if member[0].value == part for each in member]
        else:
            is_item = isinstance(node, yaml.SequenceNode) and part.isdecimal()
            named = [node.value[int(part)]] if is_item else []
        if not named:
            break
        found = named

    return {(node.start_mark.line + 1, node.start_mark.column + 1) for node in found}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_finding_is_at_the_value_or_key_of_its_pointer(contract: Path) -> None:
    text = contract.read_text("utf-8")
    for finding in _findings(contract):
        location = finding.location
        if location is None or finding.code in _WITHOUT_NODES or location.path != contract.name:
            continue
        try:
            root = yaml.compose(text, yaml.CSafeLoader)
        except yaml.YAMLError:  # an alias of nothing, or what is no YAML at all
            return
        place = location.line, location.column
        assert place in (_marks(root, location.pointer) if root else {(1, 1)}), finding
