"""No text of a contract becomes code, wherever OpenAPI allows a text."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bothends.config import SpecFile
from bothends.diagnostics import ContractError
from bothends.pipeline import generate

from .meta_schema import VERSIONS, full_contract, kind_of, planted, text_positions

CANARY = "hostilecanary"
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


# So many payloads are in one contract at first.
TOGETHER = 64


class Planting(NamedTuple):
    """A payload at one place of a contract, and the word that tells that it arrived."""

    contract: dict[str, Any]
    path: tuple[str | int, ...]
    is_key: bool
    text: str
    mark: str


def plantings(version: str, turn: int) -> list[Planting]:
    """A payload at each kind of place of a contract, with the payloads in turn."""
    found: list[Planting] = []
    seen = set[object]()
    for choice in range(3):
        contract = full_contract(version, choice)
        for path, is_key in text_positions(contract):
            kind = (kind_of(path), is_key)
            if kind not in seen:
                seen.add(kind)
                number = len(found)
                mark = f"{CANARY}{number}x"
                text = PAYLOADS[(number + turn) % len(PAYLOADS)].replace(CANARY, mark)
                found.append(Planting(contract, path, is_key, text, mark))
    return found


def together(group: Sequence[Planting]) -> dict[str, Any]:
    """The contract with several payloads."""
    contract = group[0].contract
    # Keys change the paths of what is below them; what is below goes first.
    for planting in sorted(group, key=lambda each: (-len(each.path), each.is_key)):
        contract = planted(contract, planting.path, planting.is_key, planting.text)
    return contract


def grouped(found: Iterable[Planting], size: int) -> Iterator[list[Planting]]:
    """Groups of one contract each, of places that lie far from each other."""
    by_contract: dict[int, list[Planting]] = {}
    for planting in found:
        by_contract.setdefault(id(planting.contract), []).append(planting)
    for those in by_contract.values():
        groups = -(-len(those) // size)
        yield from (those[start::groups] for start in range(groups))


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


def fault_of(files: dict[str, str]) -> str:
    """What is wrong with generated files, or nothing."""
    for name, text in files.items():
        if Path(name).name != name:
            return f"a file {name!r}"
        if name.endswith(".py") and (is_called(text) or "__import__" in identifiers(text)):
            return f"code in {name}"
    return ""


def check(folder: Path, group: list[Planting]) -> list[Planting]:
    """Fail if a payload of a group becomes code; else those that did not arrive in a file."""
    files = codes_of(folder, together(group))
    fault = fault_of(files)
    if fault and len(group) > 1:
        # Halved, until one is left that is named.
        middle = len(group) // 2
        return check(folder, group[:middle]) + check(folder, group[middle:])

    assert not fault, f"{fault}: {group[0].path} {group[0].text!r}"
    text = "".join(files.values()).lower()
    return [planting for planting in group if planting.mark not in text]


def check_all(folder: Path, found: list[Planting]) -> int:
    """Check all payloads, then those that others kept from arriving. How many did arrive."""
    left = [each for group in grouped(found, TOGETHER) for each in check(folder, group)]
    # By itself one field of each kind of object: most that are left reach no file at all.
    fields = {(kind_of(each.path)[-3:], each.is_key): each for each in left}
    left = [each for planting in fields.values() for each in check(folder, [planting])]
    return len(found) - len(left)


@pytest.mark.parametrize("version", VERSIONS)
def test_texts_never_become_code(tmp_path: Path, version: str) -> None:
    for group in grouped(plantings(version, 0)[::61], 8):
        assert len(check(tmp_path, group)) <= len(group)


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_no_text_anywhere_becomes_code(tmp_path: Path, version: str) -> None:
    assert check_all(tmp_path, plantings(version, 0)) > 0


def test_a_text_that_became_code_is_found_among_many(tmp_path: Path) -> None:
    group = next(grouped(plantings("3.0", 0), 16))

    def planted_code(_folder: Path, contract: dict[str, Any]) -> dict[str, str]:
        return {"client.py": CALL if group[5].mark in json.dumps(contract) else ""}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules[__name__], "codes_of", planted_code)
        with pytest.raises(AssertionError, match=r"code in client\.py") as caught:
            check(tmp_path, group)
    assert str(group[5].path) in str(caught.value)


def test_the_schemas_of_openapi_give_many_positions() -> None:
    counts = {
        version: sum(1 for _ in text_positions(full_contract(version, 0))) for version in VERSIONS
    }
    assert min(counts.values()) > 100, counts
