"""Run one proof: which servers answer, for which operations, and what is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bothends.prove.agreement import prove_agreement
from bothends.prove.agreement.examples import prove_examples
from bothends.prove.evidence.budget import Budget
from bothends.prove.evidence.guard import guarded
from bothends.prove.evidence.progress import Say, part_of, silent
from bothends.prove.evidence.record import Evidence
from bothends.prove.evidence.subjects import (
    DEFAULT,
    REMEMBERING,
    STAND_IN,
    SUCCEEDING,
    UNCHECKED,
)
from bothends.prove.fuzz.run import prove_conformance
from bothends.prove.probes.run import prove_probes
from bothends.prove.target.ids import learn_ids
from bothends.prove.target.packages import Package
from bothends.prove.target.reach import check_reachable
from bothends.prove.target.serve import default_app, serve, stand_in_app
from bothends.prove.target.server_log import listening
from bothends.prove.target.subject import Subject
from bothends.prove.values.sendable import unsendable, untyped
from bothends.prove.values.successes import unanswerable
from bothends.prove.wire.credentials import Credentials
from bothends.prove.wire.masks import Masks
from bothends.runtime.operation import Operation
from bothends.runtime.stand_in import DefaultStandIn


@dataclass(frozen=True, slots=True)
class Shard:
    """Select the operations of one part: those at an index equal to `index` modulo `total`."""

    index: int = 1
    total: int = 1

    def choose(self, operations: Iterable[Operation[Any]]) -> tuple[Operation[Any], ...]:
        """The operations of this part, the same on every machine."""
        return tuple(
            item
            for pointer, item in enumerate(operations)
            if pointer % self.total == self.index - 1
        )


def prove_package(
    package: Package,
    budget: Budget,
    *,
    stand_in: Callable[[], Any] | None = None,
    remember: bool = False,
    constants: tuple[Any, ...] = (),
    shard: Shard = Shard(),
    say: Say = silent,
    into: Evidence | None = None,
) -> Evidence:
    """The evidence for a package, served on this machine by its stand-in, or by the default one.

    With `remember`, the default one keeps what is created.

    Three servers answer: that one, the same without checks of its replies (so that the proof finds
    what they would hide), and the generated server on a handler that always succeeds (so that no
    valid request may be refused for any reason). `constants` are values to try, such as those in
    the source of the stand-in. The evidence is written as it comes, to `into` if there is one, so
    that whoever interrupts the run has what was found until then.
    """
    evidence = _begin(into, package, budget, shard)
    credentials = Credentials.made_up(package.api)
    operations = shard.choose(package.operations)

    with listening(package.api) as log:
        servers = _servers(package, stand_in, credentials, remember=remember)
        keeps = remember or getattr(stand_in, "remembers", stand_in is not None)
        for name, app in servers.items():
            succeeds = name == SUCCEEDING
            # A real socket, because much of HTTP (framing, Expect, two Host headers) never reaches
            # an app called in process.
            with serve(log.watched(app)) as address:
                subject = Subject(
                    package,
                    name,
                    address,
                    credentials,
                    always_succeeds=succeeds,
                    remembers=keeps and not succeeds,
                    constants=constants,
                    log=log,
                )
                _prove(subject, operations, budget, evidence, say)

    names = package.name, "both ends"
    operations = tuple(entry for entry in operations if not (unanswerable(entry) or untyped(entry)))
    with guarded(evidence, *names, "examples"):
        prove_examples(package, operations, evidence, say=part_of(say, *names, "examples"))
    with guarded(evidence, *names, "agreement"):
        prove_agreement(
            package, operations, budget, evidence, say=part_of(say, *names, "agreement")
        )
    return evidence


def _servers(
    package: Package,
    stand_in: Callable[[], Any] | None,
    credentials: Credentials,
    *,
    remember: bool,
) -> dict[str, Callable[..., Any]]:
    """The three servers of a package by their names in the evidence."""

    def answering(*, check_replies: bool) -> Callable[..., Any]:
        if stand_in is not None:
            return stand_in_app(package, stand_in(), credentials, check_replies=check_replies)
        default = DefaultStandIn(
            package.api, package.operations, keep_origin=True, remember=remember
        )
        return default.app(authenticate=credentials.authenticate(), check_replies=check_replies)

    by_contract = REMEMBERING if remember else DEFAULT
    name = STAND_IN if stand_in is not None else by_contract
    return {
        name: answering(check_replies=True),
        name + UNCHECKED: answering(check_replies=False),
        SUCCEEDING: default_app(package, credentials),
    }


def prove_url(
    package: Package,
    address: str,
    budget: Budget,
    credentials: Credentials,
    *,
    shard: Shard = Shard(),
    say: Say = silent,
    into: Evidence | None = None,
) -> Evidence:
    """The evidence for a running server, by the contract of a package.

    None of the secrets is in it.

    The server is held to what the contract and the RFCs say, and to nothing else.

    Raises:
        Unreachable: Nothing answers at the address, or nothing of the contract.
    """
    evidence = _begin(into, package, budget, shard)
    name = address.rstrip("/")
    subject = Subject(package, name, name, credentials, ours=False)
    operations = shard.choose(package.operations)
    check_reachable(subject, operations)
    for text in _untried(operations, credentials):
        evidence.skip(package.name, name, text)

    try:
        with guarded(evidence, package.name, name, "ids from answers"):
            learn_ids(subject)
        _prove(subject, operations, budget, evidence, say)
    finally:
        _hide_secrets(evidence, credentials.masks(package.api))
    return evidence


def _hide_secrets(evidence: Evidence, masks: Masks) -> None:
    evidence.failures = [
        replace(failure, message=masks.text(failure.message)) for failure in evidence.failures
    ]
    evidence.untried = {
        (failure, another, masks.text(text)) for failure, another, text in evidence.untried
    }


def _untried(operations: Iterable[Operation[Any]], credentials: Credentials) -> Iterator[str]:
    """What cannot be seen of a server from outside, and what the credentials are missing for."""
    yield from (
        "what the handler receives, and what a caller gets of its answer: the handler is out of reach",
        "wrong answers of the handler that the server holds back: only in process is that seen",
        "the largest body that is taken: the contract does not say it, the server decides",
    )
    for operation in operations:
        for name in credentials.lacking(operation):
            yield f"{operation.id}: with credentials of {name}: none were given"


def _prove(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    budget: Budget,
    evidence: Evidence,
    say: Say,
) -> None:
    tried: list[Operation[Any]] = []
    for operation in operations:
        message = unsendable(operation)
        if message is None and not subject.name.startswith(STAND_IN) and subject.ours:
            message = unanswerable(operation)
        if message is None:
            tried.append(operation)
        else:
            evidence.skip(subject.package.name, subject.name, message)

    operations = tuple(tried)
    if not operations:
        return

    names = subject.package.name, subject.name
    with guarded(evidence, *names, "wire probes"):
        prove_probes(subject, operations, evidence, say=part_of(say, *names, "wire probes"))
    if not subject.ours:
        with guarded(evidence, *names, "ids from answers"):
            learn_ids(subject)
    with guarded(evidence, *names, "conformance"):
        prove_conformance(
            subject, operations, budget, evidence, say=part_of(say, *names, "conformance")
        )


def _begin(into: Evidence | None, package: Package, budget: Budget, shard: Shard) -> Evidence:
    promised = [
        f"{item.method.upper()} {item.path} ({item.id})"
        for item in shard.choose(package.operations)
    ]
    evidence = into if into is not None else Evidence()
    evidence.add(Evidence(seeds=[budget.seed], promises={package.name: promised}))
    return evidence
