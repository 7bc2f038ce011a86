"""The evidence as JSON: what a part of a split run leaves for the others to be joined with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from bothends.prove.evidence.record import Evidence, Failure, Key, Sides, Tally
from bothends.prove.report.causes import Cause, causes
from bothends.runtime.json.value import is_array
from bothends.small_file import read_small

_MOST_BYTES: Final = 256_000_000
"""A form of sixty fields is tried with thousands of bodies, and each has an entry."""

_GROUP: Final = ("package", "server", "operation", "part")


def write_json_evidence(evidence: Evidence) -> str:
    """The evidence as JSON, which `read_evidence` reads back."""
    keywords = sorted(evidence.keywords.items())
    data: dict[str, Any] = {
        "proved": evidence.is_proved,
        "interrupted": evidence.interrupted,
        "draws": evidence.draws,
        "seeds": evidence.seeds,
        "promises": evidence.promises,
        "checks": _grouped(evidence.tallies),
        "keywords": [[*key, sides.kept, sides.broken] for key, sides in keywords],
        "excused": [[*reason, count] for reason, count in sorted(evidence.excused.items())],
        "untried": [list(entry) for entry in sorted(evidence.untried)],
        "inapplicable": [list(entry) for entry in sorted(evidence.inapplicable)],
        "causes": [_cause(entry) for entry in causes(evidence)],
        "failures": [asdict(failure) for failure in evidence.failures],
    }
    fields = [f' "{name}": {_line_by_line(value)}' for name, value in data.items()]
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _line_by_line(value: Any) -> str:
    """A field of the evidence: of a list, each member has a line."""
    # ASCII, because surrogates that a fuzzer sends have no UTF-8.
    if not is_array(value) or not value:
        return json.dumps(value, ensure_ascii=True)
    members = [json.dumps(member, ensure_ascii=True) for member in value]
    return "[\n  " + ",\n  ".join(members) + "\n ]"


def _grouped(tallies: Mapping[Key, Tally]) -> list[dict[str, Any]]:
    """The tallies by package, server, operation and part: a large run has 250,000 of them."""
    groups: list[dict[str, Any]] = []
    for group, entries in groupby(sorted(tallies.items()), lambda entry: entry[0][:4]):
        checks = {key[4]: [tally.tried, tally.failed] for key, tally in entries}
        groups.append({**dict(zip(_GROUP, group, strict=True)), "checks": checks})

    return groups


def _tallies(groups: Iterable[Mapping[str, Any]]) -> dict[Key, Tally]:
    found: dict[Key, Tally] = {}
    for group in groups:
        package, server, operation, part = (group[name] for name in _GROUP)
        for check, (tried, failed) in dict(group["checks"]).items():
            found[package, server, operation, part, check] = Tally(tried, failed)

    return found


def _cause(cause: Cause) -> dict[str, Any]:
    """For other programs; it follows from the failures, and is not read back."""
    return {
        "package": cause.smallest.package,
        "operation": cause.smallest.operation,
        "operations": cause.operations,
        "headline": cause.headline,
        "count": cause.count,
        "subjects": cause.subjects,
        "checks": [[*check, count] for check, count in cause.checks.items()],
        "curl": cause.smallest.curl,
    }


def read_evidence(file: Path) -> Evidence:
    """The evidence that a run wrote as JSON. ValueError when it is something else."""
    try:
        data = json.loads(read_small(file, _MOST_BYTES))
        return Evidence(
            seeds=list(data["seeds"]),
            promises=dict(data["promises"]),
            tallies=_tallies(data["checks"]),
            keywords={
                (a, b, c): Sides(remaining, broken)
                for a, b, c, remaining, broken in data["keywords"]
            },
            excused={(a, b): count for a, b, count in data["excused"]},
            untried={(a, b, c) for a, b, c in data["untried"]},
            inapplicable={(a, b, c) for a, b, c in data.get("inapplicable", [])},
            failures=[Failure(**failure) for failure in data["failures"]],
            draws={name: (drawn, sent) for name, (drawn, sent) in data.get("draws", {}).items()},
            interrupted=str(data.get("interrupted", "")),
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{file.name} is not the evidence of a run") from error
