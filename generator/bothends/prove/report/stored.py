"""The evidence as JSON: what a part of a split run leaves for the others to be joined with."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bothends.prove.evidence.record import Evidence, Failure, Sides, Tally
from bothends.prove.report.causes import Cause, causes
from bothends.small_file import read_small


def write_json_evidence(evidence: Evidence) -> str:
    """The evidence as JSON, which `read_evidence` reads back."""
    tallies = sorted(evidence.tallies.items())
    keywords = sorted(evidence.keywords.items())
    data: dict[str, Any] = {
        "proved": evidence.is_proved,
        "interrupted": evidence.interrupted,
        "draws": evidence.draws,
        "seeds": evidence.seeds,
        "promises": evidence.promises,
        "checks": [[*key, tally.tried, tally.failed] for key, tally in tallies],
        "keywords": [[*key, sides.kept, sides.broken] for key, sides in keywords],
        "excused": [[*reason, count] for reason, count in sorted(evidence.excused.items())],
        "untried": [list(entry) for entry in sorted(evidence.untried)],
        "inapplicable": [list(entry) for entry in sorted(evidence.inapplicable)],
        "causes": [_cause(entry) for entry in causes(evidence)],
        "failures": [asdict(failure) for failure in evidence.failures],
    }
    # ASCII, because surrogates that a fuzzer sends have no UTF-8.
    return json.dumps(data, indent=1, ensure_ascii=True) + "\n"


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
        data = json.loads(read_small(file))
        return Evidence(
            seeds=list(data["seeds"]),
            promises=dict(data["promises"]),
            tallies={
                (a, b, c, d, e): Tally(tried, failed)
                for a, b, c, d, e, tried, failed in data["checks"]
            },
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
