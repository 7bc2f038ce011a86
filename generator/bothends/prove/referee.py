"""A second opinion on the fuzzer's verdicts, by our own validator: is what it calls valid valid, on the wire?

Each verdict that is overruled is counted by its reason and told in the report.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bothends.runtime.contract import load_contract
from bothends.runtime.json_text import JsonTextError, read_json
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.parameter import ParameterError, parameter_codecs
from bothends.runtime.pointer import join
from bothends.runtime.style import StyleError, percent_decode
from bothends.runtime.styled import Wire

INVALID_AS_VALID = "the fuzzer sent a value as valid that the contract refuses"
VALID_ON_THE_WIRE = "the fuzzer's invalid value is valid as it arrives"
BLANK = "a blank reply that the contract declares by x-empty-body"


def refuses_body(operation: Operation[Any], content_type: str, data: bytes) -> bool:
    """Whether a JSON body breaks the operation's schema; False for bodies that are not JSON."""
    media = parse_content_type(content_type)
    if operation.body is None or media is None or not media.essence.endswith(("/json", "+json")):
        return False
    pointer = operation.pointer + join("requestBody", "content", media.essence, "schema")
    contract = load_contract(operation.api)
    if contract.find(pointer) is None:
        return False
    try:
        return not contract.accepts(pointer, read_json(data))
    except JsonTextError:
        return True


def allows_parameters(operation: Operation[Any], url: str, headers: dict[str, str], prefix: str = "") -> bool:
    """Whether all parameters of a request are as the contract wants them, as they stand on the wire."""
    wire = _wire(operation, url, headers, prefix)
    if wire is None:
        return False
    for parameter, codec in parameter_codecs(operation):
        try:
            if codec.read(wire) is MISSING and parameter.required:
                return False
        except (ParameterError, KeyError):
            return False
    return True


def _wire(operation: Operation[Any], url: str, headers: dict[str, str], prefix: str) -> Wire | None:
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
