"""Conformance: schemathesis against a server, all checks and all phases, configured as a gate.

One worker, a fixed seed, nothing remembered from other runs and nothing learnt from the server's own words: a disagreement
stays one. Its events are read here, because its exit code says nothing of operations that it hardly tried.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import warnings
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import schemathesis
from hypothesis import strategies as st
from schemathesis import config as schemathesis_config
from schemathesis import hooks, openapi
from schemathesis.engine import Status, events, from_schema

from bothends.prove.finite import is_finite
from bothends.prove.judge import faults
from bothends.prove.progress import Say, counted, silent
from bothends.prove.report.evidence import Evidence
from bothends.prove.server_log import Complaint
from bothends.prove.target import Subject
from bothends.prove.wire import Answer
from bothends.runtime.media import body_media, choose, reply_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.stream import StreamCodec
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import Operation
from bothends.runtime.parameters.parameter import parameter_codecs
from bothends.runtime.schema.contract import load_contract

from .referee import (
    BLANK,
    EVENTS,
    INVALID_AS_VALID,
    LINES,
    UNDECIDED,
    UNTOLD,
    VALID_ON_THE_WIRE,
    is_declared_blank,
    is_untold_refusal,
    judge_body,
    judge_parameters,
)
from .second_opinion import SecondOpinion, answer_of, blame, sent_again
from .settings import contract, left_out, settings

# As untyped modules, for many of their generics are without arguments.
_api: Any = schemathesis
_hooks: Any = hooks
_openapi: Any = openapi
_config: Any = schemathesis_config

PART = "conformance"
_MOST_OVERRULED = 19 / 20
"""Of what the fuzzer sends an operation as valid, so much may be refused with our consent. Measured on all cases: none for
most operations, up to four fifths where lists and objects stand beside each other in a query or a form, which the fuzzer
writes in its own way; all where each valid request is refused and our judge consents."""
_FEW_OVERRULED = 10
_WHOLE = "all operations"
_OF_THE_MESSAGE = {
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "expect",
}
"""Headers by which the server reads the message itself (RFC 9110 §7.2, §7.6, §10.1; RFC 9112 §6). The probes send them broken."""
_OF_OTHER_REQUESTS = ("ignored_auth", "use_after_free", "ensure_resource_availability")
BYTES = "the fuzzer looks for a JSON value in a reply of bytes, and our own judge has read bytes"
_FLOOR = 5  # of each operation's examples at least one in so many must have been sent


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is tried: the seed, and examples per operation; none leaves the deterministic phases."""

    seed: int = 1
    max_examples: int = 100


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
    run = _Run(subject, operations, budget, evidence, PART)
    with warnings.catch_warnings(), _compressed():
        warnings.simplefilter("ignore")
        stream = from_schema(run.schema).execute()
        for event in stream:
            run.tell(event, say)
            run.take(event)
            if first and evidence.failures:
                stream.stop()
                return

    run.finish()


