"""Conformance: schemathesis against a server, all checks and all phases, configured as a gate.

One worker, a fixed seed, nothing remembered from other runs and nothing learnt from the server's
own words: a disagreement stays one. Its events are read here, because its exit code says nothing of
operations that it hardly tried.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

from schemathesis.engine import Status, events, from_schema

from bothends.prove.evidence.budget import Budget
from bothends.prove.evidence.complaint import Complaint
from bothends.prove.evidence.facts import UNGUARDED
from bothends.prove.evidence.guard import fault_of, reason_of
from bothends.prove.evidence.progress import Say, counted, silent
from bothends.prove.evidence.record import Evidence
from bothends.prove.fuzz.cases import CaseJudge
from bothends.prove.fuzz.engine import compressed, leave_dependencies_unread, load_schema
from bothends.prove.fuzz.labels import KNOWN_METHODS, label_of
from bothends.prove.fuzz.limits import has_few_requests
from bothends.prove.fuzz.notices import notice_of
from bothends.prove.fuzz.recorded import blame, sent_again
from bothends.prove.fuzz.repetition import MOST_REPEATED, Repetition
from bothends.prove.fuzz.settings import KEEPS_NOTHING, left_out
from bothends.prove.fuzz.verdict_filter import LONGEST_TARGET, TOO_LONG, VerdictFilter
from bothends.prove.fuzz.words import in_one_line, words_of
from bothends.prove.target.subject import Subject
from bothends.prove.wire.message import with_raw_data
from bothends.runtime.operation import Operation

PART = "conformance"
_MOST_OVERRULED = 19 / 20
"""The largest share of an operation's "valid" requests that our judge may let the server refuse.

