"""Judge with our own validator what the fuzzer calls valid or invalid on the wire.

Each verdict that is overruled is counted by its reason and told in the report.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus, urlsplit

from bothends.openapi.header_names import IGNORED_HEADERS
from bothends.prove.oracle.answers import declared
from bothends.prove.oracle.form import judge_form
from bothends.prove.oracle.multipart import judge_multipart
from bothends.prove.oracle.parameter import judge_parameter
from bothends.prove.oracle.reader import Sent
from bothends.prove.oracle.xml_text import judge_xml
from bothends.prove.oracle.yaml_text import judge_yaml
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media import MediaError, body_media, choose
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.xml import XmlCodec
from bothends.runtime.media.yaml import YamlCodec
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import ApiKey, Operation
from bothends.runtime.schema.contract import Contract, load_contract


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
    sent = sent_in(operation, url, headers, prefix)
    if sent is None:
        return False  # an empty or dotted segment makes another path of it

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
    """The values of path parameters as they stand in a URL.

    None when its path is not the operation's: an empty or dotted value makes another path of it, as
    HTTP clients remove such segments (RFC 3986 §5.2.4).
    """
    segments = urlsplit(url).path.removeprefix(prefix).split("/")
    expected = operation.path.partition("#")[0].split("/")
    if len(segments) != len(expected):
        return None

    values: dict[str, str] = {}
    for name, segment in zip(expected, segments, strict=True):
        if name.startswith("{") and name.endswith("}"):
            values[name[1:-1]] = segment

    return values if all(values.values()) else None


def sent_in(
    operation: Operation[Any], url: str, headers: dict[str, str], prefix: str
) -> Sent | None:
    """The parameters of a request as they stand on the wire.

    None when its path is not the operation's.
    """
    path = path_values(operation, url, prefix)
    if path is None:
        return None

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
