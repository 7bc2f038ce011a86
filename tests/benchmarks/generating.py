"""What generating costs, as a process: cold, again, and with the size of the contract."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count
from pathlib import Path
from statistics import linear_regression
from typing import Any

from tests.corpus.contracts import CORPUS

from .contract import contract_of_paths
from .peers import environment
from .process import ROOT, Cost, cost
from .rows import Bound, Measure, Row

SIZES = (100, 300, 1000, 3000)
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
# openapi-python-client reads no contract in several files, and ends with an error at Stripe's.
PEER_TAKES = ("Kubernetes", "OpenAI", "GitHub")
CHANGED = "Kubernetes"
GITHUB_SECONDS, GITHUB_MEGABYTES = 6.0, 500.0


def rows(folder: Path) -> Iterator[Row | Bound]:
    """Yield what is measured."""
    for spec in sorted((ROOT / "specs").iterdir()):
        if (spec / "openapi.yaml").exists():
            project = copied(folder / spec.name, spec / "openapi.yaml")
            cold, again = seconds(project, is_cold=True), seconds(project)
            yield Row(f"Generating {spec.name} again, against cold", again, cold, 0.05, "s", 3)
            yield beside_peer(folder, spec.name, spec / "openapi.yaml", cold, 3)

    yield changed_operation(folder)
    petstore = CORPUS / PETSTORE
    if petstore.exists():
        ours = seconds(copied(folder / "petstore", petstore), is_cold=True)
        yield beside_peer(folder, "petstore", petstore, ours, 3)

    for name, path in OTHERS.items():
        if (CORPUS / path).exists():
            yield from large(name, copied(folder / name, CORPUS / path), folder)

    spent = cache(lambda: [sized(folder, size) for size in SIZES])
    times = lambda: exponent([each.seconds for each in spent()])  # noqa: E731
    memory = lambda: exponent([each.megabytes for each in spent()])  # noqa: E731
    size = f"{SIZES[0]} to {SIZES[-1]} operations"
    yield Bound(f"Exponent of time, {size}", times, 1.1, "x", 1)
    yield Bound(f"Exponent of memory, {size}", memory, 1.1, "x", 1)


def large(name: str, project: Path, folder: Path) -> Iterator[Row | Bound]:
    """Yield what one run with a large contract costs."""

    @cache
    def spent() -> Cost:
        forget(project)
        return run(project)

    cold: Measure = lambda: spent().seconds  # noqa: E731
    is_bounded = name == "GitHub"
    most = GITHUB_SECONDS if is_bounded else None
    yield Bound(f"Generating {name}, cold", cold, most, "s", 1)
    most = GITHUB_MEGABYTES if is_bounded else None
    yield Bound(f"Generating {name}, memory", lambda: spent().megabytes, most, "MB", 1)
    if name in PEER_TAKES:
        yield beside_peer(folder, name, CORPUS / OTHERS[name], cold, 1)
    if is_bounded:
        again = seconds(project)
        yield Row(f"Generating {name} again", again, cold, 0.05, "s", 3)
    if name == CHANGED:
        yield from changed(name, project, cold)


def changed(name: str, project: Path, cold: Measure) -> Iterator[Row]:
    """Yield what one change in a large contract costs, in turns of all that is there and one."""
    contract = next(project.glob("specs/*/openapi.json"))
    data: Any = json.loads(contract.read_text("utf-8"))
    schemas = data.get("definitions") or data["components"]["schemas"]
    uses = Counter(re.findall(r'"\$ref": ?"[^"]*/([^"/]+)"', json.dumps(data)))
    shared = max((each for each in schemas if "properties" in schemas[each]), key=uses.__getitem__)
    path = next(iter(data["paths"].values()))
    operation = next(each for each in path.values() if "operationId" in each)
    numbers = count()

    def run_with(change: Callable[[int], None]) -> Measure:
        def measure() -> float:
            cold()  # what is kept from one run to the next is there
            change(next(numbers))
            contract.write_text(json.dumps(data, indent=2), "utf-8")
            return run(project).seconds

        return measure

    def change_operation(number: int) -> None:
        operation["summary"] = f"Number {number}."

    def change_schema(number: int) -> None:
        schemas[shared]["properties"][f"added{number}"] = {"type": "string"}

    name = f"Generating {name} with one"
    yield Row(
        f"{name} operation changed, against cold", run_with(change_operation), cold, 0.2, "s", 1
    )
    yield Row(
        f"{name} shared schema changed, against cold", run_with(change_schema), cold, 1 / 3, "s", 1
    )


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


def beside_peer(folder: Path, name: str, contract: Path, ours: Measure, times: int) -> Row:
    """What a cold run costs beside openapi-python-client's, the one Python peer of clients."""
    theirs = peer(folder, contract)
    return Row(f"Generating {name}, openapi-python-client", ours, theirs, 1.0, "s", times)


def peer(folder: Path, contract: Path) -> Measure:
    """Measure openapi-python-client."""
    out = ("--output-path", str(folder / "opc_out"), "--overwrite")
    command = ("-m", "openapi_python_client", "generate", "--path", str(contract), *out)
    return lambda: cost(folder, *command, environment=environment()).seconds


def sized(folder: Path, size: int) -> Cost:
    """What a contract of as many operations costs."""
    source = folder / f"paths{size}" / "openapi.yaml"
    source.parent.mkdir()
    source.write_text(HEAD + contract_of_paths(size), "utf-8")
    return run(copied(folder / f"growth{size}", source))


def exponent(costs: Sequence[float]) -> float:
    """The exponent in the number of operations: the slope between the logarithms of both."""
    # What the least contract costs is taken off: for the most part it is the start of the program.
    sizes = [math.log(size - SIZES[0]) for size in SIZES[1:]]
    beyond = [math.log(max(each - costs[0], 0.1)) for each in costs[1:]]
    return linear_regression(sizes, beyond).slope


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
