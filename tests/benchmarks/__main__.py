"""`make bench` measures the generated ends beside their peers and writes RESULTS.md; `--quick` prints ours only."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .client import generated_call, plain_call
from .server import REQUEST_KINDS, empty_app, fastapi_app, generated_app, measure, routing

RESULTS = Path(__file__).with_name("RESULTS.md")
ROUNDS, QUICK_ROUNDS = 25, 7
# Enough to see whether the search for a route grows with their number.
FEW, MANY = 10, 1200
EXPLANATION = """# What a request and a call cost

`make bench` writes this file. Each number is the median of the CPU time of one request or call, in
microseconds, in one process and without a network. Rows of other runs and machines do not compare:
read the ratio, ours / peer, of two things that were measured in turns. A row fails when its ratio
is above the reach. No test depends on these numbers.

The generated server judges a request by JSON Schema and its reply too; FastAPI coerces, and judges
by pydantic. The plain client is httpx2, json and pydantic, written by hand, with the same bytes.
The empty ASGI app reads a request and answers a constant.

| Row | ours | peer | ratio | reach | verdict |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: each side gives the CPU time of one request or call."""

    name: str
    ours: Callable[[], float]
    peer: Callable[[], float]
    reach: float | None = None

    def measured(self, rounds: int, *, is_quick: bool) -> str:
        """Measure both sides in turns, so that a disturbance hits both. Return a line of the table."""
        pairs = [(self.ours(), 0.0 if is_quick else self.peer()) for _ in range(rounds)]
        ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
        if is_quick:
            return f"{self.name}: {ours:.1f} µs"

        ratio = ours / peer
        reach, verdict = "none", "for comparison"
        if self.reach is not None:
            reach = f"{self.reach:.2f}"
            verdict = "reached" if ratio <= self.reach else "short"
        return f"| {self.name} | {ours:.1f} | {peer:.1f} | {ratio:.2f} | {reach} | {verdict} |"


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured."""
    ours, peer = generated_app(folder), fastapi_app()
    for name, request in REQUEST_KINDS.items():
        mine = measure(ours, request)
        yield Row(f"Server, {name}, FastAPI", mine, measure(peer, request), 0.25)
        empty = measure(empty_app, request, is_exact=False)
        yield Row(f"Server, {name}, empty ASGI app", mine, empty)

    yield Row(
        f"Routing, {MANY} operations against {FEW}",
        routing(folder, MANY),
        routing(folder, FEW),
        1.1,
    )
    yield Row(
        "Client, body of ten items, httpx2 and pydantic", generated_call(folder), plain_call(), 1.25
    )


def main() -> None:
    """Measure all rows."""
    is_quick = "--quick" in sys.argv[1:]
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder)):
            if is_quick and "empty" in row.name:
                continue
            rounds = QUICK_ROUNDS if is_quick else ROUNDS
            lines.append(row.measured(rounds, is_quick=is_quick))
            sys.stdout.write(f"{lines[-1]}\n")

    if not is_quick:
        RESULTS.write_text(EXPLANATION + "\n".join([*lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
