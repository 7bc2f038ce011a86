"""Law 1: all of a package follows from its contract."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bothends.emit.vocabulary import check_vocabulary
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


def files_of_saves(folder: Path) -> list[dict[str, str]]:
    """The package of a contract of many files, after each of three saves; the third is the first."""
    shutil.copytree(FOLDER / "tags_layout", folder)
    case = Case(folder)
    written = case.contract.read_text("utf-8")
    made: list[dict[str, str]] = []
    for text in (written, written.replace("All harbours.", "Every harbour."), written):
        case.contract.write_text(text, "utf-8")
        made.append(case.make())
    return made


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

    def test_of_saves_in_one_process(self, tmp_path: Path) -> None:
        before = check_vocabulary.cache_info().hits
        first, second, third = files_of_saves(tmp_path / "kept")
        kept = check_vocabulary.cache_info().hits - before

        # As a process makes it that has made nothing before.
        contract = tmp_path / "kept" / "openapi.yaml"
        contract.write_text(contract.read_text("utf-8").replace("All harbours.", "Every harbour."))
        program = (
            "import json, pathlib; from tests.goldens.cases import Case; "
            f"print(json.dumps(Case(pathlib.Path({str(tmp_path / 'kept')!r})).make()))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert second == json.loads(done.stdout)
        assert first == third != second
        differing = [path for path in first if first[path] != second[path]]
        assert 0 < len(differing) < 10 < kept
