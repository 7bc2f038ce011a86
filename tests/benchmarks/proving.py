"""Requests per second of CPU that an attack sends, beside schemathesis's own command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bothends.runtime.stand_in import default_stand_in, make_stand_in
from bothends.serve.listen import running
from tests.packages import HEAD

from .contract import CONTRACT, contract_of_paths, made_package
from .generating import copied
from .process import cost
from .rows import Row

EXAMPLES = 200
OPERATIONS, EXAMPLES_OF_EACH = 20, 100


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured."""
    contract = folder / "orders.yaml"
    contract.write_text(HEAD + CONTRACT, "utf-8")
    project = copied(folder / "shop", contract)
    cost(project, "-m", "bothends", "generate", "-q")
    package = made_package(folder / "served")
    operations = package.part("operations")
    stand_in = make_stand_in(default_stand_in(operations.API, operations.OPERATIONS))
    most = ("--max-examples", str(EXAMPLES))

    def ours(url: str) -> tuple[str, ...]:
        return ("-m", "bothends", "prove", "shop", "--url", url, *most)

    def peer(url: str) -> tuple[str, ...]:
        given = ("--url", url, "--continue-on-failure", "--phases", "coverage,fuzzing")
        return ("-m", "schemathesis.cli", "run", str(contract), *given, *most)

    yield in_two_processes(folder)
    yield Row(
        f"Prove, CPU per request at {EXAMPLES} examples, schemathesis",
        per_request(project, stand_in.app(), ours),
        per_request(project, stand_in.app(), peer),
        1.0,
        "ms",
        3,
    )


def in_two_processes(folder: Path) -> Row:
    """The longer of two processes, each with a part of the operations, against one with all.

    CPU time, for other work on the machine makes both wait; they run side by side, so whatever one
    takes from the other is within.
    """
    source = folder / "parts" / "openapi.yaml"
    source.parent.mkdir()
    source.write_text(HEAD + contract_of_paths(OPERATIONS), "utf-8")
    project = copied(folder / "paths", source)
    cost(project, "-m", "bothends", "generate", "-q")
    prove = ("-m", "bothends", "prove", "-q", "--max-examples", str(EXAMPLES_OF_EACH))

    def part(number: int) -> float:
        shard, output = ("--shard", f"{number}/2"), project / f"part{number}.txt"
        return cost(project, *prove, *shard, output=output).seconds

    def both() -> float:
        with ThreadPoolExecutor(2) as threads:
            return max(threads.map(part, (1, 2)))

    return Row(
        f"Prove {OPERATIONS} operations, the longer of two processes against one",
        both,
        lambda: cost(project, *prove).seconds,
        1 / 1.8,
        "s",
        3,
    )


def per_request(
    project: Path, app: Any, command: Callable[[str], tuple[str, ...]]
) -> Callable[[], float]:
    """Return a function that gives the milliseconds of CPU per request, start-up included.

    Args:
        project: The folder that the command runs in.
        app: The app that is attacked, by this process, which is not counted.
        command: The arguments of Python, with the URL of the app.
    """
    requests = 0

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        nonlocal requests
        requests += scope["type"] == "http"
        await app(scope, receive, send)

    def measure() -> float:
        nonlocal requests
        requests = 0
        with running(counted) as url:
            spent = cost(project, *command(url), statuses=(0, 1))
        return spent.seconds / requests * 1e3

    return measure
