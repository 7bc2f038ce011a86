"""A second opinion on the fuzzer's verdicts, by our own validator: is what it calls valid valid, on the wire?

Each verdict that is overruled is counted by its reason and told in the report.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bothends.runtime.media import MediaError, body_media, choose
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.parameter import ParameterError, parameter_codecs
from bothends.runtime.style import StyleError, percent_decode
from bothends.runtime.styled import Wire

from .judge import PROBLEM
from .refusal import CAUSES, refusal_statuses
from .wire import Answer

INVALID_AS_VALID = "the fuzzer sent a value as valid that the contract refuses"
VALID_ON_THE_WIRE = "the fuzzer's invalid value is valid as it arrives"
UNTOLD = "a refusal for which the contract has no words, told in those of RFC 9457"
EVENTS = "the fuzzer takes a schema for that of an event, where it is that of the data in it"
LINES = "the fuzzer cannot read a stream of JSON values, and our own judge has read it"
BLANK = "a blank reply that the contract declares by x-empty-body"


def refuses_body(operation: Operation[Any], content_type: str, data: bytes) -> bool:
    """Whether a body breaks the operation's schema, or is not of the media type that it says it is."""
    return judge_body(operation, content_type, data) is False


def judge_body(operation: Operation[Any], content_type: str, data: bytes) -> bool | None:
    """Whether the contract allows a body; None for one of a media type that it does not have."""
    media = parse_content_type(content_type)
    codec = choose(body_media(operation), media.essence) if media is not None else None
    if media is None or codec is None or (codec.is_text and not media.is_utf8):
        return None
    if not data and not codec.may_be_blank:
        return False
    try:
        return codec.fault(codec.read(data, media)) is None
    except MediaError:
        return False


def allows_parameters(operation: Operation[Any], url: str, headers: dict[str, str], prefix: str = "") -> bool:
    """Whether all parameters of a request are as the contract wants them, as they stand on the wire."""
    wire = wire_of(operation, url, headers, prefix)
    if wire is None:
        return False  # an empty or dotted segment makes another path of it
    for parameter, codec in parameter_codecs(operation):
        try:
            if codec.read(wire) is MISSING and parameter.required:
                return False
        except (ParameterError, KeyError):
            return False
    return True


def wire_of(operation: Operation[Any], url: str, headers: dict[str, str], prefix: str) -> Wire | None:
    """The parameters of a request as they stand on the wire; None when its path is not the operation's."""
    parts = urlsplit(url)
    segments = parts.path.removeprefix(prefix).split("/")
    wanted = operation.path.split("/")
    if len(segments) != len(wanted):
        return None
    path = {
        name[1:-1]: segment
        for name, segment in zip(wanted, segments, strict=True)
        if name.startswith("{") and name.endswith("}")
    }
    if not all(path.values()):
        return None
    try:
        pairs = [part.partition("=") for part in parts.query.split("&") if part]
        query = [(percent_decode(name, plus=True), raw) for name, _, raw in pairs]
    except StyleError:
        return None
    cookies = [part.partition("=") for part in headers.get("cookie", "").split(";") if part.strip()]
    return Wire(
        path,
        query,
        {name: [value] for name, value in headers.items()},
        [(name.strip(" \t"), value.strip(" \t")) for name, _, value in cookies],
    )


def is_declared_blank(operation: Operation[Any], status: int, data: bytes) -> bool:
    """Whether a reply is blank because the contract says that a value is sent that way."""
    key = documented(status, operation.replies)
    return not data and key is not None and operation.replies[key].empty is not MISSING


def is_untold_refusal(operation: Operation[Any], answer: Answer) -> bool:
    """Whether an answer refuses a request, and may do so in the words of RFC 9457 since the contract has none."""
    allowed = {status for cause in CAUSES for status in refusal_statuses(operation, cause)} | {404, 405, 406}
    return (
        answer.status in allowed
        and documented(answer.status, operation.replies) is None
        and answer.values("content-type") == [PROBLEM]
    )
