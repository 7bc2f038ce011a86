"""How much is tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is tried: the seed, and examples per operation.

    None leaves the deterministic phases.
    """

    seed: int = 1
    max_examples: int = 100
