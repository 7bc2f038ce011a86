"""Wire probes: requests that no client would send, each with what the contract demands for it.

The families lie one per file in `families/` and are found by walking it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from bothends.prove.evidence.guard import guarded
from bothends.prove.evidence.progress import Say, one_by_one, silent
from bothends.prove.evidence.record import Evidence
from bothends.prove.oracle.answers import faults, json_of
from bothends.prove.oracle.keywords import KeywordCount
from bothends.prove.oracle.refusal import has_success, is_refusal, on_invalid
from bothends.prove.oracle.refused import not_refused, refused_valid
from bothends.prove.oracle.siblings import (
    ANOTHER,
    SentRequest,
    allowed_by_another,
    at_the_path,
    refused_by_another,
)
from bothends.prove.probes import families as probe_families
from bothends.prove.probes.elsewhere import concerns_others
from bothends.prove.probes.probe import ACCEPTED, Expect, Family, Probe, ProbeContext
from bothends.prove.target.server_log import blamed
from bothends.prove.target.subject import Subject
from bothends.prove.values.valid_requests import ValidRequest, first_requests, valid_requests
from bothends.prove.wire.message import Answer, Request, send
from bothends.runtime.operation import Operation

PART = "wire probes"
_LONG = 1_000_000
_OF_ANY_ANSWER = ("magnitudes", "methods")
"""The families whose probes say something where the valid request is refused, too."""
_STARTS = 4
"""So many valid requests of a media type are tried until a server that others wrote takes one."""
RESENT = "a probe that the server had not read whole when it closed the connection, sent again"


def families() -> Iterator[tuple[str, Family]]:
    """Every family with its name, in a fixed order."""
    for module in sorted(pkgutil.iter_modules(probe_families.__path__), key=lambda one: one.name):
        found = import_module(f"{probe_families.__name__}.{module.name}")
        yield module.name.replace("_", " "), found.probes


def prove_probes(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    evidence: Evidence,
    *,
    first: bool = False,
    say: Say = silent,
) -> None:
    """Send every probe that applies, and judge each answer.

    `first`: up to the first that is wrong.
    """
    keywords = KeywordCount(
        subject.package.api, operations, urlsplit(subject.address).path.rstrip("/"), evidence
    )
    for operation in one_by_one(_in_turn(operations, ours=subject.ours), say):
        part = f"{operation.id}, {PART}"
        with guarded(evidence, subject.package.name, subject.name, part):
            _prove_operation(subject, operation, keywords, evidence, first=first)
        if first and evidence.failures:
            return


def _in_turn(operations: tuple[Operation[Any], ...], *, ours: bool) -> tuple[Operation[Any], ...]:
    """The order of probing: on a server that others wrote, nothing is removed before the end."""
    if ours:
        return operations
    removing = [entry for entry in operations if entry.method.upper() == "DELETE"]
    remaining = [entry for entry in operations if entry.method.upper() != "DELETE"]
    # Deepest paths first: removing a harbour would take its boats away.
    return (*remaining, *sorted(removing, key=lambda entry: -entry.path.count("{")))


def _prove_operation(
    subject: Subject,
    operation: Operation[Any],
    keywords: KeywordCount,
    evidence: Evidence,
    *,
    first: bool,
) -> None:
    valids = first_requests(operation, subject.credentials, subject.known_ids.values(operation))
    if not valids:
        # Where no value is valid, or the wire has a form for none, the server is not to blame.
        message = "probes of requests, because no valid one could be made"
        hint = "an example in the contract would help"
        evidence.skip(subject.package.name, subject.name, f"{operation.id}: {message}; {hint}")
        return

    # Two paths may differ by a #fragment only (Box has such): on the wire they are one.
    siblings = at_the_path(operation, subject.package.operations)
    starts = _tried(subject, operation, siblings, evidence)
    if subject.ours:
        starts = ((valid, True) for valid in valids)
    for valid, is_taken in starts:
        context = ProbeContext(subject, operation, valid, siblings)
        for family, probe in _all(context, evidence, is_taken=is_taken):
            _count(context, probe.request, _try(context, family, probe, evidence), keywords)
            if first and evidence.failures:
                return


def _tried(
    subject: Subject,
    operation: Operation[Any],
    siblings: tuple[Operation[Any], ...],
    evidence: Evidence,
) -> Iterator[tuple[ValidRequest, bool]]:
    """For each media type a valid request, and whether it is answered with a success.

    Without one, most probes that are refused would say nothing.
    """
    tried: dict[str, list[ValidRequest]] = {}
    existing = subject.known_ids.values(operation)
    for valid in valid_requests(operation, subject.credentials, known_ids=existing):
        tried.setdefault(valid.media_type, []).append(valid)

    for choices in tried.values():
        statuses: list[int] = []
        # A stale example or a made-up id meets 404; a later one may exist.
        for valid in choices[:_STARTS]:
            context = ProbeContext(subject, operation, valid, siblings)
            probe = Probe("as it is", valid.request, ACCEPTED)
            statuses.append(_try(context, "valid request", probe, evidence).status)
            # Where the valid request is refused too, a refused probe would be counted as right by
            # chance.
            if 200 <= statuses[-1] < 300:
                yield valid, True
                break
        else:
            hint = "; an example of an id that is there would help" if statuses[0] == 404 else ""
            reason = f"a valid one was answered {statuses[0] or 'nothing'}"
            text = f"{operation.id}: probes of requests, because {reason}, and they need a success"
            evidence.skip(subject.package.name, subject.name, text + hint)
            yield choices[0], False


def _all(
    context: ProbeContext, evidence: Evidence, *, is_taken: bool
) -> Iterator[tuple[str, Probe]]:
    """The probes of all families; one whose probes cannot be made costs that family."""
    several = context.operation.body is not None and len(context.operation.body.media) > 1
    media = f" ({context.valid.media_type})" if several else ""
    subject = context.subject
    for family, make in families():
        if not is_taken and family not in _OF_ANY_ANSWER:
            continue

        part = f"{context.operation.id}, {PART} of {family}"
        with guarded(evidence, subject.package.name, subject.name, part):
            for probe in make(context):
                if subject.ours or concerns_others(family, probe.name):
                    yield family + media, probe


def _count(context: ProbeContext, request: Request, answer: Answer, keywords: KeywordCount) -> None:
    """Count the keywords that a probe touched, where it was a request of the operation."""
    if request.method == context.operation.method.upper() and len(request.body) < _LONG:
        headers = {name.lower(): value for name, value in request.headers}
        body = request.body if "content-encoding" not in headers else b""
        keywords.take(
            context.operation, context.subject.address + request.target, headers, body, answer
        )


def _try(context: ProbeContext, family: str, probe: Probe, evidence: Evidence) -> Answer:
    subject, operation = context.subject, context.operation
    subject.log.forget()
    answer = send(subject.address, probe.request)
    if answer.resent:
        evidence.excuse(subject.package.name, RESENT)

    wrong = next(_wrong(context, probe, answer), None)
    check = f"{family}: {probe.name}"
    if wrong is not None and probe.expect.kind == "refused":
        if _is_answered_by_another(context, probe, answer):
            evidence.excuse(subject.package.name, ANOTHER)
            wrong = None

    if wrong is None:
        evidence.count((subject.package.name, subject.name, operation.id, PART, check))
        return answer

    cause = blamed(operation, answer.status, subject.log.latest)
    if probe.expect == ACCEPTED and not subject.always_succeeds:
        cause = cause or refused_valid(operation, answer.status, json_of(answer))

    evidence.fail(
        subject.failure(operation.id, PART, check, wrong, subject.curl(probe.request), cause)
    )
    return answer


def _is_answered_by_another(context: ProbeContext, probe: Probe, answer: Answer) -> bool:
    """Whether another operation at the path may take a probe, or refuse it in its own words."""
    if len(context.siblings) < 2:
        return False

    request, address = probe.request, context.subject.address
    headers = {name.lower(): value for name, value in request.headers}
    prefix = urlsplit(address).path.rstrip("/")
    sent = SentRequest(address + request.target, headers, request.body, prefix)
    operation, siblings = context.operation, context.siblings
    if allowed_by_another(operation, siblings, sent):
        return True
    return refused_by_another(operation, siblings, sent, answer, probe.expect.causes)


def _wrong(context: ProbeContext, probe: Probe, answer: Answer) -> Iterator[str]:
    operation, expect = context.operation, probe.expect
    if answer.status == 0:
        yield "no answer"
    elif not context.subject.ours:
        yield from _wrong_elsewhere(operation, expect, answer)
    elif expect.kind == "no such path":
        if answer.status != 404:
            yield f"404 expected, got {answer.status}"
    elif expect.kind == "no such method":
        yield from _wrong_method(expect, answer)
    elif expect.kind == "refused":
        yield from not_refused(operation, expect.causes, answer)
    elif expect.kind == "accepted":
        yield from faults(operation, answer)
        yield from _not_accepted(context, answer)
    elif expect.kind == "answered":
        yield from faults(operation, answer, refused=True)

    judged = probe.judge(answer)
    if judged:
        yield judged


def _wrong_elsewhere(operation: Operation[Any], expect: Expect, answer: Answer) -> Iterator[str]:
    """What the contract and the RFCs say of the answer of a server that others wrote."""
    refused = 400 <= answer.status < 500
    # Documented or not, no request should meet an unexpected condition (RFC 9110 §15.6.1).
    if answer.status == 500:
        yield "status 500"

    if expect.kind == "no such method":
        if answer.status == 405 and not answer.values("allow"):
            yield "405 without Allow"  # RFC 9110 §15.5.6
    elif expect.kind == "refused":
        declared = on_invalid(operation)
        if not refused:
            yield f"must be refused, got {answer.status}"
        elif declared is not None and answer.status != declared.status:
            yield f"must be refused with {declared.status} as x-on-invalid says, got {answer.status}"
    elif (
        expect.kind == "accepted"
        and has_success(operation)
        and is_refusal(operation, answer.status, json_of(answer))
    ):
        yield f"must be accepted, got a refusal with {answer.status}"

    if expect.kind in ("refused", "accepted", "answered"):
        yield from faults(operation, answer, refused=refused)


def _wrong_method(expect: Expect, answer: Answer) -> Iterator[str]:
    allow = ",".join(answer.values("allow"))
    if answer.status != 405:
        yield f"405 expected, got {answer.status}"
    elif {name.strip() for name in allow.split(",")} != set(expect.allow.split(",")):
        yield f"Allow must name {expect.allow}, it is {allow or 'missing'}"


def _not_accepted(context: ProbeContext, answer: Answer) -> Iterator[str]:
    if not has_success(context.operation):
        return

    documented = any(key.startswith("2") or key == "default" for key in context.operation.replies)
    if context.subject.always_succeeds and documented and not 200 <= answer.status < 300:
        yield f"must be accepted, got {answer.status}"
    elif is_refusal(context.operation, answer.status, json_of(answer)):
        yield f"must be accepted, got a refusal with {answer.status}"
