"""One change for each family of rules, beside the verdict that was decided without looking at ours.

What `families.yaml` has no place for is in `schema_pairs.yaml`, where every verdict is exact.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import yaml

from bothends.diff import Verdict, compare
from bothends.load import Document, parse_document
from bothends.normalise import normalise

FAMILIES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "families.yaml").read_text("utf-8")
)
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
    return normalise(parse_document(json.dumps(data).encode(), "families.json"))


def our_verdict(case: dict[str, Any]) -> str:
    """The worst verdict of all changes; `none` where there is no change."""
    old = with_edits(FAMILIES["base"], case.get("old", {}))
    changes = compare(contract(old), contract(with_edits(old, case["new"])))
    for change in changes:
        assert (change.witness is not None) == (change.verdict is Verdict.BREAKING)

    verdicts = {change.verdict for change in changes}
    return next((str(verdict) for verdict in Verdict if verdict in verdicts), "none")


def test_verdicts_of_families_are_true() -> None:
    cases = FAMILIES["cases"]
    ours = {name: our_verdict(case) for name, case in cases.items()}
    unsafe = [name for name, case in cases.items() if case["verdict"] == "breaking"]
    safe = [name for name in cases if name not in unsafe]

    assert [name for name in unsafe if ours[name] in SAFE] == []
    assert sum(ours[name] == "breaking" for name in safe) <= 0.03 * len(safe)
    assert sum(verdict == "unknown" for verdict in ours.values()) < 0.05 * len(cases)
    assert len(cases) >= 110


def test_what_only_people_read_is_told_apart() -> None:
    for name, case in FAMILIES["cases"].items():
        if case["verdict"] in ("note", "none"):
            assert our_verdict(case) == case["verdict"], name
