"""How a part of the contract is refused: by raising, up to the operation that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Refused(Exception):
    """This operation cannot be generated: `code` names the reason, `at` is the place, `reason` tells it."""

    code: str
    at: str
    reason: str
