"""Run the agreement, operation by operation, and shrink what does not arrive.

For example, `{"limit": 4294967296}` is drawn for `GET /tides`. The sync client, the async client
and now and then a client over a socket call their server with it, and each handler records what it
received. If one received 0, Hypothesis looks for the smallest `limit` on which that end still
fails, and the report has a script that calls this end alone.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, Unsatisfiable

from bothends.prove.agreement.counterexample import argument_script, loss_script, reply_script
from bothends.prove.agreement.ends import SOCKET, Ends, Outcome, joined, listener
from bothends.prove.agreement.idempotency import judge_attempts
from bothends.prove.agreement.judge import (
    Disagreement,
    judge_arguments,
    judge_refusal,
    judge_reply,
    refusal,
)
from bothends.prove.agreement.loss import losses
from bothends.prove.evidence.budget import Budget
from bothends.prove.evidence.guard import fault_of, guarded
from bothends.prove.evidence.progress import Say, one_by_one, silent
from bothends.prove.evidence.record import Evidence, Failure
from bothends.prove.oracle.siblings import rivals_of
from bothends.prove.target.packages import Package
from bothends.prove.values.arguments import Arguments, DrawnCall, drawn_calls
from bothends.prove.values.origin import Origin
from bothends.prove.values.replies import DrawnReply, plain_reply, replies
from bothends.prove.values.sendable import unsendable
from bothends.runtime.operation import Operation

PART = "agreement"
BOTH_ENDS = "both ends"
_FLOOR = 5
"""Of each operation's draws at least one in so many must have gone over the wire."""
_ENOUGH = 50
"""Of fewer draws the share says nothing: one must have gone over the wire."""
_REASONS = 3
"""So many reasons why draws were not sent are listed for an operation."""
_SOCKET_SHARE = 16
"""One draw in so many goes over a real socket as well."""

DrawnT = TypeVar("DrawnT", DrawnCall, DrawnReply)


def prove_agreement(
    package: Package,
    operations: tuple[Operation[Any], ...],
    budget: Budget,
    evidence: Evidence,
    *,
    say: Say = silent,
) -> None:
    """Call each operation with drawn arguments and replies, and record what did not arrive."""
    if not budget.max_examples:
        return

    with listener() as over:
        for operation in one_by_one(operations, say):
            message = unsendable(operation)
            if message is not None:
                evidence.untried.add((package.name, f"{BOTH_ENDS}, {SOCKET}", message))
            with (
                guarded(evidence, package.name, BOTH_ENDS, f"{operation.id}, agreement"),
                joined(
                    operation,
                    over if message is None else None,
                    rivals_of(operation, package.operations),
                ) as ends,
            ):
                _Trial(package, operation, ends, budget, evidence).run()


@dataclass(slots=True)
class _Search(Generic[DrawnT]):
    """What has come of the draws so far; `unsent` by the number of the draw."""

    drawn: int = 0
    sent: set[int] = field(default_factory=set[int])
    unsent: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    lost: list[tuple[Origin, str]] = field(default_factory=list[tuple[Origin, str]])
    wrong: list[tuple[str, DrawnT, str]] = field(default_factory=list[tuple[str, DrawnT, str]])

    @property
    def failing_end(self) -> str | None:
        """The end that was wrong, so that only it is searched for a smaller case."""
        return self.wrong[-1][0] if self.wrong else None


