"""What is being done now, for whoever waits: the part of a proof, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bothends.runtime.operation import Operation

Say = Callable[[str], None]


def silent(_told: str) -> None:
    """Nobody waits."""


def part_of(say: Say, *names: str) -> Say:
    """Says what is told of one part of a proof, after its names."""
    return lambda message: say(f"{', '.join(names)}: {message}")


def one_by_one(operations: tuple[Operation[Any], ...], say: Say) -> Iterator[Operation[Any]]:
    """The operations; each is said before it is given, with its number."""
    for number, operation in enumerate(operations, 1):
        say(counted(number, len(operations), operation.id))
        yield operation


def counted(number: int, total: int, name: str) -> str:
    """`2 of 7 operations, listTides`."""
    return f"{number} of {total} operation{'' if total == 1 else 's'}, {name}"
