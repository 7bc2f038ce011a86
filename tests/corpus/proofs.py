"""`make corpus-proofs`: what `prove` says of the default stand-in of each contract of a folder.

    BOTHENDS_CORPUS=../contracts ONLY="box discord" EVIDENCE=folder make corpus-proofs

The wire probes, schemathesis' coverage phase and the examples of the contract; then the agreement of
both ends with 25 examples for each operation. Of a contract above 200 operations, 100 are proved:
every n-th; SAMPLE=10 proves so many of each contract. Failures that are not in `proofs.json`, the table of faults outside of us, are printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path

from bothends.prove import (
    Budget,
    Evidence,
    Package,
    Shard,
    causes,
    load_package,
    load_webhooks,
    prove_package,
    read_evidence,
    untried,
    write_json_evidence,
)
from bothends.prove.agreement import prove_agreement
from bothends.prove.evidence.record import OUR_FAULT
from bothends.prove.values.sendable import untyped
from bothends.prove.values.successes import unanswerable
from tests.corpus.contracts import CORPUS, find_contracts

TABLE = Path(__file__).with_name("proofs.json")
_LARGE, _SAMPLE, _AGREEMENT = 200, 100, 25


def main() -> None:
    """Print a line for each contract, and its failures below it."""
    if len(sys.argv) == 3:
        _prove_here(Path(sys.argv[1]), Path(sys.argv[2]))
        return

    words = os.environ.get("ONLY", "").split()
    allowed: dict[str, dict[str, str]] = json.loads(TABLE.read_text("utf-8"))
    chosen = [c for c in find_contracts() if not words or any(word in c for word in words)]
    for contract in sorted(chosen, key=lambda c: (CORPUS / c).stat().st_size):
        with tempfile.TemporaryDirectory() as folder:
            for line in _lines(contract, Path(folder), allowed.get(contract, {})):
                print(line, flush=True)


def _lines(contract: str, folder: Path, allowed: Mapping[str, str]) -> Iterator[str]:
    (folder / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    generate = ["-m", "bothends", "generate", str(CORPUS / contract), "--name", "proved"]
    generated = subprocess.run(
        [sys.executable, *generate], cwd=folder, capture_output=True, text=True, check=False
    )
    package = folder / "generated/proved"
    # A large one is laid out by tags: its operations are a folder.
    if not ((package / "operations.py").is_file() or (package / "operations").is_dir()):
        yield f"{contract}: no operations, exit code {generated.returncode}"
        return

    begun = time.monotonic()
    kept = os.environ.get("EVIDENCE")
    name = contract.replace("/", "-") + ".evidence.json"
    file = Path(kept).resolve() / name if kept else folder / name
    command = [sys.executable, "-m", "tests.corpus.proofs", str(package)]
    run = subprocess.run(
        [*command, str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if not file.is_file():
        yield f"{contract}: the proof ended with {run.returncode}: {run.stderr[-400:]}"
        return

    evidence = read_evidence(file)
    known, failures = _sorted_failures(evidence, allowed)
    operations, checks = sum(map(len, evidence.promises.values())), len(evidence.tallies)
    yield (
        f"{contract}: {operations} operations, {checks} checks, {len(failures)} failures,"
        f" {len(known)} known, {len(untried(evidence))} not tried,"
        f" {time.monotonic() - begun:.0f} s {evidence.interrupted}"
    )
    yield from (f"    {line}" for line in failures)
    yield from (f"    no longer needed: {words}" for words in allowed if words not in known)


def _sorted_failures(evidence: Evidence, allowed: Mapping[str, str]) -> tuple[set[str], list[str]]:
    """The entries of the table that were met, and the failures that none is for."""
    known: set[str] = set()
    failures: list[str] = []
    for cause in causes(evidence):
        one = cause.smallest
        line = f"{one.operation}, {one.part}, {one.check}: {cause.headline[:300]!r}; {one.message[:300]!r}"
        entries = [words for words in allowed if words in line]
        known.update(entries)
        if not entries:
            failures.append(f"{line} ({cause.count} times)")

    failures += sorted({text for _, _, text in evidence.untried if OUR_FAULT in text})
    return known, failures


def _prove_here(folder: Path, file: Path) -> None:
    evidence = Evidence()
    parts = (load_package(folder), load_webhooks(folder))
    for package in filter(None, parts):
        if package.operations:
            _prove(package, evidence)
    file.write_text(write_json_evidence(evidence), "utf-8")


def _prove(package: Package, evidence: Evidence) -> None:
    count = len(package.operations)
    most = int(os.environ.get("SAMPLE") or (_SAMPLE if count > _LARGE else count))
    shard = Shard(1, ceil(count / most))
    prove_package(package, Budget(1, 0), shard=shard, into=evidence)
    operations = (
        o for o in shard.choose(package.operations) if not (unanswerable(o) or untyped(o))
    )
    prove_agreement(package, tuple(operations), Budget(1, _AGREEMENT), evidence)


if __name__ == "__main__":
    main()