Measured on all cases: none for most operations. Up to four fifths where lists and objects are in
one query or form, which the fuzzer writes in its own way. All of them in one case only: the server
refuses each valid request, and our judge is wrong too.
"""
# A share of few requests says nothing: three of four were reached by chance.
_FEW_OVERRULED = 10
_WHOLE = "all operations"
_OF_OTHER_REQUESTS = ("ignored_auth", "use_after_free", "ensure_resource_availability")
_FLOOR = 5  # of each operation's examples at least one in so many must have been sent


def prove_conformance(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    budget: Budget,
    evidence: Evidence,
    *,
    first: bool = False,
    say: Say = silent,
) -> None:
    """Run schemathesis against a subject, for some of its operations, and note what it saw.

    `first`: up to the first phase of an operation in which something was wrong.
    """
    for chosen in _loadable(subject, operations, budget, evidence):
        try:
            _fuzz(subject, chosen, budget, evidence, first=first, say=say)
        except Exception as error:  # noqa: BLE001
            # Whatever the engine raises, the operations that it can go on with are still tried.
            if len(chosen) == 1:
                message = f"{chosen[0].id}, by the fuzzer: {fault_of(error)}"
                evidence.skip(subject.package.name, subject.name, message)
                continue
            half = len(chosen) // 2
            for part in (chosen[:half], chosen[half:]):
                prove_conformance(subject, part, budget, evidence, first=first, say=say)


def _fuzz(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    budget: Budget,
    evidence: Evidence,
    *,
    first: bool,
    say: Say,
) -> None:
    run = FuzzRun(subject, operations, budget, evidence)
    schema = load_schema(subject, operations, budget, run.verdicts, run.unguarded)
    reason = leave_dependencies_unread(schema)
    if reason:
        text = f"sequences of requests that the fuzzer infers from schemas: it raised {reason}"
        evidence.skip(subject.package.name, subject.name, text)

    with warnings.catch_warnings(), compressed(), run.ended_early():
        warnings.simplefilter("ignore")
        stream = from_schema(schema).execute()
        for event in stream:
            run.announce(event, say)
            run.take(event)
            if first and evidence.failures:
                stream.stop()
                return

    run.finish()


def _loadable(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    budget: Budget,
    evidence: Evidence,
) -> Iterator[tuple[Operation[Any], ...]]:
    """The operations whose contract schemathesis can read.

    What it cannot read is listed with the reason.
    """
    try:
        verdicts = VerdictFilter(subject, operations, evidence)
        load_schema(subject, operations, budget, verdicts, frozenset())
    except Exception as error:  # noqa: BLE001
        # Whatever it raises, the other operations are still tried.
        if len(operations) == 1:
            message = f"{operations[0].id}: not by the fuzzer, which cannot read its contract"
            evidence.skip(subject.package.name, subject.name, f"{message} ({reason_of(error)})")
            return
        for entry in operations:
            yield from _loadable(subject, (entry,), budget, evidence)
        return

    yield operations


class FuzzRun:
    """Turns the events of one run of schemathesis into evidence."""

    def __init__(
        self,
        subject: Subject,
        operations: tuple[Operation[Any], ...],
        budget: Budget,
        evidence: Evidence,
    ) -> None:
        self.subject, self.budget, self.evidence, self.part = subject, budget, evidence, PART
        self.by_label = {label_of(entry): entry for entry in operations}
        self.fuzzed = dict.fromkeys(self.by_label, 0)
        self.judged = Counter[str]()
        self.noticed: set[str] = set()
        self.repetition = None if subject.ours else Repetition()
        self.verdicts = VerdictFilter(subject, operations, evidence, self.repetition)
        self.cases = CaseJudge(subject, operations, evidence, PART)
        self.unguarded = unguarded_operations(subject, evidence)

    def ended_early(self) -> AbstractContextManager[None]:
        """While open, a foreign server is not asked for what it has shown again and again."""
        return self.repetition.ends_fuzzing() if self.repetition is not None else nullcontext()

    def announce(self, event: Any, say: Say) -> None:
        """Say which operation of which phase is begun."""
        if not isinstance(event, events.ScenarioStarted):
            return

        phase, operation = event.phase.value.lower(), self.by_label.get(event.label or "")
        if operation is None:
            say(f"{phase}, several operations")
            return

        number = list(self.by_label.values()).index(operation) + 1
        say(f"{phase}, {counted(number, len(self.by_label), operation.id)}")

    def take(self, event: Any) -> None:
        """Note what one event says.

        Raises:
            KeyboardInterrupt: The run was interrupted, which schemathesis turns into an event.
        """
        if isinstance(event, events.ScenarioFinished):
            self._take_scenario(cast("Any", event))
        elif isinstance(event, events.NonFatalError):
            self._take_error(event.label, event.info)
        # Its exit code cannot tell this from a failed check.
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.Interrupted):
            raise KeyboardInterrupt
        elif isinstance(event, events.SchemaAnalysisWarnings):
            for warning in event.warnings:
                self._take_warning(warning)

    def _take_error(self, label: str, info: Any) -> None:
        """Report an error of the engine.

        It is a failed check if the server caused it, else a notice with a hint.
        """
        notice = notice_of(info)
        if notice is None:
            sample = str(getattr(info, "code_sample", None) or "")
            address = max((word for word in sample.split() if "://" in word), key=len, default="")
            if len(address) > LONGEST_TARGET:
                self.verdicts.excuse(TOO_LONG)
                return
            message = in_one_line(f"{info.title}: {info.message}")
            self._fail(label, "engine", message, self._masked(sample))
            return

        self.noticed.add(label)
        self._untried(f"{self._key(label, '')[2]}, by the fuzzer: {notice}")

    def _take_warning(self, warning: Any) -> None:
        """A warning is about the fuzzer's own reading of the contract, so it is no failed check."""
        if type(warning).__name__ == "MissingDeserializerWarning":
            reason = self.verdicts.read_by_us(warning)
            if reason is not None:
                self.verdicts.excuse(reason)
                return

        label = getattr(warning, "operation_label", None) or ""
        kind = str(getattr(warning, "kind", "warning")).replace("_", " ")
        text = in_one_line(f"{kind}: {warning.message}")
        self._untried(f"{self._key(label, '')[2]}, by the fuzzer: {text}")

    def _take_scenario(self, event: Any) -> None:
        recorder, phase = event.recorder, event.phase.value.lower()
        if "fuzz" in phase and event.label in self.fuzzed:
            self.fuzzed[event.label] += sum(
                case_id in recorder.interactions and not _is_of_a_check(node)
                for case_id, node in recorder.cases.items()
            )

        for case_id, checks in recorder.checks.items():
            label = recorder.cases[case_id].value.operation.label
            for check in checks:
                if check.status == Status.FAILURE and check.failure_info is not None:
                    info = check.failure_info
                    command, cause = (
                        self._command(recorder, case_id, check),
                        self._cause(recorder, case_id, check),
                    )
                    message = words_of(info.failure, self.by_label.get(label))
                    self._fail(label, check.name, message, command, cause)
                else:
                    self.evidence.count(self._key(label, check.name))

        for case_id, node in recorder.cases.items():
            interaction = recorder.interactions.get(case_id)
            operation = self.by_label.get(node.value.operation.label)
            if operation is None or interaction is None or _is_of_a_check(node):
                continue

            if interaction.response is not None:
                meta = node.value.meta
                self.judged[node.value.operation.label] += (
                    meta is not None and meta.generation.mode.is_positive
                )
                self.cases.take(operation, node.value, interaction)

    def _command(self, recorder: Any, case_id: str, check: Any) -> str:
        """The command that sends again what failed.

        Where that is another request that the check made, the check's own.
        """
        interaction = recorder.interactions.get(case_id)
        if interaction is None or check.name in _OF_OTHER_REQUESTS:
            return self._masked(str(check.failure_info.code_sample))
        return sent_again(self.subject, interaction.request)

    def _masked(self, sample: str) -> str:
        """A command of schemathesis, to the address for reports and without secrets."""
        command = sample.replace("curl ", "curl -i -g --path-as-is ", 1)
        command = with_raw_data(command).replace(self.subject.address, self.subject.told_address)
        return self.subject.credentials.masks(self.subject.package.api).command(command)

    def _cause(self, recorder: Any, case_id: str, check: Any) -> Complaint | None:
        """What a failed check comes from, where the server has failed.

        Not known of another request that the check made.
        """
        interaction = recorder.interactions.get(case_id)
        operation = self.by_label.get(recorder.cases[case_id].value.operation.label)
        if interaction is None or operation is None or check.name in _OF_OTHER_REQUESTS:
            return None
        return blame(
            self.subject, operation, interaction, is_valid=check.name == "positive_data_acceptance"
        )

    def finish(self) -> None:
        """Note the checks that are left out, and the operations that the fuzzer hardly tried."""
        for check, reason, names in left_out(
            self.subject, tuple(self.by_label.values()), self.unguarded
        ):
            self._untried(f"the fuzzer's check {check}, of {', '.join(names)}: {reason}")

        if not self.subject.remembers:
            self.evidence.exempt(self.subject.package.name, self.subject.name, KEEPS_NOTHING)

        self._limit_excuses()
        if self.budget.max_examples:
            for label, count in self.fuzzed.items():
                self._require_floor(label, count)

    def _require_floor(self, label: str, count: int) -> None:
        """Fail an operation that sent too few requests, unless a reason for it is known."""
        if self.by_label[label].method.lower() not in KNOWN_METHODS:
            self._untried(f"{self.by_label[label].id}, by the fuzzer: it does not know the method")
            return

        if any(entry.location == "querystring" for entry in self.by_label[label].parameters):
            name = self.by_label[label].id
            self._untried(f"{name}, by the fuzzer: it knows no query string in a media type")
            return

        if self.repetition is not None and label in self.repetition.ended:
            repeated = f"each of the last {MOST_REPEATED} failed as others before"
            name = self.by_label[label].id
            self._untried(f"{name}, more requests by the fuzzer: {repeated}")
            return

        if count >= self.budget.max_examples // _FLOOR:
            if not has_few_requests(self.by_label[label], self.budget.max_examples):
                self.evidence.count(self._key(label, "floor"))
            return

        if has_few_requests(self.by_label[label], self.budget.max_examples):
            operation = self.by_label[label].id
            self._untried(f"{operation}, more requests by the fuzzer: it has only a few values")
            return

        message = f"only {count} of {self.budget.max_examples} examples were sent"
        if not self.subject.ours:
            self._untried(f"{self._key(label, '')[2]}, by the fuzzer: {message}")
        elif label not in self.noticed:
            self._fail(label, "floor", message)

    def _untried(self, message: str) -> None:
        self.evidence.untried.add((self.subject.package.name, self.subject.name, message))

    def _limit_excuses(self) -> None:
        """A judge that overrules too often is itself in doubt."""
        for label, judged in self.judged.items():
            overruled = self.verdicts.overruled[label]
            if self.subject.ours and overruled > max(judged * _MOST_OVERRULED, _FEW_OVERRULED):
                self._fail(
                    label,
                    "excuses",
                    f"{overruled} of {judged} requests that the fuzzer calls valid were refused with our judge's consent",
                )
            else:
                self.evidence.count(self._key(label, "excuses"))

    def _key(self, label: str, check: str) -> tuple[str, str, str, str, str]:
        operation = self.by_label.get(label)
        return (
            self.subject.package.name,
            self.subject.name,
            operation.id if operation else label or _WHOLE,
            self.part,
            check,
        )

    def _fail(
        self, label: str, check: str, message: str, curl: str = "", cause: Complaint | None = None
    ) -> None:
        operation = self._key(label, check)[2]
        self.evidence.fail(self.subject.failure(operation, self.part, check, message, curl, cause))


def unguarded_operations(subject: Subject, evidence: Evidence) -> frozenset[str]:
    """Return the ids of a foreign server's operations that were seen to need no credentials."""
    if subject.ours:
        return frozenset()
    failures = (entry for entry in evidence.failures if entry.subject == subject.name)
    return frozenset(entry.operation for entry in failures if entry.cause == UNGUARDED)


def _is_of_a_check(node: Any) -> bool:
    """Whether a check derived this case from another, as the credentials check does.

    Then that check judges it.
    """
    # A stateful step has a parent too, but it has a transition as well.
    return node.parent_id is not None and node.transition is None