class _Run:
    def __init__(
        self,
        subject: Subject,
        operations: tuple[Operation[Any], ...],
        budget: Budget,
        evidence: Evidence,
        part: str,
    ) -> None:
        self.subject, self.budget, self.evidence, self.part = subject, budget, evidence, part
        self.by_label = {
            f"{operation.method.upper()} {operation.path}": operation for operation in operations
        }
        self.fuzzed = dict.fromkeys(self.by_label, 0)
        self.judged, self.overruled = Counter[str](), Counter[str]()
        self.prefix = urlsplit(subject.address).path.rstrip("/")
        self.opinion = SecondOpinion(subject, operations, evidence, part)
        self.schema = self._load()

    def _load(self) -> Any:
        document = _generated(contract(self.subject.package.api), self.subject.package.operations)
        config = _config.SchemathesisConfig.from_dict(
            settings(
                self.subject,
                tuple(self.by_label.values()),
                self.budget.seed,
                self.budget.max_examples,
            )
        )
        _register_bytes(self.by_label.values())
        schema: Any = _openapi.from_dict(document, config=config)
        schema.hooks.register_hook_with_name(self._filter_failure, "filter_failure")
        schema.hooks.register_hook_with_name(self._filter_headers, "filter_headers")

        # Not `include`: beside the settings of single operations it would let all others pass as well.
        return schema.exclude(func=self._is_left_out)

    def _is_left_out(self, context: Any) -> bool:
        return context.operation.label not in self.by_label

    def _filter_headers(self, context: Any, headers: Any) -> bool:
        """Whether headers are those of one HTTP message: another reader may find its end elsewhere, or no message at all."""
        operation = self.by_label.get(context.operation.label)
        declared = (
            {one.wire_name.lower() for one in operation.parameters if one.location == "header"}
            if operation
            else ()
        )
        return not any(
            name.lower() in _OF_THE_MESSAGE and name.lower() not in declared
            for name in headers or ()
        )

    def _filter_failure(self, context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG002 (a hook's signature)
        """Whether a failure stands."""
        operation = self.by_label.get(case.operation.label)
        reason = None if operation is None else self._overruled(operation, failure, response)
        if reason is None:
            return True

        self.overruled[case.operation.label] += type(failure).__name__ == "RejectedPositiveData"
        self._excuse(reason)
        return False

    def _excuse(self, reason: str) -> None:
        self.evidence.excuse(self.subject.package.name, reason)

    def _overruled(self, operation: Operation[Any], failure: Any, response: Any) -> str | None:
        kind, answer = type(failure).__name__, answer_of(response)
        blank = is_declared_blank(operation, answer.status, answer.body)
        if kind in ("MissingContentType", "MalformedJson") and blank:
            return BLANK
        if kind == "UndefinedStatusCode" and is_untold_refusal(operation, answer):
            return UNTOLD
        if kind == "JsonSchemaError" and not list(faults(operation, answer)) and _is_stream(answer):
            return EVENTS

        headers = {name.lower(): _text(value) for name, value in response.request.headers.items()}
        body = _plain(headers, response.request.body)
        if body is None:
            return None

        allowed = judge_body(operation, headers.get("content-type", ""), body)
        named = judge_parameters(operation, response.request.url, headers, self.prefix)
        verdict = False if False in (allowed, named) else None if None in (allowed, named) else True
        if kind == "RejectedPositiveData" and not verdict:
            return UNDECIDED if verdict is None else INVALID_AS_VALID
        if kind == "AcceptedNegativeData" and verdict is not False:
            return UNDECIDED if verdict is None else VALID_ON_THE_WIRE

        return None

    def tell(self, event: Any, say: Say) -> None:
        """Say which operation of which phase is begun."""
        if isinstance(event, events.ScenarioStarted):
            phase, label = event.phase.value, event.label
            operation = self.by_label.get(label or "")
            number = (
                list(self.by_label).index(label) + 1
                if operation is not None and label is not None
                else 0
            )
            said = (
                counted(number, len(self.by_label), operation.id)
                if operation is not None
                else "several operations"
            )
            say(f"{phase.lower()}, {said}")

    def take(self, event: Any) -> None:
        if isinstance(event, events.ScenarioFinished):
            self._take_scenario(cast("Any", event))
        elif isinstance(event, events.NonFatalError):
            self._fail(event.label, "engine", f"{event.info.title}: {event.info.message}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.SchemaAnalysisWarnings):
            for warning in event.warnings:
                reason = (
                    self._read_by_us(warning)
                    if type(warning).__name__ == "MissingDeserializerWarning"
                    else None
                )
                if reason is not None:
                    self._excuse(reason)
                    continue
                self._fail(
                    getattr(warning, "operation_label", None) or "", "warning", str(warning.message)
                )

    def _read_by_us(self, warning: Any) -> str | None:
        """How our own judge reads the media type that the fuzzer warns of; None when it does not."""
        operation = self.by_label.get(warning.operation_label)
        media = parse_content_type(warning.content_type)
        if operation is None or media is None or warning.status_code not in operation.replies:
            return None

        codec = choose(reply_media(operation, warning.status_code), media)
        return (
            LINES
            if isinstance(codec, StreamCodec)
            else BYTES
            if isinstance(codec, BinaryCodec)
            else None
        )

    def _take_scenario(self, event: Any) -> None:
        recorder, phase = event.recorder, event.phase.value.lower()
        if "fuzz" in phase and event.label in self.fuzzed:
            self.fuzzed[event.label] += sum(
                not _is_of_a_check(node) for node in recorder.cases.values()
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
                    self._fail(label, check.name, _first_lines(str(info.failure)), command, cause)
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
                self.opinion.take(operation, node.value, interaction)

    def _command(self, recorder: Any, case_id: str, check: Any) -> str:
        """The command that sends again what failed; where that is another request that the check made, the check's own."""
        interaction = recorder.interactions.get(case_id)
        if interaction is None or check.name in _OF_OTHER_REQUESTS:
            command = str(check.failure_info.code_sample).replace(
                self.subject.address, self.subject.told_address
            )
            return self.subject.credentials.masks(self.subject.package.api).command(command)
        return sent_again(self.subject, interaction.request)

    def _cause(self, recorder: Any, case_id: str, check: Any) -> Complaint | None:
        """What a failed check comes from, where the server has failed; not known of another request that the check made."""
        interaction = recorder.interactions.get(case_id)
        operation = self.by_label.get(recorder.cases[case_id].value.operation.label)
        if interaction is None or operation is None or check.name in _OF_OTHER_REQUESTS:
            return None
        return blame(
            self.subject, operation, interaction, is_valid=check.name == "positive_data_acceptance"
        )

    def finish(self) -> None:
        for check, reason, names in left_out(self.subject, tuple(self.by_label.values())):
            self._untried(f"the fuzzer's check {check}, of {', '.join(names)}: {reason}")

        self._limit_excuses()
        for label, count in self.fuzzed.items():
            wanted = self.budget.max_examples // _FLOOR
            if not self.budget.max_examples:
                continue

            if _is_small(self.by_label[label], self.budget.max_examples):
                if count < wanted:
                    self._untried(
                        f"{self._key(label, '')[2]}: more than {count} requests by the fuzzer, for it has few values"
                    )
            elif count < wanted:
                self._fail(
                    label, "floor", f"only {count} of {self.budget.max_examples} examples were sent"
                )
            else:
                self.evidence.count(self._key(label, "floor"))

    def _untried(self, told: str) -> None:
        self.evidence.untried.add((self.subject.package.name, self.subject.name, told))

    def _limit_excuses(self) -> None:
        """A judge that overrules too often is itself in doubt."""
        for label, judged in self.judged.items():
            overruled = self.overruled[label]
            if overruled > max(judged * _MOST_OVERRULED, _FEW_OVERRULED):
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


def _register_bytes(operations: Iterable[Operation[Any]]) -> None:
    """Tell the fuzzer of the media types that it has no values for, of bodies and parts: any bytes are one."""
    for operation in operations:
        content = load_contract(operation.api).find_object(
            f"{operation.pointer}/requestBody/content"
        )
        parts = (part for node in content.values() for part in node.get("encoding", {}).values())

        types = {name.strip() for part in parts for name in part.get("contentType", "").split(",")}
        for name in sorted({*types, *content}):
            if re.fullmatch(
                r"(?:application|audio|font|image|model|video)/[\w.-]+", name
            ) and not name.endswith(("json", "form-urlencoded", "octet-stream")):
                _openapi.media_type(name, st.binary(max_size=100))


def _generated(document: dict[str, Any], operations: tuple[Operation[Any], ...]) -> dict[str, Any]:
    """The contract without the operations that could not be generated: `Allow` does not name them."""
    known = {(operation.path, operation.method.lower()) for operation in operations}
    methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}
    paths = {
        path: {
            word: node
            for word, node in item.items()
            if word not in methods or (path, word) in known
        }
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def _is_stream(answer: Answer) -> bool:
    return any(line.startswith("text/event-stream") for line in answer.values("content-type"))


def _is_of_a_check(node: Any) -> bool:
    """Whether a check made this case out of another, as that of credentials does: it is the check's to judge."""
    return node.parent_id is not None and node.transition is None


def _is_small(operation: Operation[Any], most: int) -> bool:
    """Whether there may be fewer different requests than `most`: no body, and of each parameter only a few values.

    Of bodies that are nothing but bytes the fuzzer has a handful, such as a picture of each kind.
    """
    if any(not isinstance(codec, BinaryCodec) for codec in body_media(operation)):
        return False
    return all(
        is_finite(codec.contract, codec.pointer, most) for _, codec in parameter_codecs(operation)
    )


class _Gzip:
    """Compresses what a request says is compressed. As `auth`, for that is what acts last on a prepared request."""

    def __call__(self, request: Any) -> Any:
        if request.body:
            data = request.body.encode() if isinstance(request.body, str) else request.body
            request.body = gzip.compress(data, mtime=0)
        return request


@contextlib.contextmanager
def _compressed() -> Generator[None]:
    """A body that a case declares as gzip is really compressed, or an honest server would refuse it."""

    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 (a hook's signature)
        coding = next(
            (
                str(value)
                for name, value in case.headers.items()
                if name.lower() == "content-encoding"
            ),
            "",
        )
        if coding.strip().lower() in ("gzip", "x-gzip"):
            kwargs["auth"] = _Gzip()

    _api.hook(before_call)
    try:
        yield
    finally:
        _hooks.unregister(before_call)


def _plain(headers: dict[str, str], body: Any) -> bytes | None:
    """The bytes of a body before it was coded; None when they are not known, for it is read as it is sent."""
    data = body.encode() if isinstance(body, str) else b"" if body is None else body
    if not isinstance(data, bytes):
        return None

    try:
        return (
            gzip.decompress(data)
            if headers.get("content-encoding", "").lower() in ("gzip", "x-gzip")
            else data
        )
    except (OSError, EOFError):
        return data


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _first_lines(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())[:500]
