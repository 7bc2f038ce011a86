"""Our own judgement of every case that the fuzzer sent, beside its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from bothends.prove.evidence.record import Evidence
from bothends.prove.fuzz.recorded import answer_of, blame, joined, sent_again
from bothends.prove.fuzz.verdict_filter import LONGEST_TARGET, TOO_LONG
from bothends.prove.oracle.answers import equality_faults, faults, json_of
from bothends.prove.oracle.keywords import KeywordCount
from bothends.prove.oracle.refusal import CAUSES, has_success, is_refusal
from bothends.prove.oracle.refused import not_refused
from bothends.prove.oracle.requests import judge_body, judge_parameters, path_values
from bothends.prove.oracle.siblings import (
    ANOTHER,
    SentRequest,
    allowed_by_another,
    refused_by_another,
    rivals_of,
)
from bothends.prove.target.subject import Subject
from bothends.prove.wire.message import Answer
from bothends.runtime.operation import Operation

_OWN = "described by the contract"
_REFUSED = "broken request refused in the contract's words"
_TAKEN = "valid request not refused"
_EQUALS = "equal to the request where the contract says so"


class CaseJudge:
    """Judges recorded cases by the contract layer, and counts the keywords they touch."""

    def __init__(
        self, subject: Subject, operations: Iterable[Operation[Any]], evidence: Evidence, part: str
    ) -> None:
        self.subject, self.evidence, self.part = subject, evidence, part
        self.prefix = urlsplit(subject.address).path.rstrip("/")
        self.keywords = KeywordCount(subject.package.api, operations, self.prefix, evidence)

    def take(self, operation: Operation[Any], case: Any, interaction: Any) -> None:
        """Judge one case: a request of the operation as it was sent, and its answer."""
        request, meta = interaction.request, case.meta
        scenario = (
            str(getattr(getattr(meta.phase, "data", None), "scenario", "") or "") if meta else ""
        )
        if (
            request.method.upper() != operation.method.upper()
            or "content_type" in scenario
            or meta is None
        ):
            return

        # HTTP servers answer 414 themselves (RFC 9110 §15.5.15): this says nothing of the
        # operation.
        if len(request.uri) > LONGEST_TARGET:
            self.evidence.excuse(self.subject.package.name, TOO_LONG)
            return

        answer = answer_of(interaction.response)
        headers = {name.lower(): joined(values) for name, values in request.headers.items()}
        body = request.body or b""
        sent = SentRequest(request.uri, headers, body, self.prefix)
        if self._is_of_another(operation, sent, answer):
            self.evidence.excuse(self.subject.package.name, ANOTHER)
            return

        # At another path, another operation answers, or none.
        if path_values(operation, request.uri, self.prefix) is not None:
            if answer.status not in (404, 405) or str(answer.status) in operation.replies:
                found = list(faults(operation, answer, refused=True))
                self._note(operation, _OWN, found, interaction)

            unequal = list(equality_faults(operation, headers, answer))
            self._note(operation, _EQUALS, unequal, interaction)

        self._judge_verdict(
            operation, case.meta.generation.mode.is_positive, interaction, headers, answer
        )
        self.keywords.take(
            operation,
            request.uri,
            headers,
            # A coded body is not the value that keywords judge.
            body if "content-encoding" not in headers else b"",
            answer,
        )

    def _is_of_another(
        self,
        operation: Operation[Any],
        sent: SentRequest,
        answer: Answer,
    ) -> bool:
        """Whether another operation at the path may take the request, or has refused it."""
        rivals = rivals_of(operation, self.subject.package.operations)
        if not rivals:
            return False
        if allowed_by_another(operation, rivals, sent):
            return True

        is_allowed = (
            self.subject.credentials.are_in(operation, sent.url, sent.headers)
            and sent.body_verdict(operation)
            and sent.parameters_verdict(operation)
        )
        # No other one may refuse what this one takes.
        if is_allowed or next(not_refused(operation, CAUSES, answer), None) is None:
            return False
        return refused_by_another(operation, rivals, sent, answer, CAUSES)

    def _judge_verdict(
        self,
        operation: Operation[Any],
        is_positive: bool,
        interaction: Any,
        headers: dict[str, str],
        answer: Answer,
    ) -> None:
        request, body = interaction.request, interaction.request.body or b""
        refused = is_refusal(operation, answer.status, json_of(answer))
        coded = "content-encoding" in headers

        if is_positive:
            allowed = coded or judge_body(operation, headers.get("content-type", ""), body)
            if allowed and judge_parameters(operation, request.uri, headers, self.prefix):
                self._note(
                    operation,
                    _TAKEN,
                    [f"refused with {answer.status}"] if refused and has_success(operation) else [],
                    interaction,
                )
        elif (
            not coded
            and body
            and judge_body(operation, headers.get("content-type", ""), body) is False
        ):
            # 401 and 403 come before the body is read; 404 where a handler knows no such id.
            right = (
                refused
                or answer.status in (401, 403)
                or (answer.status == 404 and self._may_be_unknown(operation, request))
            )
            self._note(
                operation,
                _REFUSED,
                [] if right else [f"answered with {answer.status}"],
                interaction,
            )

    def _may_be_unknown(self, operation: Operation[Any], request: Any) -> bool:
        """Whether 404 may be the answer.

        The handler knows no such id, or the path has become another one.
        """
        return (
            not self.subject.always_succeeds
            or path_values(operation, request.uri, self.prefix) is None
        )

    def _note(
        self, operation: Operation[Any], check: str, wrong: list[str], interaction: Any
    ) -> None:
        request, package, subject = (
            interaction.request,
            self.subject.package.name,
            self.subject.name,
        )
        if not wrong:
            self.evidence.count((package, subject, operation.id, self.part, check))
            return

        command, cause = (
            sent_again(self.subject, request),
            blame(self.subject, operation, interaction, is_valid=check == _TAKEN),
        )
        # Of a server that others wrote each fault is a fact of its own.
        for message in ["; ".join(wrong)] if self.subject.ours else wrong:
            self.evidence.fail(
                self.subject.failure(operation.id, self.part, check, message, command, cause)
            )
