"""What generating costs, as a process: cold, again, and with the size of the contract."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.corpus.contracts import CORPUS

from .contract import contract_of_paths
from .process import ROOT, cost
from .rows import Bound, Measure, Row

SIZES = (100, 1000, 3000)
HEAD = "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\n"
# Where they lie in a folder of others' contracts, if there is one.
OTHERS = {
    "Stripe": "stripe/stripe-spec3-2023-09-12.yaml",
    "GitHub": "github/api.github.com.json",
}
GITHUB_SECONDS, GITHUB_MEGABYTES = 6.0, 500.0


def rows(folder: Path) -> Iterator[Row | Bound]:
    """Yield what is measured."""
    for spec in sorted((ROOT / "specs").iterdir()):
        if (spec / "openapi.yaml").exists():
            project = copied(folder / spec.name, spec / "openapi.yaml")
            cold, again = seconds(project, is_cold=True), seconds(project)
            yield Row(f"Generating {spec.name} again, against cold", again, cold, 0.05, "s", 3)

    for name, path in OTHERS.items():
        if (CORPUS / path).exists():
            project = copied(folder / name, CORPUS / path)
            bound = GITHUB_SECONDS if name == "GitHub" else None
            yield Bound(f"Generating {name}, cold", seconds(project, is_cold=True), bound, "s", 1)
            most = GITHUB_MEGABYTES if name == "GitHub" else None
            yield Bound(f"Generating {name}, memory", memory(project), most, "MB", 1)

    yield Bound("Exponent of time, 100 to 3000 operations", lambda: growth(folder), 1.1, "x", 1)


def growth(folder: Path) -> float:
    """The exponent of time in the number of operations, beyond what the least of them cost."""
    points: list[tuple[int, float]] = []
    for size in SIZES:
        source = folder / f"paths{size}" / "openapi.yaml"
        source.parent.mkdir(exist_ok=True)
        source.write_text(HEAD + contract_of_paths(size), "utf-8")
        spent = cost(copied(folder / f"growth{size}", source), "-m", "bothends", "generate", "-q")
        points.append((size, spent.seconds))

    # What the least contract costs is taken off: for the most part it is the start of the program.
    (least, base), (some, time), (many, more_time) = points
    factor = math.log((many - least) / (some - least))
    return math.log((more_time - base) / (time - base)) / factor


def copied(project: Path, contract: Path) -> Path:
    """A project with one contract, which has the name of the project's folder."""
    specs = project / "specs" / project.name.lower()
    specs.mkdir(parents=True)
    (project / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    shutil.copyfile(contract, specs / f"openapi{contract.suffix}")
    return project


def seconds(project: Path, *, is_cold: bool = False) -> Measure:
    """Measure one run of `generate`, cold or where all is there already."""

    def measure() -> float:
        if is_cold:
            shutil.rmtree(project / "generated", ignore_errors=True)
            for lock in project.glob("specs/*/names.lock"):
                lock.unlink()
        return cost(project, "-m", "bothends", "generate", "-q").seconds

    return measure


def memory(project: Path) -> Measure:
    """Measure the megabytes of one run of `generate`."""
    return lambda: cost(project, "-m", "bothends", "generate", "-q").megabytes
