"""Parts that are kept from one run to the next, as `generate --watch` does."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import pytest

from bothends.kept import Work
from bothends.pipeline import generate
from tests.packages import write_contract

_TAGS: Final = ("boats", "tides", "docks")
_Contract: TypeAlias = dict[str, Any]


def _schema(number: int) -> _Contract:
    return {"type": "object", "properties": {f"field{number}": {"type": "string"}}}


def _operation(tag: str, number: int) -> _Contract:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{tag}"}}}
    return {
        "operationId": f"find_{tag}_{number}",
        "tags": [tag],
        "parameters": [],
        "responses": {"200": {"description": "Found.", "content": content}},
    }


def _contract() -> _Contract:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "tags": [{"name": tag} for tag in _TAGS],
        "servers": [{"url": "https://harbour.example"}],
        "paths": {f"/{tag}/{n}": {"get": _operation(tag, n)} for tag in _TAGS for n in range(2)},
        "components": {"schemas": {tag: _schema(0) for tag in _TAGS}},
    }


def _some_operation(contract: _Contract, seed: random.Random) -> _Contract:
    item: dict[str, _Contract] = seed.choice([*contract["paths"].values()])
    return item["get"]


def _describe(contract: _Contract, seed: random.Random) -> None:
    _some_operation(contract, seed)["description"] = f"Number {seed.random()}."


def _add_parameter(contract: _Contract, seed: random.Random) -> None:
    name, kind = f"name{seed.random()}", seed.choice(["string", "integer", "boolean"])
    parameter = {"name": name, "in": "query", "schema": {"type": kind}}
    _some_operation(contract, seed)["parameters"].append(parameter)


def _add_error(contract: _Contract, seed: random.Random) -> None:
    content = {"application/json": {"schema": _schema(seed.randrange(3))}}
    reply = {"description": "Wrong.", "content": content}
    _some_operation(contract, seed)["responses"][str(seed.randrange(400, 412))] = reply


def _move_to_another_tag(contract: _Contract, seed: random.Random) -> None:
    _some_operation(contract, seed)["tags"] = [seed.choice(_TAGS)]


def _call_another_server(contract: _Contract, seed: random.Random) -> None:
    variables = {"port": {"default": seed.choice(["80", "81"])}}
    server = {"url": "https://other.example:{port}", "variables": variables}
    seed.choice([contract, _some_operation(contract, seed)])["servers"] = [server]


def _ask_for_a_key(contract: _Contract, seed: random.Random) -> None:
    kind = seed.choice([{"type": "http", "scheme": "bearer"}, {"type": "http", "scheme": "basic"}])
    contract["components"]["securitySchemes"] = {"key": kind}
    _some_operation(contract, seed)["security"] = seed.choice([[{"key": []}], []])


def _change_schema(contract: _Contract, seed: random.Random) -> None:
    schemas = contract["components"]["schemas"]
    schemas[seed.choice([*schemas])] = seed.choice(
        [_schema(seed.randrange(9)), {"type": "array", "items": {"type": "string"}}]
    )


def _change_title(contract: _Contract, seed: random.Random) -> None:
    contract["info"]["title"] = f"Harbour {seed.random()}"


def _change_head(contract: _Contract, seed: random.Random) -> None:
    contract["info"][seed.choice(["version", "description"])] = f"No. {seed.random()}"
    contract["tags"][0]["description"] = seed.choice(["Ships.", "Boats."])


def _add_path(contract: _Contract, seed: random.Random) -> None:
    number = seed.randrange(10, 99)
    tag = seed.choice(_TAGS)
    contract["paths"][f"/{tag}/{number}"] = {"get": _operation(tag, number)}


def _remove_path(contract: _Contract, seed: random.Random) -> None:
    if len(contract["paths"]) > 1:
        del contract["paths"][seed.choice([*contract["paths"]])]


_EDITS: Final[tuple[Callable[[_Contract, random.Random], None], ...]] = (
    _describe,
    _add_parameter,
    _add_error,
    _move_to_another_tag,
    _call_another_server,
    _ask_for_a_key,
    _change_schema,
    _change_title,
    _change_head,
    _add_path,
    _remove_path,
)


class TestWhatIsKeptChangesNothing:
    """A package made with the parts of earlier runs is, byte for byte, that of a cold run."""

    @pytest.mark.parametrize("number", range(4))
    def test_edited_contract_equals_a_cold_run(self, number: int) -> None:
        seed = random.Random(number)
        edits = seed.sample(_EDITS, len(_EDITS))
        texts: dict[str, str] = {}
        reused = 0

        def keep(decided_by: str, work: Work) -> str:
            nonlocal reused
            reused += decided_by in texts
            if decided_by not in texts:
                texts[decided_by] = work()
            return texts[decided_by]

        contract = _contract()
        with TemporaryDirectory() as folder:
            for edit in (_describe, *edits, _describe):
                edit(contract, seed)
                written = write_contract(Path(folder), json.dumps(contract))
                spec = replace(written, layout="tags")
                warm, cold = generate(spec, keep), generate(spec)
                assert warm.files == cold.files
                assert (warm.lock, warm.findings) == (cold.lock, cold.findings)
                spec.lock.write_text(cold.lock, "utf-8")
                assert not cold.left_out

        assert reused
