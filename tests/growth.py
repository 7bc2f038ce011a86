"""How cost grows with input: what a test asserts in place of a wall clock.

    assert growth(lambda size: check(["x"] * size), 5_000, 20_000) < 10

Linear work gives 4 there, quadratic work 16. It measures CPU time of this process, so that neither
another program nor the coverage tool changes the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_ROUNDS = 3
_LEAST = 0.005  # seconds; below it the clock's own steps would count


def growth(run: Callable[[int], object], small: int, large: int) -> float:
    """Return the cost of `run(large)` divided by the cost of `run(small)`, the best of three."""
    return max(_cost(run, large), _LEAST) / max(_cost(run, small), _LEAST)


def _cost(run: Callable[[int], object], size: int) -> float:
    costs: list[float] = []
    for _ in range(_ROUNDS):
        before = time.process_time()
        run(size)
        costs.append(time.process_time() - before)

    return min(costs)
