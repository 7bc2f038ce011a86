"""JSON-Schema-Test-Suite through models: what is valid is decoded and encoded unchanged.

Each schema of the suite is a component and the body of an operation of one contract.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bothends.runtime.json.value import same
from bothends.runtime.models.codec import Codec, codec_for
from bothends.runtime.models.encoding import encode
from tests.json_schema_suite.test_suite import TESTS, groups
from tests.packages import Package, import_files, make

pytestmark = pytest.mark.skipif(not TESTS.is_dir(), reason="the suite is not on this machine")
_IDENTIFIED = (
    '"$id"',
    '"$anchor"',
    '"$dynamicRef"',
    '"$dynamicAnchor"',
    "localhost",
    "json-schema.org",
)
"""Words of schemas that are documents of their own, or refer to others."""
_VALUES = ("enum", "const")


@dataclass(frozen=True)
class Group:
    """A schema of the suite, as a component of a contract, and its valid instances."""

    title: str
    component: str
    schema: Any
    instances: tuple[Any, ...]


def find_groups() -> Iterator[Group]:
    number = 0
    for file, group in groups():
        schema = group["schema"]
        if isinstance(schema, dict):
            schema = {key: value for key, value in schema.items() if key != "$schema"}
        text = json.dumps(schema)
        if any(word in text for word in _IDENTIFIED):
            continue

        number += 1
        name = f"Tested{number}"
        valid = tuple(test["data"] for test in group["tests"] if test["valid"])
        title = f"{file}: {group['description']}"
        yield Group(title, name, moved(schema, f"#/components/schemas/{name}"), valid)


def moved(node: Any, root: str) -> Any:
    """The schema with references from its own root made references from that of the contract."""
    if isinstance(node, list):
        return [moved(item, root) for item in node]
    if not isinstance(node, dict):
        return node

    copied = {key: node[key] if key in _VALUES else moved(node[key], root) for key in node}
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        copied["$ref"] = root + reference[1:]
    return copied


def contract_of(found: list[Group]) -> str:
    paths: dict[str, Any] = {}
    for group in found:
        reference = {"$ref": f"#/components/schemas/{group.component}"}
        body = {"required": True, "content": {"application/json": {"schema": reference}}}
        replies = {"204": {"description": "It is taken."}}
        operation = {"operationId": group.component, "requestBody": body, "responses": replies}
        paths[f"/{group.component}"] = {"post": operation}

    head = {"openapi": "3.1.0", "info": {"title": "Suite", "version": "1"}, "paths": paths}
    schemas = {group.component: group.schema for group in found}
    return json.dumps({**head, "components": {"schemas": schemas}})


def changes(codec: Codec, type_: Any, group: Group) -> Iterator[str]:
    for instance in group.instances:
        if not codec.contract.accepts(f"/components/schemas/{group.component}", instance):
            # The contract layer asserts formats, which the suite leaves open: see `known.py`.
            if not group.title.startswith("format:"):
                yield f"{group.title}: {instance!r} is refused"
            continue

        value = codec.decode(type_, instance)
        result = encode(value)
        # A moment or a UUID may be spelled otherwise, and is the same.
        is_equal = (
            group.title.startswith("optional/format/") and codec.decode(type_, result) == value
        )
        if not (is_equal or same(result, instance)):
            yield f"{group.title}: {instance!r} is read as {result!r}"


def test_valid_instances_survive_decode_and_encode(tmp_path: Path) -> None:
    found = list(find_groups())
    made = make(tmp_path / "specs", contract_of(found))
    constants = {o.wire_name: str(o.constant) for o in made.api.operations}
    assert constants.keys() == {group.component for group in found}

    operations = Package(import_files(tmp_path, made.files), made).part("operations")
    codec = codec_for(operations.API)
    changed = list[str]()
    for group in found:
        operation = getattr(operations, constants[group.component])
        changed += changes(codec, operation.body.media[0].type, group)

    assert changed == []
    assert len(found) > 300
    assert sum(len(group.instances) for group in found) > 1000