class _Trial:
    def __init__(
        self,
        package: Package,
        operation: Operation[Any],
        ends: Ends,
        budget: Budget,
        evidence: Evidence,
    ) -> None:
        self.package, self.operation, self.ends = package, operation, ends
        self.budget, self.evidence = budget, evidence
        self.parameters = ends.parameters
        self.simplest: Arguments | None = None
        self.number = 0

    def run(self) -> None:
        """Arguments first: the simplest that arrive serve for the replies."""
        answer = plain_reply(self.operation)

        def call_with_arguments(end: str, drawn: DrawnCall) -> Outcome:
            outcome = self.ends.calls[end](drawn.arguments, answer)
            if refusal(outcome) is None:
                judge_arguments(self.operation, drawn.arguments, self._absent, outcome)
                if self.simplest is None or len(repr(drawn.arguments)) < len(repr(self.simplest)):
                    self.simplest = drawn.arguments
            return outcome

        def call_for_reply(end: str, drawn: DrawnReply) -> Outcome:
            outcome = self.ends.calls[end](self.simplest or {}, drawn)
            if refusal(outcome) is None:
                judge_reply(self.operation, drawn, outcome)
            return outcome

        self._search(
            "arguments",
            drawn_calls(self.operation),
            call_with_arguments,
            lambda end, drawn: argument_script(
                self.operation, end, drawn.arguments, self._absences(drawn.arguments)
            ),
        )
        if self.simplest is not None:
            self._prove_key(self.simplest)
            self._search(
                "replies",
                replies(self.operation),
                call_for_reply,
                lambda end, drawn: reply_script(self.operation, end, self.simplest or {}, drawn),
            )

    def _prove_key(self, arguments: Arguments) -> None:
        if self.operation.idempotency_key is None:
            return

        try:
            judge_attempts(self.operation, arguments)
        except Disagreement as error:
            self._fail("idempotency key", str(error))
        else:
            self._count("idempotency key")

    def _absent(self, name: str) -> Any:
        """Return what the handler receives for an absent argument: the caller's default."""
        default = self.parameters[name].default
        return None if default is inspect.Parameter.empty else default

    def _absences(self, drawn: Arguments) -> Arguments:
        names = [name for name in self.parameters if name not in drawn]
        # A client fills in the key: it never arrives absent.
        filled_in = self.operation.idempotency_key
        return {name: self._absent(name) for name in names if name != filled_in}

    def _search(
        self,
        half: str,
        strategy: st.SearchStrategy[DrawnT],
        call: Callable[[str, DrawnT], Outcome],
        script: Callable[[str, DrawnT], str],
    ) -> None:
        """Draw, call every end, and note the smallest disagreement.

        `half` is `arguments` or `replies`: which way the drawn values go.
        """
        search = _Search[DrawnT]()

        def attempt(drawn: DrawnT) -> None:
            search.drawn += 1
            unmade = [origin.unmade for origin in drawn.origins if origin.unmade]
            if unmade:
                search.unsent.append((search.drawn, unmade[0]))
                return
            if _loses(drawn.origins, search.lost):
                return

            for end in self.ends.calls:
                if self._is_chosen(end, search.drawn, search.failing_end):
                    self._attempt_end(half, search, end, drawn, call)

        try:
            _drive(strategy, attempt, self.budget)
        except Exception as error:  # noqa: BLE001
            # What was sent until then counts, and the other half is still tried.
            self._skip(f"more {half} than {search.drawn} draws: {fault_of(error)}")

        self._report_unsent(half, search)
        if search.lost:
            origin, message = search.lost[-1]
            self._fail(
                f"{half}, what both ends share", message, loss_script(self.operation, origin)
            )
        elif search.wrong:
            end, drawn, message = search.wrong[-1]
            self._fail(f"{half}, {end}", message, script(end, drawn))
        else:
            self._require_floor(half, search)

    def _attempt_end(
        self,
        half: str,
        search: _Search[DrawnT],
        end: str,
        drawn: DrawnT,
        call: Callable[[str, DrawnT], Outcome],
    ) -> None:
        try:
            outcome = call(end, drawn)
            reason = refusal(outcome)
            if not outcome.by_another:
                judge_refusal(drawn.origins, reason)
        except Disagreement as error:
            search.wrong.append((end, drawn, str(error)))
            raise

        if search.wrong:
            return

        if reason is None:
            search.sent.add(search.drawn)
            self._count(f"{half}, {end}")
        elif outcome.by_another:
            search.unsent.append((search.drawn, reason))
        else:
            search.unsent.append((search.drawn, f"the wire has no form for it: {reason}"))
            self._count(f"{half}, refused by the sender: {reason}")

    def _report_unsent(self, half: str, search: _Search[DrawnT]) -> None:
        """List what the proof could not send, most frequent reason first."""
        numbers: dict[str, set[int]] = {}
        for number, reason in search.unsent:
            if number not in search.sent:
                numbers.setdefault(reason, set()).add(number)

        frequent = sorted(numbers.items(), key=lambda entry: (-len(entry[1]), entry[0]))
        for reason, draws in frequent[:_REASONS]:
            self._skip(f"{len(draws)} of {search.drawn} drawn {half}: {reason}")

    def _require_floor(self, half: str, search: _Search[DrawnT]) -> None:
        """Of all draws that could be made a share must have gone over the wire."""
        self.evidence.sent(self.package.name, search.drawn, len(search.sent))
        unmade = {number for number, _ in search.unsent} - search.sent
        if not search.sent and len(unmade) == search.drawn:
            if not search.drawn:
                self._skip(f"{half}: no value of the contract could be drawn")
            return

        expected = search.drawn // _FLOOR if search.drawn >= _ENOUGH else 1
        if len(search.sent) < expected:
            message = f"only {len(search.sent)} of {search.drawn} draws went over the wire"
            self._fail(f"{half}, floor", message)
        else:
            self._count(f"{half}, floor")

    def _skip(self, text: str) -> None:
        self.evidence.skip(self.package.name, BOTH_ENDS, f"{self.operation.id}, {text}")

    @staticmethod
    def _is_chosen(end: str, number: int, wrong: str | None) -> bool:
        """Whether to try this end: the socket now and then, and after a fault only that end."""
        if wrong is not None:
            return end == wrong
        return end != SOCKET or number % _SOCKET_SHARE == 1

    def _count(self, check: str) -> None:
        self.evidence.count((self.package.name, BOTH_ENDS, self.operation.id, PART, check))

    def _fail(self, check: str, message: str, script: str = "") -> None:
        self.evidence.fail(
            Failure(self.package.name, BOTH_ENDS, self.operation.id, PART, check, message, script)
        )


def _loses(origins: Iterable[Origin], found: list[tuple[Origin, str]]) -> bool:
    """Whether something was lost before, so that only the smallest loss is looked for.

    Disagreement for one that is lost here.
    """
    for origin in origins:
        for message in losses(origin):
            found.append((origin, message))
            raise Disagreement(message)
    return bool(found)


def _drive(
    strategy: st.SearchStrategy[DrawnT], attempt: Callable[[DrawnT], None], budget: Budget
) -> None:
    """Draw as often as the budget says; after a disagreement, look for the smallest."""
    test = settings(
        max_examples=budget.max_examples,
        # No failure of another run is replayed: the same seed must give the same evidence.
        database=None,
        # Hypothesis would fail a draw that takes 200 ms, which depends on the machine.
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.filter_too_much,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
        # One smallest case per end is what a person can act on.
        report_multiple_bugs=False,
        print_blob=False,
    )(seed(budget.seed)(given(strategy)(attempt)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is deprecated must agree as well
            test()
    except (Disagreement, Flaky, Unsatisfiable):
        return  # noted by `attempt`, or by the floor
