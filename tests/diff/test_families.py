"""One change for each family of rules, beside the verdict that was decided without looking at ours.

What `families.yaml` and `workshop.yaml` have no place for is in `schema_pairs.yaml`, where every verdict is exact.
"""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bothends.diagnostics.change_codes import CHANGE_CODES
from bothends.diagnostics.codes import explain_code
from bothends.diff import Change, Verdict, compare
from bothends.diff.report import render_text
from bothends.load import Document, parse_document
from bothends.normalise import normalise

CASES: dict[str, tuple[Any, dict[str, Any]]] = {}
"""The contract of each case, and what the case says."""

for _file in ("families.yaml", "workshop.yaml"):
    _read: dict[str, Any] = yaml.safe_load((Path(__file__).parent / _file).read_text("utf-8"))
    assert not CASES.keys() & _read["cases"].keys()
    CASES |= {name: (_read["base"], case) for name, case in _read["cases"].items()}

MESSAGES = Path(__file__).parent / "messages.txt"
SAFE = ("compatible", "note", "none")


def with_edits(data: Any, edits: dict[str, Any]) -> Any:
    """A copy of a contract with values set, added or removed."""
    changed = copy.deepcopy(data)
    for place, value in edits.items():
        *path, last = (step.replace("~", "/") for step in place.split("/"))
        node = changed
        for step in path:
            node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})

        key: Any = int(last) if isinstance(node, list) and last != "+" else last
        if key == "+":
            node.append(value)
        elif value == "gone":
            del node[key]
        else:
            node[key] = value

    return changed


def contract(data: Any) -> Document:
    return normalise(parse_document(json.dumps(data, indent=1).encode(), "families.json"))


@cache
def changes_of(name: str) -> list[Change]:
    base, case = CASES[name]
    old = with_edits(base, case.get("old", {}))
    changes = compare(contract(old), contract(with_edits(old, case["new"])))
    for change in changes:
        assert (change.witness is not None) == (change.verdict is Verdict.BREAKING)
    return changes


def our_verdict(name: str) -> str:
    """The worst verdict of all changes; `none` where there is no change."""
    verdicts = {change.verdict for change in changes_of(name)}
    return next((str(verdict) for verdict in Verdict if verdict in verdicts), "none")


def render_messages() -> str:
    """What is said of each family, as `bothends diff` says it."""
    told = (f"== {name}\n{render_text(changes_of(name))}" for name in CASES)
    return "\n".join(told)


def test_verdicts_of_families_are_true() -> None:
    cases = {name: case for name, (_, case) in CASES.items()}
    ours = {name: our_verdict(name) for name in cases}
    unsafe = [name for name, case in cases.items() if case["verdict"] == "breaking"]
    safe = [name for name in cases if name not in unsafe]

    assert [name for name in unsafe if ours[name] in SAFE] == []
    assert sum(ours[name] == "breaking" for name in safe) <= 0.03 * len(safe)
    assert sum(verdict == "unknown" for verdict in ours.values()) < 0.05 * len(cases)
    assert len(cases) >= 250


def test_what_only_people_read_is_told_apart() -> None:
    for name, (_, case) in CASES.items():
        if case["verdict"] in ("note", "none"):
            assert our_verdict(name) == case["verdict"], name


def test_messages_of_families_are_as_expected() -> None:
    assert render_messages() == MESSAGES.read_text("utf-8"), (
        "`make golden`, and read the difference"
    )


def test_each_code_of_diff_has_a_message(repository: Path) -> None:
    program = repository / "generator/bothends/diff"
    text = "".join(file.read_text("utf-8") for file in sorted(program.rglob("*.py")))
    codes = set(re.findall(r'"((?:request|reply|security|server|operation)-[a-z-]+)"', text))
    codes |= {"deprecated", "sunset-changed", "default-changed", "discriminator-changed"}
    assert len(codes) > 25
    shown = set(re.findall(r"\[([a-z-]+)\]$", MESSAGES.read_text("utf-8"), re.MULTILINE))
    assert codes - shown == set()
    assert shown - CHANGE_CODES.keys() == set()


def test_each_code_of_diff_is_explained(repository: Path) -> None:
    folder = repository / "generator/bothends"
    files = [*sorted((folder / "diff").rglob("*.py")), folder / "cli/diff.py"]
    text = "".join(file.read_text("utf-8") for file in files)
    last = "added|changed|gone|moved|optional|renamed|required|style|type"
    codes = set(re.findall(rf'"([a-z]+(?:-[a-z]+)*-(?:{last}))"', text)) - {"content-type"}
    assert len(codes) > 30
    assert codes - CHANGE_CODES.keys() == set()

    # Some are made of a direction and an effect, some of a keyword.
    made = {code for code in CHANGE_CODES if f'"{code}"' not in text}
    ends = {re.sub("^(request|reply)-|-changed$", "", code) for code in made}
    lowered = text.lower()
    assert {end for end in ends if f'{end}"' not in lowered} == set()
    assert explain_code("diff-request-narrowed") == explain_code("request-narrowed") != ""


if __name__ == "__main__":
    MESSAGES.write_text(render_messages(), encoding="utf-8", newline="\n")
