"""Judge with our own validator what the fuzzer calls valid or invalid on the wire.

Each verdict that is overruled is counted by its reason and told in the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, product
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from bothends.openapi.header_names import IGNORED_HEADERS
from bothends.prove.oracle.answers import declared
from bothends.prove.oracle.form import judge_form
from bothends.prove.oracle.multipart import judge_multipart
from bothends.prove.oracle.parameter import judge_parameter
from bothends.prove.oracle.part_list import judge_part_list
from bothends.prove.oracle.reader import Sent
from bothends.prove.oracle.xml_text import judge_xml
from bothends.prove.oracle.yaml_text import judge_yaml
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media import MediaError, body_media, choose
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.multipart.part_list import PartListCodec
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.media.yaml import YamlCodec
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import ApiKey, Operation
from bothends.runtime.path_template import wire_template
from bothends.runtime.schema.contract import Contract, load_contract

_MOST_READINGS = 64


def judge_body(operation: Operation[Any], content_type: str, data: bytes) -> bool | None:
    """Whether the contract allows a body, which must be of a media type that it has.

    None if undecided. Without bytes it is none.
    """
    required = operation.body is not None and operation.body.required
    if not data and not (content_type and required):
        return not required

    media = parse_content_type(content_type)
    codec = choose(body_media(operation), media) if media is not None else None
    if media is None or codec is None:
        return False
    if codec.is_text and not media.is_utf8 and not codec.is_in_charset(media):
        return False
    if not data and not codec.may_be_blank:
        return False

    contract, content = load_contract(operation.api), f"{operation.pointer}/requestBody/content"
    pointer = content + join(declared(contract.find_object(content), media) or media.essence)
    # Where any media type may carry bytes, JSON is bytes too.
    is_bytes = isinstance(codec, BinaryCodec)
    if media.essence.endswith(("/json", "+json")) and not is_bytes:
        return _judge_json(contract, f"{pointer}/schema", data)

    # Without a schema nobody looks into a form: its content is carried as it is.
    is_described = contract.find(f"{pointer}/schema") is not None and not is_bytes
    if media.essence == "application/x-www-form-urlencoded" and is_described:
        return judge_form(contract, pointer, data)

    if isinstance(codec, PartListCodec):
        boundary = media.parameters.get("boundary", "")
        return judge_part_list(contract, pointer, boundary, data) if boundary else False
    if media.essence == "multipart/form-data" and is_described:
        boundary = media.parameters.get("boundary", "")
        return judge_multipart(contract, pointer, boundary, data) if boundary else False

    if isinstance(codec, YamlCodec):
        return judge_yaml(codec, data)
    if isinstance(codec, XmlCodec):
        return judge_xml(codec, data, media.charset)

    try:
        return codec.fault(codec.read(data, media)) is None
    except MediaError:
        return False


def _judge_json(contract: Contract, schema: str, data: bytes) -> bool:
    try:
        value = read_json(data)
    except JsonTextError:
        return False
    return contract.find(schema) is None or contract.accepts(schema, value)


def judge_parameters(
    operation: Operation[Any], url: str, headers: dict[str, str], prefix: str = ""
) -> bool | None:
    """Whether the contract allows all parameters as sent; None if undecided."""
    paths = _path_readings(operation, url, prefix)
    if not paths:
        return False  # an empty or dotted segment makes another path of it

    verdicts: set[bool | None] = set()
    for path in paths:
        sent = _sent_below(path, url, headers)
        verdicts.add(False if sent is None else _judge_all(operation, sent))
        if True in verdicts:
            return True
    return None if None in verdicts or len(paths) > _MOST_READINGS else False


def _judge_all(operation: Operation[Any], sent: Sent) -> bool | None:
    nodes = load_contract(operation.api).find_array(f"{operation.pointer}/parameters")
    verdicts = {judge_sent(operation, node["in"], node["name"], sent) for node in nodes}
    if False in verdicts:
        return False
    return None if None in verdicts else True


def judge_sent(operation: Operation[Any], location: str, name: str, sent: Sent) -> bool | None:
    """Whether one parameter is as the contract wants it; None if undecided."""
    # A contract may still list them; clients and servers ignore such an entry.
    if location == "header" and name.lower() in IGNORED_HEADERS:
        return True  # no parameters

    contract = load_contract(operation.api)
    nodes = contract.find_array(f"{operation.pointer}/parameters")
    own = [node for node in nodes if node["in"] == location and _same(location, node["name"], name)]
    index = nodes.index(own[0])
    schemes = [scheme for scheme in operation.api.security.values() if isinstance(scheme, ApiKey)]
    # The whole query string has the keys of the query.
    place = "query" if location == "querystring" else location
    keys = [scheme.wire_name for scheme in schemes if scheme.location == place]

    return judge_parameter(contract, operation.pointer, index, sent, keys)


def _same(location: str, name: str, another: str) -> bool:
    return name == another or (location == "header" and name.lower() == another.lower())


def path_values(operation: Operation[Any], url: str, prefix: str) -> dict[str, str] | None:
    """The values of path parameters as they stand in a URL, in the first of several readings.

    None when its path is not the operation's: an empty or dotted value makes another path of it, as
    HTTP clients remove such segments (RFC 3986 §5.2.4).
    """
    return next(iter(_path_readings(operation, url, prefix)), None)


def _path_readings(operation: Operation[Any], url: str, prefix: str) -> list[dict[str, str]]:
    """The values that path parameters may have: several where a segment has several of them.

    One more than are judged, where there are more.
    """
    segments = urlsplit(url).path.removeprefix(prefix).split("/")
    expected = wire_template(operation.path.partition("#")[0]).split("/")
    if len(segments) != len(expected) or is_elsewhere(operation, segments):
        return []

    choices: list[list[dict[str, str]]] = []
    for template, segment in zip(expected, segments, strict=True):
        if "{" in template:
            choices.append(list(islice(_segment_readings(template, segment), _MOST_READINGS + 1)))

    readings: list[dict[str, str]] = []
    for parts in islice(product(*choices), _MOST_READINGS + 1):
        readings.append({name: text for part in parts for name, text in part.items()})
    return readings


def is_elsewhere(operation: Operation[Any], segments: Sequence[str]) -> bool:
    """Whether a path, split at its slashes, is a more concrete one than the operation's.

    Such a path is matched first (OpenAPI 3.1 §4.8.8.2): `/tides/today` is not `/tides/{day}`.
    """
    texts = [unquote(segment) for segment in segments]
    for count, literals in _more_concrete(operation):
        if len(texts) == count and all(texts[at] == text for at, text in literals.items()):
            return True
    return False


@cache
def _more_concrete(operation: Operation[Any]) -> tuple[tuple[int, dict[int, str]], ...]:
    """Of each path that is this one with literal texts for parameters, these by their index.

    With the count of segments that both have.
    """
    own = _plain_segments(operation.path)
    found: list[tuple[int, dict[int, str]]] = []
    for path in load_contract(operation.api).find_object("/paths"):
        others = _plain_segments(path)
        if len(others) != len(own):
            continue
        pairs = zip(own, others, strict=True)
        literals = {at: unquote(other) for at, (mine, other) in enumerate(pairs) if mine != other}
        if literals and all("{" in own[at] and "{" not in others[at] for at in literals):
            found.append((len(own), literals))
    return tuple(found)


def _plain_segments(path: str) -> list[str]:
    """The segments of a path as the wire has it, without the names of parameters."""
    return re.sub(r"\{[^{}]*\}", "{}", path.partition("#")[0]).split("/")


def _segment_readings(template: str, segment: str) -> Iterator[dict[str, str]]:
    """The values of the parameters of one segment: `{a}.{b}` has two readings of `x.y.z`."""
    head, _, remainder = template.partition("{")
    name, _, behind = remainder.partition("}")
    if not segment.startswith(head):
        return

    text = segment[len(head) :]
    literal, brace, _ = behind.partition("{")
    if not brace:
        value = text.removesuffix(literal)
        if value and text.endswith(literal):
            yield {name: value}
        return

    end = text.find(literal, 1)
    while end > 0:
        for others in _segment_readings(behind, text[end:]):
            yield {name: text[:end], **others}
        end = text.find(literal, end + 1)


def sent_in(
    operation: Operation[Any], url: str, headers: dict[str, str], prefix: str
) -> Sent | None:
    """The parameters of a request as they stand on the wire.

    None when its path is not the operation's.
    """
    path = path_values(operation, url, prefix)
    return None if path is None else _sent_below(path, url, headers)


def _sent_below(path: dict[str, str], url: str, headers: dict[str, str]) -> Sent | None:
    parts = urlsplit(url)
    try:
        # Not parse_qsl: it drops blank values, and decodes before the names can be compared.
        pairs = [part.partition("=") for part in parts.query.split("&") if part]
        query = [(unquote_plus(name, errors="strict"), raw) for name, _, raw in pairs]
    except UnicodeDecodeError:
        return None

    cookies = [part.partition("=") for part in headers.get("cookie", "").split(";") if part.strip()]
    cookie_pairs = [(name.strip(" \t"), value.strip(" \t")) for name, _, value in cookies]
    header_lines = {name: [value] for name, value in headers.items()}
    return Sent(path, query, header_lines, cookie_pairs, parts.query)
