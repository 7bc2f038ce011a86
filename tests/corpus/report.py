"""`make corpus`: what each contract of a folder gives, measured on the program as users run it.

    BOTHENDS_CORPUS=../contracts ONLY="petstore echo" TYPES=0 KEEP=folder make corpus

Each contract is generated in a project of its own, by a process of its own, so that its seconds (CPU)
and its memory are those of one run. A row has what the contract describes, what is generated, what is
refused by which reason, repaired, or typed Any, whether all modules import, the errors of mypy and
pyright in strict mode, whether the names stay when paths and components are in reverse order, and how
long importing the client takes. `RESULTS.md` keeps the last row of each contract; KEEP=folder keeps the
projects, so that an editor can look at them.
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
RESULTS = Path(__file__).with_name("RESULTS.md")
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
    "what is refused or lost, and how often",
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
    print(_line(_HEAD), flush=True)
    for contract in sorted(chosen, key=lambda c: (CORPUS / c).stat().st_size):
        with _folder(contract) as folder:
            row = _row(contract, folder, with_types=with_types)
        print(_line(row), flush=True)
        keep_row(row)


def keep_row(row: tuple[str, ...]) -> None:
    """Put the row of a contract in the place of its last one; what was not asked keeps its word."""
    text = RESULTS.read_text("utf-8")
    head = text.partition("| contract")[0]
    rows: dict[str, tuple[str, ...]] = {}
    for line in text[len(head) :].splitlines()[2:]:
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        rows[cells[0]] = cells

    before = rows.get(row[0], row)
    rows[row[0]] = tuple(old if new == "-" else new for old, new in zip(before, row, strict=True))
    rule = "|" + " --- |" * len(_HEAD)
    lines = [_line(_HEAD), rule, *(_line(rows[contract]) for contract in sorted(rows))]
    RESULTS.write_text(head + "\n".join(lines) + "\n", "utf-8")


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


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


def _row(contract: str, folder: Path, *, with_types: bool) -> tuple[str, ...]:
    file = CORPUS / contract
    described = _described(_load(file))
    run = generate(folder / "project", file)
    package = folder / "project/generated/made"
    if not (package / "coverage.json").is_file():
        lines = (line for line in run.output.splitlines() if "error[" in line)
        cells = [contract, *map(str, described), "0"]
        nothing = ["none"] * (len(_HEAD) - len(cells) - 1)
        return (*cells, *nothing, f"nothing: {next(lines, run.output[-99:])[:120]}")

    coverage = json.loads((package / "coverage.json").read_text("utf-8"))
    losses = Counter(loss["code"] for loss in coverage["losses"])
    any_count = losses.pop("model-loss", 0)
    refused = Counter(f"refused-{refusal['code']}" for refusal in coverage["refusals"])
    generated = len(coverage["operations"]) + len(coverage.get("webhooks", ()))
    imported = _python(package.parent, "-c", _IMPORT_ALL)
    client = _python(package.parent, "-c", _IMPORT_CLIENT)
    checks = [_mypy(package.parent), _pyright(package.parent)] if with_types else ["-", "-"]

    return (
        contract,
        *map(str, described),
        str(generated),
        str(refused.total()),
        str(len(coverage.get("repairs", ()))),
        str(any_count),
        "yes" if imported.code == 0 else "NO",
        *checks,
        "yes" if _is_stable(folder, file) else "NO",
        f"{run.seconds:.1f}",
        f"{run.megabytes:.0f}",
        f"{1000 * float(client.output or 'nan'):.0f}" if client.code == 0 else "-",
        ", ".join(f"{count} {reason}" for reason, count in (refused + losses).items()),
    )


def generate(project: Path, contract: Path) -> Run:
    """Generate a contract in a project of its own, as users do."""
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

    generate(folder / "again", file)
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
    # One cache for all: the runtime and its libraries are read once.
    cache = Path(tempfile.gettempdir()) / f"bothends-corpus-mypy-{os.getuid()}"
    run = _python(folder, "-m", "mypy", "--strict", "--cache-dir", str(cache), "made")
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
