"""`make corpus`: what each contract of a folder gives, measured on the program as users run it.

    BOTHENDS_CORPUS=../contracts ONLY="github stripe" TYPES=0 make corpus

Each contract is generated in a project of its own, by a process of its own, so that its seconds (CPU)
and its memory are those of one run. A row has what the contract describes, what is generated, what is
refused by which reason, repaired, or typed Any, whether all modules import, the errors of mypy and
pyright in strict mode, whether the names stay when paths and components are in reverse order, and how
long importing the client takes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.contracts import CORPUS, find_contracts

_METHODS = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"])
_HEAD = (
    "contract",
    "ops",
    "hooks",
    "callbacks",
    "generated",
    "refused",
    "repairs",
    "Any",
    "imports",
    "mypy",
    "pyright",
    "stable",
    "s",
    "MB",
    "import ms",
)
_IMPORT_ALL = """
import importlib, pathlib, sys
for file in sorted(pathlib.Path("made").rglob("*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
"""
_IMPORT_CLIENT = """
import time
start = time.process_time()
import made
made.MadeClient
print(time.process_time() - start)
"""


@dataclass(frozen=True)
class Run:
    """One process: its exit code and output, its seconds of CPU and megabytes."""

    code: int
    output: str
    seconds: float
    megabytes: float


def main() -> None:
    """Print a row for each contract, and the reasons below the table."""
    words, with_types = os.environ.get("ONLY", "").split(), os.environ.get("TYPES", "1") != "0"
    chosen = [c for c in find_contracts() if not words or any(word in c for word in words)]
    print("  ".join(_HEAD), flush=True)
    reasons: dict[str, Mapping[str, int]] = {}
    for contract in sorted(chosen, key=lambda c: (CORPUS / c).stat().st_size):
        with _folder(contract) as folder:
            row, reasons[contract] = _row(contract, folder, with_types=with_types)
        print("  ".join(row), flush=True)

    for contract, counts in reasons.items():
        for reason, count in counts.items():
            print(f"{contract}: {count} of {reason}")


@contextmanager
def _folder(contract: str) -> Iterator[Path]:
    kept = os.environ.get("KEEP")
    if kept is None:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
        return

    folder = Path(kept).resolve() / contract.replace("/", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder


def _row(
    contract: str, folder: Path, *, with_types: bool
) -> tuple[tuple[str, ...], Mapping[str, int]]:
    file = CORPUS / contract
    described = _described(_load(file))
    run = _generate(folder / "project", file)
    package = folder / "project/generated/made"
    if not (package / "coverage.json").is_file():
        line = next(
            (line for line in run.output.splitlines() if "error[" in line), run.output[-99:]
        )
        return (contract, *map(str, described), "0"), {f"nothing: {line[:120]}": 1}

    coverage = json.loads((package / "coverage.json").read_text("utf-8"))
    refused = Counter(refusal["code"] for refusal in coverage["refusals"])
    losses = Counter(loss["code"] for loss in coverage["losses"])
    generated = len(coverage["operations"]) + len(coverage.get("webhooks", ()))
    imported = _python(package.parent, "-c", _IMPORT_ALL)
    client = _python(package.parent, "-c", _IMPORT_CLIENT)
    checks = [_mypy(package.parent), _pyright(package.parent)] if with_types else ["-", "-"]

    row = (
        contract,
        *map(str, described),
        str(generated),
        str(sum(refused.values())),
        str(len(coverage.get("repairs", ()))),
        str(losses["model-loss"]),
        "yes" if imported.code == 0 else "NO",
        *checks,
        "yes" if _is_stable(folder, file) else "NO",
        f"{run.seconds:.1f}",
        f"{run.megabytes:.0f}",
        f"{1000 * float(client.output or 'nan'):.0f}" if client.code == 0 else "-",
    )
    reasons = {f"refused-{code}": count for code, count in refused.items()}
    return row, {**reasons, **{code: n for code, n in losses.items() if code != "model-loss"}}


def _generate(project: Path, contract: Path) -> Run:
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    return _python(project, "-m", "bothends", "generate", str(contract), "--name", "made")


def _is_stable(folder: Path, contract: Path) -> bool:
    """Whether the names are the same where paths and components are in reverse order."""
    copy = folder / "reversed"
    shutil.copytree(contract.parent, copy)
    data = _load(contract)
    for word in ("paths", "webhooks", "components", "definitions"):
        if isinstance(data.get(word), dict):
            data[word] = {key: _reversed(value) for key, value in reversed(data[word].items())}
    file = copy / contract.name
    file.chmod(0o644)
    file.write_text(json.dumps(data, default=str), "utf-8")

    _generate(folder / "again", file)
    before, after = (_names(folder / part) for part in ("project", "again"))
    return before != {} and before == after


def _names(project: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for lock in project.glob("specs/*/names.lock"):
        found |= json.loads(lock.read_text("utf-8"))["names"]
    return found


def _reversed(node: Any) -> Any:
    return dict(reversed(node.items())) if isinstance(node, dict) else node


def _described(data: Mapping[str, Any]) -> tuple[int, int, int]:
    """How many operations, webhooks and callbacks the file of a contract has itself."""
    paths = [item for item in (data.get("paths") or {}).values() if isinstance(item, dict)]
    found = [item[method] for item in paths for method in item if method in _METHODS]
    callbacks = [o.get("callbacks") or {} for o in found if isinstance(o, dict)]
    hooks = [item for item in (data.get("webhooks") or {}).values() if isinstance(item, dict)]
    return (
        len(found),
        sum(method in _METHODS for item in hooks for method in item),
        sum(map(len, callbacks)),
    )


def _load(file: Path) -> dict[str, Any]:
    text = file.read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = json.loads(text) if file.suffix == ".json" else yaml.load(text, loader)
    return found


def _mypy(folder: Path) -> str:
    run = _python(folder, "-m", "mypy", "--strict", "--cache-dir", str(folder / ".mypy"), "made")
    return str(run.output.count(": error:"))


def _pyright(folder: Path) -> str:
    settings = {"typeCheckingMode": "strict", "include": ["made"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run = _python(folder, "-m", "pyright", "--pythonpath", sys.executable)
    return str(run.output.count(" - error"))


def _python(folder: Path, *arguments: str) -> Run:
    # Compiled files are written: what is measured is not the compiler.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**kept, "PYTHONPATH": str(folder), "NO_COLOR": "1"},
        )
        _, status, usage = os.wait4(process.pid, 0)
        output.seek(0)
        text = output.read().decode("utf-8", "replace")

    seconds = usage.ru_utime + usage.ru_stime
    return Run(os.waitstatus_to_exitcode(status), text, seconds, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
