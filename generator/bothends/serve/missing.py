"""Handler methods that a stand-in does not have, or that cannot be called, said when it starts.

class StandIn:                       stand-in: StandIn has no get_balance (501);
    def get_balence(self): ...   ->      did you mean get_balence?
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bothends.diagnostics import Finding, Severity
from bothends.nearest import in_a_row
from bothends.runtime import Operation
from bothends.runtime.server.handling import handler_method


def find_gaps(stand_in: object, operations: Iterable[Operation[Any]], name: str) -> list[Finding]:
    """Return a warning for each method that is missing or cannot be called.

    `name` is that of the contract, for the command that adds what is missing.
    """
    every = list(operations)
    hint = f"`bothends init {name} --stand-in` adds what is missing, with its types"
    missing = [
        Finding("stand-in-method", Severity.WARNING, sentence, hint=hint)
        for sentence in missing_methods(stand_in, every)
    ]
    return [
        *missing,
        *(
            Finding("stand-in-arguments", Severity.WARNING, sentence)
            for sentence in uncallable_methods(stand_in, every)
        ),
    ]


def missing_methods(stand_in: object, operations: Iterable[Operation[Any]]) -> list[str]:
    """Return sentences about the operations that the stand-in answers with 501.

    Each whose method is probably misspelt has its own.

    A stand-in that makes its own app from another object, and has no method of the interface
    itself, is not looked at.
    """
    every = list(operations)
    missing = [operation.name for operation in every if handler_method(stand_in, operation) is None]
    if hasattr(stand_in, "app") and len(missing) == len(every):
        return []

    interface = {operation.name for operation in every}
    own = [
        name for name in dir(type(stand_in)) if not name.startswith("_") and name not in interface
    ]
    kind = type(stand_in).__name__
    sentences: list[str] = []
    unwritten: list[str] = []
    for name in missing:
        if near := difflib.get_close_matches(name, own, n=1):
            sentences.append(
                f"{kind} has no {name}: it is answered with 501; did you mean {near[0]}?"
            )
        else:
            unwritten.append(name)

    if unwritten:
        # One cause, one sentence, as `validate` has it.
        answered = "it is" if len(unwritten) == 1 else "they are"
        sentences.append(f"{kind} has no {in_a_row(unwritten)}: {answered} answered with 501")
    return sentences


def uncallable_methods(stand_in: object, operations: Iterable[Operation[Any]]) -> Iterator[str]:
    """Yield a sentence for each method that does not take what the server passes."""
    for operation in operations:
        method = handler_method(stand_in, operation)
        if method is None or _takes_anything(method):
            continue
        names = [parameter.name for parameter in operation.parameters]
        if operation.body is not None:
            chosen = operation.body.content_type
            names += [operation.body.name, *([chosen] if chosen else [])]
        try:
            inspect.signature(method).bind(**dict.fromkeys(names))
        except TypeError as error:
            own = f"{type(stand_in).__name__}.{operation.name}"
            passed = ", ".join(names) or "no arguments"
            yield f"{own} is called with {passed}: {error}. Each request of it is answered with 500"


def _takes_anything(method: Callable[..., Any]) -> bool:
    """Whether a method takes all arguments: then the operation need not be loaded to see it."""
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        return True  # a callable without a signature that Python could read
    return [parameter.kind for parameter in parameters] == [inspect.Parameter.VAR_KEYWORD]
