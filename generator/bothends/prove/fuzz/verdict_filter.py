"""Decide which failed checks of the fuzzer count, by the contract's own verdict.

Each verdict that is overruled is counted by its reason, and the report lists the reasons.

For example, the fuzzer sends `?colours=red%2Cblue` as an invalid list and the server takes it. By
the contract the raw text on the wire is a valid list of two, so `AcceptedNegativeData` is overruled
with the reason `VALID_ON_THE_WIRE`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bothends.prove.evidence.record import Evidence
from bothends.prove.fuzz.labels import KNOWN_METHODS, label_of
from bothends.prove.fuzz.recorded import answer_of, plain_body
from bothends.prove.fuzz.repetition import Repetition
from bothends.prove.oracle.answers import PROBLEM, faults
from bothends.prove.oracle.refusal import CAUSES, CREDENTIALS, refusal_statuses
from bothends.prove.oracle.requests import judge_body, judge_parameters, path_values
from bothends.prove.oracle.siblings import (
    ANOTHER,
    SentRequest,
    allowed_by_another,
    at_the_path,
    refused_by_another,
)
from bothends.prove.target.subject import Subject
from bothends.prove.wire.message import Answer
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media import choose, reply_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.stream import StreamCodec
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import MISSING, Operation, documented

BYTES = "the fuzzer looks for a JSON value in a reply of bytes, and our own judge has read bytes"
INVALID_AS_VALID = "the fuzzer sent a value as valid that the contract refuses"
VALID_ON_THE_WIRE = "the fuzzer's invalid value is valid as it arrives"
UNDECIDED = "OpenAPI leaves open what the parameters mean that the fuzzer sent"
TEXTS = "the fuzzer cannot read the media type of a reply, and our own judge has read it"
IN_BRACKETS = "the fuzzer wrote an object of style form as one of style deepObject"
UNTOLD = "a refusal for which the contract has no words, told in those of RFC 9457"
EVENTS = "the fuzzer takes a schema for that of an event, where it is that of the data in it"
VERSIONS = "the fuzzer does not tell media types apart that differ in their parameters"
FORMATS = "a text format in an answer is an annotation (JSON Schema 2020-12 Validation §7.2)"
LINES = "the fuzzer cannot read a stream of JSON values, and our own judge has read it"
FORBIDDEN = (
    "the fuzzer wants 401 for missing credentials, and the contract has another status for them"
)
HIDDEN = (
    "the fuzzer wants 401 or 403 for missing credentials, "
    "and a server may hide what it refuses by 404 (RFC 9110 §15.5.4)"
)
TOO_LONG = (
    "a request whose address is longer than HTTP servers take (RFC 9110 §4.1), "
    "refused before it reaches the operation"
)
ELSEWHERE = (
    "a path parameter that made another path of the address: an empty or dotted one, as HTTP "
    "clients remove such segments (RFC 3986 §5.2.4), or the name of a more concrete path"
)
_OF_THE_ANSWER = {
    "AcceptedNegativeData",
    "MissingHeaderNotRejected",
    "UndefinedStatusCode",
    "UndefinedContentType",
    "MissingHeaders",
    "JsonSchemaError",
    "MissingContentType",
}
# A head of 64 KiB is the most that h11 takes by default; the margin is for the other fields.
LONGEST_TARGET = 60_000
NESTED_PARTS = (
    "the fuzzer writes an object or list within a list of a form or query by its keys or items"
)
EMPTY_PARTS = "the fuzzer writes an empty list or object within a form as an empty text"
OTHER_METHODS = (
    "the fuzzer does not know the methods of additionalOperations, and of a path that is another"
    " one in the contract and the same on the wire"
)
BLANK = "a blank reply that the contract declares by x-empty-body"
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
"""Headers by which the server reads the message itself (RFC 9110 §7.2, §7.6, §10.1; RFC 9112 §6).

