"""End the fuzzing of an operation of a foreign server that shows nothing but what it has shown.

Of the 36 operations of one server, 35 answer in a media type that its contract does not have. Each
of their examples fails, and after a few it is the same fault again that takes the time. An
operation that does as the contract says now and then, or fails in another way, gets all examples.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import schemathesis
from schemathesis import hooks
from schemathesis.core.failures import Failure

MOST_REPEATED = 10
"""So many examples in a row may fail in ways that were seen before."""

_FUZZING, _STATEFUL = "fuzzing", "stateful"

# As untyped modules, because many of their generics are without arguments.
_api: Any = schemathesis
_hooks: Any = hooks


class _Seen:
    """What one operation has shown."""

    def __init__(self) -> None:
        self.failures = set[Any]()
        self.repeated = 0
        # Of the example that was sent last.
        self.has_failed = self.has_new = False

    def settle(self) -> None:
        """Count the example that was sent last, before there is another one."""
        is_repeated = self.has_failed and not self.has_new
        self.repeated = self.repeated + 1 if is_repeated else 0
        self.has_failed = self.has_new = False


class Repetition:
    """The failures of each operation, and how many examples in a row had no other ones."""

    def __init__(self) -> None:
        self.ended = set[str]()
        """The labels of the operations whose fuzzing was ended."""
        self._seen: dict[str, _Seen] = {}

    def note(self, failure: Any, case: Any, response: Any) -> bool:
        """Note a failure of the case that was sent last, and return whether schemathesis gets it.

        In sequences of requests it begins anew after each failure that it had not seen in them.
        """
        # Failures of schemathesis are equal that are of one kind.
        place = str(getattr(failure, "schema_path", ""))
        kind = (failure, response.status_code, place)
        seen = self._of(case)
        is_new = kind not in seen.failures
        seen.has_failed, seen.has_new = True, seen.has_new or is_new
        seen.failures.add(kind)
        return is_new or _phase_of(case) != _STATEFUL

    @contextmanager
    def ends_fuzzing(self) -> Generator[None]:
        """While open, schemathesis sends no more examples where there were enough."""

        # The requests that a check makes of its own do not come here.
        def before_call(_: Any, case: Any, kwargs: dict[str, Any]) -> None:
            if _phase_of(case) != _FUZZING:
                return
            seen = self._of(case)
            seen.settle()
            if seen.repeated >= MOST_REPEATED:
                self.ended.add(case.operation.label)
                # What a hook raises is an error of the hook. This comes after it, and a failure
                # ends the phase of the operation.
                kwargs["auth"] = _enough

        _api.hook(before_call)
        try:
            yield
        finally:
            _hooks.unregister(before_call)

    def _of(self, case: Any) -> _Seen:
        return self._seen.setdefault(case.operation.label, _Seen())


def _phase_of(case: Any) -> str | None:
    return None if case.meta is None else str(case.meta.phase.name)


def _enough(_: Any) -> Any:
    raise Failure(operation=None, message="nothing new")
