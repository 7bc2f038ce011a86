"""No text of a contract becomes code, wherever OpenAPI allows a text."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bothends.config import SpecFile
from bothends.diagnostics import ContractError
from bothends.pipeline import generate

from .meta_schema import VERSIONS, full_contract, planted, text_positions

CANARY = "hostile_canary"
CALL = f"__import__('{CANARY}')"
PAYLOADS = (
    f'"""\n{CALL}\n"""',
    f"'''\r{CALL}\r'''",
    f"\n{CALL}\n#",
    f"\u2028{CALL}\x85{CALL}\x0c{CALL}",
    f'\\"\\\n{CALL}#',
    f"{{{{ {CALL} }}}}{{% {CALL} %}}${{{CALL}}}",
    f"a); {CALL} #",
    f"\0\ud800\u202e{CALL}",
    f"../../{CALL}",
    f"{CANARY}:class:{CANARY}",
)


def cases(version: str, most: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Contracts with one payload each, at places all over the contract, with the payloads in turn."""
    contracts = [full_contract(version, choice) for choice in range(3)]
    places = [
        (contract, *position) for contract in contracts for position in text_positions(contract)
    ]
    # An odd step meets each payload at each kind of place.
    step = max(1, len(places) // most) | 1
    for number, (contract, path, is_key) in enumerate(places[::step]):
        payload = PAYLOADS[number % len(PAYLOADS)]
        yield planted(contract, path, is_key, payload), f"{path} {payload!r}"


def codes_of(folder: Path, contract: dict[str, Any]) -> dict[str, str]:
    """The files that are generated; none where the contract is refused by findings."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(contract), "utf-8")
    try:
        spec = SpecFile("made", file, None, None, folder / "names.lock", file.name)
        return dict(generate(spec).files)
    except ContractError:
        return {}


def identifiers(text: str) -> set[str]:
    """All that is code in a module: names, attributes, arguments, imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        for name in ("id", "attr", "arg", "name", "module", "asname"):
            value = getattr(node, name, None)
            if isinstance(value, str):
                found.add(value)
    return found


def is_called(text: str) -> bool:
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "__import__"
        for node in ast.walk(ast.parse(text))
    )


def check(folder: Path, version: str, most: int) -> int:
    generated = 0
    for contract, case in cases(version, most):
        files = codes_of(folder, contract)
        generated += bool(files)
        for name, text in files.items():
            assert Path(name).name == name, case
            if name.endswith(".py"):
                assert not is_called(text), case
                assert "__import__" not in identifiers(text), case
    return generated


@pytest.mark.parametrize("version", VERSIONS)
def test_texts_never_become_code(tmp_path: Path, version: str) -> None:
    assert check(tmp_path, version, 3) > 0


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_no_text_anywhere_becomes_code(tmp_path: Path, version: str) -> None:
    assert check(tmp_path, version, 1_000) > 0


def test_the_schemas_of_openapi_give_many_positions() -> None:
    counts = {
        version: sum(1 for _ in text_positions(full_contract(version, 0))) for version in VERSIONS
    }
    assert min(counts.values()) > 100, counts
