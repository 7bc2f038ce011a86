"""How cost grows with input: what a test asserts in place of a wall clock.

    assert growth(lambda size: check(["x"] * size), 5_000, 20_000) < 10

Linear work gives 4 there, quadratic work 16. It measures CPU time of this process, so that neither
another program nor the coverage tool changes the answer, and lets no garbage collector in: what
one round of that costs is decided by the tests that ran before.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ROUNDS = 5
_PLAIN = 5
"""A growth below it, as that of linear work on four times as much, needs no more rounds."""
_LEAST = 0.005  # seconds; below it the clock's own steps would count


def growth(run: Callable[[int], object], small: int, large: int) -> float:
    """Return the cost of `run(large)` divided by the cost of `run(small)`, the best of up to five.

    The two take turns: a moment in which the machine is slow meets both.
    """
    least = most = ratio = float("inf")
    with _no_collection():
        for number in range(_ROUNDS):
            least = min(least, _cost(run, small))
            most = min(most, _cost(run, large))
            ratio = max(most, _LEAST) / max(least, _LEAST)
            if number > 0 and ratio < min(_PLAIN, 1.5 * large / small):
                break

    return ratio


@contextmanager
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _cost(run: Callable[[int], object], size: int) -> float:
    before = time.process_time()
    run(size)
    return time.process_time() - before
