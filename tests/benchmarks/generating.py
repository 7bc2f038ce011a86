"""What generating costs, as a process: cold, again, and with the size of the contract."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.corpus.contracts import CORPUS

from .contract import contract_of_paths
from .peers import environment
from .process import ROOT, Cost, cost
from .rows import Bound, Measure, Row

SIZES = (100, 1000, 3000)
HEAD = "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\n"
PETSTORE = "oai-archive/petstore-expanded.yaml"
# Where they lie in a folder of others' contracts, if there is one.
OTHERS = {
    "Kubernetes": "apis-guru/kubernetes.io.json",
    "OpenAI": "openai/openai.yaml",
    "DigitalOcean": "digitalocean/DigitalOcean-public.v2.yaml",
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

    yield changed_operation(folder)
    petstore = CORPUS / PETSTORE
    if petstore.exists():
        ours = seconds(copied(folder / "petstore", petstore), is_cold=True)
        yield Row(
            "Generating petstore, openapi-python-client", ours, peer(folder, petstore), 1.0, "s", 3
        )

    for name, path in OTHERS.items():
        if (CORPUS / path).exists():
            yield from large(name, copied(folder / name, CORPUS / path))

    yield Bound("Exponent of time, 100 to 3000 operations", lambda: growth(folder), 1.1, "x", 1)


def large(name: str, project: Path) -> Iterator[Row | Bound]:
    """Yield what one run with a large contract costs."""
    forget(project)
    spent = run(project)
    is_bounded = name == "GitHub"
    most = GITHUB_SECONDS if is_bounded else None
    yield Bound(f"Generating {name}, cold", lambda: spent.seconds, most, "s", 1)
    most = GITHUB_MEGABYTES if is_bounded else None
    yield Bound(f"Generating {name}, memory", lambda: spent.megabytes, most, "MB", 1)
    if is_bounded:
        again = seconds(project)
        yield Row(f"Generating {name} again", again, lambda: spent.seconds, 0.05, "s", 3)


def changed_operation(folder: Path) -> Row:
    """One operation of a hundred has another summary each time."""
    source = folder / "changing" / "openapi.yaml"
    source.parent.mkdir()
    source.write_text(HEAD + contract_of_paths(SIZES[0]), "utf-8")
    project = copied(folder / "changed", source)
    contract = project / "specs/changed/openapi.yaml"
    numbers = count()

    def changed() -> float:
        text = f"operationId: get5, summary: Number {next(numbers)}.,"
        written = source.read_text("utf-8").replace("operationId: get5,", text)
        contract.write_text(written, "utf-8")
        return run(project).seconds

    cold = seconds(project, is_cold=True)
    return Row("Generating with one operation changed, against cold", changed, cold, 0.2, "s", 3)


def peer(folder: Path, contract: Path) -> Measure:
    """Measure openapi-python-client."""
    out = ("--output-path", str(folder / "opc_out"), "--overwrite")
    command = ("-m", "openapi_python_client", "generate", "--path", str(contract), *out)
    return lambda: cost(folder, *command, environment=environment()).seconds


def growth(folder: Path) -> float:
    """The exponent of time in the number of operations, beyond what the least of them cost."""
    points: list[tuple[int, float]] = []
    for size in SIZES:
        source = folder / f"paths{size}" / "openapi.yaml"
        source.parent.mkdir(exist_ok=True)
        source.write_text(HEAD + contract_of_paths(size), "utf-8")
        spent = run(copied(folder / f"growth{size}", source))
        points.append((size, spent.seconds))

    # What the least contract costs is taken off: for the most part it is the start of the program.
    (least, base), (some, time), (many, more_time) = points
    factor = math.log((many - least) / (some - least))
    return math.log((more_time - base) / (time - base)) / factor


def copied(project: Path, contract: Path) -> Path:
    """A project with one contract, which has the name of the project's folder."""
    specs = project / "specs" / project.name.lower()
    # With what lies beside it: a contract may be in several files.
    shutil.copytree(contract.parent, specs)
    (specs / contract.name).rename(specs / f"openapi{contract.suffix}")
    (project / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    return project


def seconds(project: Path, *, is_cold: bool = False) -> Measure:
    """Measure one run of `generate`, cold or where all is there already."""

    def measure() -> float:
        if is_cold:
            forget(project)
        return run(project).seconds

    return measure


def run(project: Path) -> Cost:
    """Generate, with a cache of the project's own."""
    variables = {**os.environ, "BOTHENDS_CACHE": str(project / "cache")}
    return cost(project, "-m", "bothends", "generate", "-q", environment=variables)


def forget(project: Path) -> None:
    """Remove all that earlier runs left."""
    for folder in ("generated", "cache"):
        shutil.rmtree(project / folder, ignore_errors=True)
    for lock in project.glob("specs/*/names.lock"):
        lock.unlink()