The probes send them broken.
"""


class VerdictFilter:
    """The hooks that schemathesis asks before it counts a failed check or sends made-up headers."""

    def __init__(
        self,
        subject: Subject,
        operations: Iterable[Operation[Any]],
        evidence: Evidence,
        repetition: Repetition | None = None,
    ) -> None:
        self._subject, self._evidence, self._repetition = subject, evidence, repetition
        self._by_label = {label_of(entry): entry for entry in operations}
        self._prefix = urlsplit(subject.address).path.rstrip("/")
        # By path: the methods there that the fuzzer does not know.
        self._other_methods: dict[str, set[str]] = {}
        for entry in self._by_label.values():
            others: set[str] = set()
            for one in at_the_path(entry, subject.package.operations):
                if one.path != entry.path or one.method.lower() not in KNOWN_METHODS:
                    others.add(one.method.upper())
            if "GET" in others:
                others.add("HEAD")  # RFC 9110 §9.3.2
            self._other_methods[entry.path] = others
        self.overruled = Counter[str]()

    def filter_headers(self, context: Any, headers: Any) -> bool:
        """Whether made-up headers leave the message readable.

        Others change where the message ends, or make it no message at all.
        """
        operation = self._by_label.get(context.operation.label)
        parameters = operation.parameters if operation is not None else ()
        declared = {entry.wire_name.lower() for entry in parameters if entry.location == "header"}
        sent = set(map(str.lower, headers or ()))
        return not sent & (_OF_THE_MESSAGE - declared)

    def filter_failure(self, context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG002 (a hook's signature)
        """Whether a failure counts."""
        operation = self._by_label.get(case.operation.label)
        reason = None if operation is None else self._overruling(operation, failure, response)
        if reason is None:
            return self._repetition is None or self._repetition.note(failure, case, response)

        if type(failure).__name__ == "RejectedPositiveData":
            unwritten = _unwritten(case) if reason in (INVALID_AS_VALID, UNDECIDED) else None
            reason = unwritten or reason
            # What the fuzzer writes in another style says nothing about our own judge.
            if reason not in (IN_BRACKETS, EMPTY_PARTS, NESTED_PARTS):
                self.overruled[case.operation.label] += 1
        self.excuse(reason)
        return False

    def excuse(self, reason: str) -> None:
        """Count one overruled verdict."""
        self._evidence.excuse(self._subject.package.name, reason)

    def _overruling(self, operation: Operation[Any], failure: Any, response: Any) -> str | None:
        """The reason to overrule a failure; None when it counts."""
        kind, answer = type(failure).__name__, answer_of(response)
        blank = is_declared_blank(operation, answer.status, answer.body)
        if kind in ("MissingContentType", "MalformedJson") and blank:
            return BLANK
        # House rule of our own server only: a contract that documents no refusal still needs an
        # answer.
        if kind == "UndefinedStatusCode" and is_untold_refusal(operation, answer):
            return UNTOLD
        others = self._other_methods[operation.path]
        is_known = kind == "UnsupportedMethodResponse" and response.request.method in others
        if is_known or (kind == "AllowHeaderMismatch" and others):
            return OTHER_METHODS
        if kind == "JsonSchemaError" and not list(faults(operation, answer)):
            return _other_schema(operation, answer)
        if kind == "MissingHeaderNotRejected" and answer.status in refusal_statuses(
            operation, CREDENTIALS
        ):
            return FORBIDDEN
        # `response` is that of the request with credentials.
        if kind == "IgnoredAuth" and not self._subject.ours and "got `404 " in failure.message:
            return HIDDEN
        if len(response.request.url) > LONGEST_TARGET and 400 <= answer.status < 500:
            return TOO_LONG
        if (
            kind != "ServerError"
            and path_values(operation, response.request.url, self._prefix) is None
        ):
            return ELSEWHERE
        return self._misjudged(operation, kind, response)

    def _misjudged(self, operation: Operation[Any], kind: str, response: Any) -> str | None:
        """Why the request is not what the fuzzer took it for; None when it is."""
        headers = {name.lower(): _text(value) for name, value in response.request.headers.items()}
        body = plain_body(headers, response.request.body)
        if body is None:
            return None

        allowed = judge_body(operation, headers.get("content-type", ""), body)
        found = judge_parameters(operation, response.request.url, headers, self._prefix)
        verdict: bool | None = True
        if False in (allowed, found):
            verdict = False
        elif None in (allowed, found):
            verdict = None

        if kind == "RejectedPositiveData" and not verdict:
            if is_in_brackets(operation, response.request.url):
                return IN_BRACKETS
            return UNDECIDED if verdict is None else INVALID_AS_VALID
        # OpenAPI ignores some header parameters (§4.8.12.2.1); others every HTTP client adds.
        is_taken = kind in ("AcceptedNegativeData", "MissingHeaderNotRejected")
        if is_taken and verdict is not False:
            return UNDECIDED if verdict is None else VALID_ON_THE_WIRE
        sent = SentRequest(response.request.url, headers, body, self._prefix)
        is_allowed = verdict is True and self._subject.credentials.are_in(
            operation, response.request.url, headers
        )
        answer = answer_of(response)
        is_other = self._is_of_another(operation, kind, sent, answer, is_allowed=is_allowed)
        return ANOTHER if is_other else None

    def _is_of_another(
        self,
        operation: Operation[Any],
        kind: str,
        sent: SentRequest,
        answer: Answer,
        *,
        is_allowed: bool,
    ) -> bool:
        """Whether another operation at the path gave the answer."""
        siblings = at_the_path(operation, self._subject.package.operations)
        if kind == "IgnoredAuth":
            open_to_all = [one for one in siblings if not one.security or () in one.security]
            return allowed_by_another(operation, open_to_all, sent)
        # No other one may answer what this one takes.
        if kind not in _OF_THE_ANSWER or is_allowed:
            return False
        return allowed_by_another(operation, siblings, sent) or refused_by_another(
            operation, siblings, sent, answer, CAUSES
        )

    def read_by_us(self, warning: Any) -> str | None:
        """How our own judge reads the media type that the fuzzer warns of.

        None when it does not.
        """
        operation = self._by_label.get(warning.operation_label)
        media = parse_content_type(warning.content_type)
        if operation is None or media is None or warning.status_code not in operation.replies:
            return None

        codec = choose(reply_media(operation, warning.status_code), media)
        if isinstance(codec, StreamCodec):
            return LINES
        if isinstance(codec, BinaryCodec):
            return BYTES
        return TEXTS if codec is not None else None


def _unwritten(case: Any) -> str | None:
    """Why the fuzzer could not write what it meant by a form or a query; None where it could."""
    is_form = str(case.media_type).startswith("application/x-www-form-urlencoded")
    fields, parameters = (_inner(case.body) if is_form else []), _inner(case.query)
    for value in (*fields, *parameters):
        if is_array(value) and any(is_array(one) or is_object(one) for one in value):
            return NESTED_PARTS
    return EMPTY_PARTS if any(value in ({}, []) for value in fields) else None


def _inner(top: Any) -> list[Any]:
    """The lists and objects within an object, at any depth."""
    found: list[Any] = []
    waiting: list[Any] = [top]
    while waiting:
        value = waiting.pop()
        inner: list[Any] = []
        if is_object(value):
            inner = list(value.values())
        elif is_array(value):
            inner = value
        nested = [one for one in inner if is_array(one) or is_object(one)]
        found += nested
        waiting += nested
    return found


def is_in_brackets(operation: Operation[Any], url: str) -> bool:
    """Whether a query has `pet[name]=a` of an object whose properties are parameters: `name=a`."""
    objects = [
        f"{entry.wire_name}["
        for entry in operation.parameters
        if entry.location == "query" and entry.style in (None, "form")
    ]
    names = [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    return any(name.startswith(tuple(objects)) for name in names)


def is_declared_blank(operation: Operation[Any], status: int, data: bytes) -> bool:
    """Whether a reply is blank because the contract says that a value is sent that way."""
    key = documented(status, operation.replies)
    return not data and key is not None and operation.replies[key].empty is not MISSING


def _other_schema(operation: Operation[Any], answer: Answer) -> str | None:
    """Why the fuzzer judges a body, in which we find no fault, by another schema than we do."""
    if "text/event-stream" in ",".join(answer.values("content-type")):
        return EVENTS

    key = documented(answer.status, operation.replies)
    codecs = reply_media(operation, key) if key is not None else ()
    if len({codec.range for codec in codecs}) < len(codecs):
        return VERSIONS

    media = parse_content_type(",".join(answer.values("content-type")))
    codec = choose(codecs, media) if media is not None else None
    if codec is None or media is None:
        return None
    is_loose = codec.format_fault(codec.read(answer.body, media)) is not None
    return FORMATS if is_loose else None


def is_untold_refusal(operation: Operation[Any], answer: Answer) -> bool:
    """Whether an answer refuses a request in the words of RFC 9457.

    The contract has no words for the refusal, so the server may use these.
    """
    allowed = {status for cause in CAUSES for status in refusal_statuses(operation, cause)} | {
        404,
        405,
        406,
    }
    return (
        answer.status in allowed
        and documented(answer.status, operation.replies) is None
        and answer.values("content-type") == [PROBLEM]
    )


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
