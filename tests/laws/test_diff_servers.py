"""What the comparison says of two contracts, put to what is generated from them."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path
from typing import Any

import jsonschema_rs as rs
import pytest
from hypothesis import HealthCheck, given, seed, settings

from bothends.diff import Change, Direction, Verdict, compare
from bothends.load import parse_document
from bothends.normalise import normalise
from bothends.runtime.errors import UnexpectedAnswer
from bothends.runtime.operation import MISSING
from tests.diff.sampling import NOTHING, Sampler, pool_of
from tests.diff.test_schema_pairs import verdict
from tests.laws.test_diff import schemas, values
from tests.packages import Package, handler, import_files, make, send

_Pairs = list[tuple[Any, Any]]


def contract(pairs: _Pairs, side: int) -> str:
    """A contract with two operations for each pair: one that takes a value, one that replies it."""
    paths: dict[str, Any] = {}
    for letter, pair in zip(string.ascii_lowercase, pairs, strict=False):
        content = {"content": {"application/json": {"schema": pair[side]}}}
        done = {"description": "Done."}
        paths[f"/{letter}"] = {
            "post": {
                "operationId": f"ask{letter}",
                "requestBody": {"required": True, **content},
                "responses": {"204": done},
            },
            "get": {"operationId": f"tell{letter}", "responses": {"200": {**done, **content}}},
        }
    head = {"openapi": "3.1.0", "info": {"title": "Made", "version": "1"}}
    return json.dumps({**head, "paths": paths})


def packages(folder: Path, pairs: _Pairs) -> tuple[list[Package], list[Change]]:
    """The packages of the old and the new contract, and the breaking changes between them."""
    texts = [contract(pairs, side) for side in (0, 1)]
    documents = [normalise(parse_document(text.encode(), "pairs.json")) for text in texts]
    changes = [change for change in compare(*documents) if change.verdict is Verdict.BREAKING]
    made = [make(folder / str(side), text) for side, text in enumerate(texts)]
    return [
        Package(import_files(folder / f"package{side}", one.files), one)
        for side, one in enumerate(made)
    ], changes


def is_taken(package: Package, letter: str, value: Any) -> bool:
    """Whether the generated server takes a request with this body."""

    async def ask(**_: object) -> None:
        return None

    app = package.app(handler(**{f"ask{letter}": ask}))
    content = json.dumps(value).encode()
    headers = {"content-type": "application/json"}
    status = send(app, "POST", f"/{letter}", content=content, headers=headers).status_code
    assert status in (204, 400, 422)
    return status == 204


def is_read(package: Package, letter: str, value: Any) -> bool:
    """Whether the generated client takes a reply with this body."""

    async def app(_scope: object, _receive: object, answer: Any) -> None:
        headers = [(b"content-type", b"application/json")]
        await answer({"type": "http.response.start", "status": 200, "headers": headers})
        await answer({"type": "http.response.body", "body": json.dumps(value).encode()})

    client = package.client(None, app=app)
    try:
        getattr(client, f"tell{letter}")()
    except UnexpectedAnswer:
        return False
    return True


def check_witnesses(folder: Path, pairs: _Pairs) -> int:
    """Send each example of a breaking change to both ends; how many there were."""
    (old, new), changes = packages(folder, pairs)
    for change in changes:
        assert change.witness is not None
        assert change.witness.value is not MISSING
        letter, value = change.subjects[0][-1], change.witness.value
        if change.direction is Direction.REQUEST:
            assert (is_taken(old, letter, value), is_taken(new, letter, value)) == (True, False)
        else:
            assert (is_read(old, letter, value), is_read(new, letter, value)) == (False, True)

    return len(changes)


def drawn_pairs(count: int, number: int) -> _Pairs:
    found: _Pairs = []

    @seed(number)
    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(schemas, schemas)
    def draw(old: Any, new: Any) -> None:
        found.append((old, new))

    draw()
    return found


class TestWitnesses:
    """The old server takes each example and the new one refuses it; of a reply, the old client fails."""

    def test_examples_break_one_end_alone(self, tmp_path: Path) -> None:
        assert check_witnesses(tmp_path, drawn_pairs(20, 1)[-10:]) >= 3

    @pytest.mark.slow
    @pytest.mark.parametrize("number", range(20))
    def test_more_examples_break_one_end(self, tmp_path: Path, number: int) -> None:
        assert check_witnesses(tmp_path, drawn_pairs(100, number)[-26:]) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("number", range(50))
def test_compatible_verdict_survives_10000_values(number: int) -> None:
    """Half of the values are drawn by Hypothesis as they come, half near the bounds of both schemas."""
    drawn = drawn_pairs(100, number)
    pairs = [pair for pair in drawn if verdict(*pair, "request") == "compatible"][-5:]
    judges = [(rs.Draft202012Validator(old), rs.Draft202012Validator(new)) for old, new in pairs]

    # Each value is put to all pairs: drawing it costs more than judging it.
    @seed(number)
    @settings(max_examples=5_000, database=None, suppress_health_check=list(HealthCheck))
    @given(values)
    def attack(value: Any) -> None:
        for before, after in judges:
            assert after.is_valid(value) or not before.is_valid(value)

    attack()
    for (old, new), (before, after) in zip(pairs, judges, strict=True):
        sampler = Sampler({}, random.Random(number))
        near = Sampler({}, random.Random(number), old, pool_of([(sampler, old), (sampler, new)]))
        for value in (near.value(old) for _ in range(5_000)):
            if value is not NOTHING and before.is_valid(value):
                assert after.is_valid(value)
