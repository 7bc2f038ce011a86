"""Law 1: all of a package follows from its contract."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests.goldens.cases import FOLDER, Case

ROOT = Path(__file__).parents[2]
CASES = ("names", "unions", "security", "recursion", "statuses", "inline_objects")
PROGRAM = "from tests.laws.test_bytes import fingerprint; print(fingerprint())"


def fingerprint() -> str:
    """One hash over all files of several cases."""
    hashed = hashlib.sha256()
    for name in CASES:
        for path, text in sorted(Case(FOLDER / name).make().items()):
            hashed.update(f"{path}\0{text}\0".encode())
    return hashed.hexdigest()


def fingerprint_elsewhere(folder: Path, seed: str) -> str:
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "generator"))),
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


class TestSameBytes:
    """The same contract gives the same bytes: under any hash seed, in any folder, time zone and locale, and again."""

    def test_elsewhere(self, tmp_path: Path) -> None:
        assert {
            fingerprint(),
            fingerprint_elsewhere(tmp_path, "0"),
            fingerprint_elsewhere(ROOT, "4242"),
        } == {fingerprint()}
