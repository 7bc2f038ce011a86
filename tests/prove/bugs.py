"""Every way of being wrong that the proof must see."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

from .packages import Bug
from .wrong import forgiving, header, incoming, lenient, of_success, outgoing, set_header, status

Document = dict[str, Any]


def order(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["Order"]
    return found


def resolved(document: Document, node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = document["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    return node


def prop(name: str, **words: Any) -> Callable[[Document], object]:
    """The server reads other keywords for a property; None removes one."""

    def mutate(document: Document) -> None:
        change(resolved(document, order(document)["properties"][name]), words)

    return mutate


def items(name: str, **words: Any) -> Callable[[Document], object]:
    def mutate(document: Document) -> None:
        change(
            resolved(document, resolved(document, order(document)["properties"][name])["items"]),
            words,
        )

    return mutate


def change(schema: dict[str, Any], words: dict[str, Any]) -> None:
    for word, value in words.items():
        if value is None:
            schema.pop(word, None)
        else:
            schema[word] = value


def parameter(operation: str, name: str, **words: Any) -> Callable[[Document], object]:
    def mutate(document: Document) -> None:
        for item in document["paths"].values():
            for node in item.values():
                if node["operationId"] == operation:
                    [found] = [one for one in node["parameters"] if one["name"] == name]
                    change(resolved(document, found["schema"]), words)

    return mutate


SCHEMA = [
    Bug("one item too many", prop("ids", maxItems=6)),
    Bug("one item too few is taken", prop("ids", minItems=0)),
    Bug("one item less than allowed", prop("ids", maxItems=4)),
    Bug("no limit of items", prop("ids", maxItems=None)),
    Bug("a longer text is taken", items("ids", maxLength=11)),
    Bug("a shorter text only", items("ids", maxLength=9)),
    Bug("no lower bound", prop("count", minimum=None)),
    Bug("no upper bound", prop("count", maximum=None)),
    Bug("an exclusive bound", prop("count", maximum=None, exclusiveMaximum=100)),
    Bug("an unanchored pattern", prop("code", pattern="[A-Z]{3}")),
    Bug("no pattern", prop("code", pattern=None)),
    Bug("a pattern of lower case too", prop("code", pattern="^[A-Za-z]{3}$")),
    Bug("no format", prop("day", format=None)),
    Bug("no multipleOf", prop("price", multipleOf=None)),
    Bug("not unique", prop("tags", uniqueItems=None)),
    Bug("null refused", prop("note", type="string")),
    Bug("null for an optional text", items("ids", type=["string", "null"])),
    Bug("null for an optional list", prop("tags", type=["array", "null"])),
    Bug("any enum", prop("kind", enum=None)),
    Bug("one enum value unknown", prop("kind", enum=["small"])),
    Bug("an open object", prop("car", additionalProperties=None)),
    Bug("numbers for texts", items("ids", type=["string", "number"])),
    Bug("booleans for integers", prop("count", type=["integer", "boolean"])),
    Bug("fractions for integers", prop("count", type="number")),
    Bug(
        "a required property is optional",
        lambda document: order(document)["required"].remove("ids"),
    ),
    Bug(
        "an optional property is required",
        lambda document: order(document)["required"].append("count"),
    ),
    Bug(
        "extra properties refused",
        lambda document: order(document).update(additionalProperties=False),
    ),
    Bug("a header without its pattern", parameter("book", "X-Track", pattern=None)),
    Bug("a longer header", parameter("book", "X-Track", maxLength=9)),
    Bug("a header without its bound", parameter("book", "X-Seats", maximum=None)),
    Bug("a query item of any value", parameter("find", "fields", items={"type": "string"})),
    Bug("a longer query list", parameter("find", "fields", maxItems=4)),
    Bug("a text for a boolean", parameter("find", "full", type=["boolean", "string"])),
    Bug("a path of more than 32 bits", parameter("find", "id", maximum=None)),
]


def _coerced(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("count"), str) and value["count"].isdigit():
        value["count"] = int(value["count"])
    return value


def _caseless(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("kind"), str):
        value["kind"] = value["kind"].lower()
    return value


def _without_float(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("count"), float):
        value["count"] = "no integer"
    return value


def _surrogates(_: dict[str, Any], body: bytes) -> bytes:
    return body.replace(b"\\ud800", b"?").replace(b"\\udfff", b"?")


def _number_for_nan(body: bytes) -> Any:
    return json.loads(body, parse_constant=lambda _: 1)


def _utf16(_: dict[str, Any], body: bytes) -> bytes:
    return body.decode("utf-16").encode() if body.startswith(b"\xff\xfe") else body


def _bom(_: dict[str, Any], body: bytes) -> bytes:
    return body.removeprefix(b"\xef\xbb\xbf")


def _any_json_type(scope: dict[str, Any], body: bytes) -> bytes:
    if "json" in header(scope, "content-type"):
        set_header(scope, "content-type", "application/json")
    return body


def _any_type(scope: dict[str, Any], body: bytes) -> bytes:
    if body and "form" not in header(scope, "content-type"):
        set_header(scope, "content-type", "application/json")
    return body


def _missing_type(scope: dict[str, Any], body: bytes) -> bytes:
    if body and not header(scope, "content-type"):
        set_header(scope, "content-type", "application/json")
    return body


def _any_charset(scope: dict[str, Any], body: bytes) -> bytes:
    kind, _, rest = header(scope, "content-type").partition(";")
    if "charset" in rest:
        set_header(scope, "content-type", kind)
    return body


def _first_type(scope: dict[str, Any], body: bytes) -> bytes:
    lines = [value for key, value in scope["headers"] if key == b"content-type"]
    if len(lines) > 1:
        set_header(scope, "content-type", lines[-1].decode())
    return body


def _first_header(scope: dict[str, Any], body: bytes) -> bytes:
    seats = header(scope, "x-seats")
    if seats:
        set_header(scope, "x-seats", seats)
    return body


def _no_coding(scope: dict[str, Any], body: bytes) -> bytes:
    set_header(scope, "content-encoding", None)
    return body


def _half_gzip(scope: dict[str, Any], body: bytes) -> bytes:
    if header(scope, "content-encoding") == "gzip":
        inflater = zlib.decompressobj(31)
        try:
            plain = inflater.decompress(body, 1_000_000)
        except zlib.error:
            return body

        if not inflater.eof and not inflater.unconsumed_tail:
            set_header(scope, "content-encoding", None)
            return plain

    return body


def _unbounded(scope: dict[str, Any], body: bytes) -> bytes:
    if header(scope, "content-encoding") == "gzip":
        try:
            plain = gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            return body

        if len(plain) > 20_000_000:
            set_header(scope, "content-encoding", None)
            return b'{"ids": ["a"], "kind": "small"}'

    return body


def _trailing_slash(scope: dict[str, Any], body: bytes) -> bytes:
    scope["raw_path"] = scope["raw_path"].rstrip(b"/")
    return body


def _decoded_path(scope: dict[str, Any], body: bytes) -> bytes:
    scope["raw_path"] = scope["raw_path"].replace(b"%2F", b"/")
    return body


def _caseless_path(scope: dict[str, Any], body: bytes) -> bytes:
    scope["raw_path"] = scope["raw_path"].lower()
    return body


def _any_size(scope: dict[str, Any], body: bytes) -> bytes:
    if len(body) > 1_000_000:
        body = body.strip()
        set_header(scope, "content-length", str(len(body)))
    return body


def _get_for_post(scope: dict[str, Any], body: bytes) -> bytes:
    if scope["method"] == "PUT" and scope["path"].startswith("/bookings/"):
        scope["method"] = "DELETE"
    return body


READING = [
    Bug("NaN is taken", wrap=forgiving("is not JSON", _number_for_nan), by="NaN"),
    Bug("duplicate names are taken", wrap=forgiving("same name twice", json.loads), by="duplicate"),
    Bug("lone surrogates are taken", wrap=incoming(_surrogates), by="surrogate"),
    Bug("UTF-16 is taken", wrap=incoming(_utf16), by="UTF-16"),
    Bug("a byte order mark is taken", wrap=incoming(_bom), by="byte order mark"),
    Bug("text is made a number", wrap=lenient(_coerced), by="count is '1'"),
    Bug("an enum in any case", wrap=lenient(_caseless), by="kind in upper case"),
    Bug("1.0 is no integer", wrap=lenient(_without_float), by="count is 1.0"),
    Bug("any JSON media type", wrap=incoming(_any_json_type)),
    Bug("any media type", wrap=incoming(_any_type)),
    Bug("no media type needed", wrap=incoming(_missing_type)),
    Bug("any charset", wrap=incoming(_any_charset), by="charset"),
    Bug("the last of two Content-Types", wrap=incoming(_first_type)),
    Bug("the first of two headers", wrap=incoming(_first_header), by="twice"),
    Bug("Content-Encoding is ignored", wrap=incoming(_no_coding), by="gzip"),
    Bug("gzip that is cut short", wrap=incoming(_half_gzip), by="cut short"),
    Bug("gzip without a bound", wrap=incoming(_unbounded), by="a bomb"),
    Bug("a trailing slash", wrap=incoming(_trailing_slash), by="a slash behind"),
    Bug("an encoded slash", wrap=incoming(_decoded_path), by="an encoded slash"),
    Bug("a path in any case", wrap=incoming(_caseless_path)),
    Bug("any size", wrap=incoming(_any_size), by="more than allowed"),
    Bug("an undeclared method", wrap=incoming(_get_for_post)),
]


def _no_allow(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    set_header(start, "allow", None)
    return body


def _short_allow(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    if start["status"] == 405:
        set_header(start, "allow", "GET")
    return body


def _no_challenge(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    set_header(start, "www-authenticate", None)
    return body


def _as_text(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    if start["status"] in (200, 201):
        set_header(start, "content-type", "text/plain")
    return body


def _long_header(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    if start["status"] == 201:
        set_header(start, "x-request", "r" * 37)
    return body


def _no_header(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    set_header(start, "x-request", None)
    return body


def _other_track(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    if start["status"] == 201:
        set_header(start, "x-track", "another")
    return body


def _own_fault(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    return b'{"detail": "wrong"}' if start["status"] == 400 else body


def _redirect(scope: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    if start["status"] == 404:
        start["status"] = 307
        set_header(start, "location", scope["path"].rstrip("/"))
    return body


def _echo(scope: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
    said = header(scope, "authorization")
    if start["status"] == 401:
        set_header(start, "www-authenticate", f'Bearer realm="{said}"')
    return body


def _drop(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda value: value.pop(name, None)


ANSWERS = [
    Bug("no Allow", wrap=outgoing(_no_allow)),
    Bug("a short Allow", wrap=outgoing(_short_allow)),
    Bug("no challenge", wrap=outgoing(_no_challenge)),
    Bug("403 for 401", wrap=status(401, 403)),
    Bug("422 for 400", wrap=status(400, 422)),
    Bug("400 for 415", wrap=status(415, 400)),
    Bug("200 for 405", wrap=status(405, 200)),
    Bug("404 for 405", wrap=status(405, 404)),
    Bug("200 for 201", wrap=status(201, 200)),
    Bug("500 for 400", wrap=status(400, 500)),
    Bug("a redirect for 404", wrap=outgoing(_redirect)),
    Bug("another media type", wrap=outgoing(_as_text)),
    Bug("a header that is too long", wrap=outgoing(_long_header)),
    Bug("a required header is missing", wrap=outgoing(_no_header)),
    Bug("not the request's header", wrap=outgoing(_other_track)),
    Bug("a fault of another shape", wrap=outgoing(_own_fault)),
    Bug("a secret in an answer", wrap=outgoing(_echo)),
    Bug("a missing field", wrap=of_success(_drop("id"))),
    Bug("a null field", wrap=of_success(lambda value: value.update(note=None))),
    Bug("a number as text", wrap=of_success(lambda value: value.update(id="5"))),
]


def crashing(when: Callable[[Any], bool]) -> Callable[[Any], object]:
    """A handler that fails for some bodies."""

    def spoil(handler: Any) -> None:
        good = handler.book

        async def book(**arguments: Any) -> Any:
            if when(arguments["body"]):
                raise ValueError("a bug")
            return await good(**arguments)

        handler.book = book

    return spoil


def _texts(value: Any) -> str:
    return "".join(value.ids) + (value.note or "")


async def _anyone(_: object) -> bool:
    return True


def _signed(scope: dict[str, Any], body: bytes) -> bytes:
    if not header(scope, "authorization"):
        set_header(scope, "authorization", "Bearer known-to-token")
    return body


HANDLERS = [
    Bug(
        "a crash on astral characters",
        handler=crashing(lambda body: any(ord(char) > 0xFFFF for char in _texts(body))),
    ),
    Bug("a crash on NUL", handler=crashing(lambda body: "\x00" in _texts(body))),
    Bug("a crash on an empty text", handler=crashing(lambda body: "" in body.ids)),
    Bug(
        "a crash on null",
        handler=crashing(lambda body: body.note is None and "note" in body.model_fields_set),
    ),
    Bug("a crash on an absent property", handler=crashing(lambda body: body.count is None)),
    Bug(
        "a crash on one magic number",
        handler=crashing(lambda body: body.count == 83),
        constants=(83,),
    ),
    Bug(
        "a crash found by the reply check",
        handler=crashing(lambda body: len(body.ids) == 5),
        check_replies=True,
    ),
    Bug("any token", authenticate=_anyone),
    Bug("no credentials needed", wrap=incoming(_signed), by="none"),
]

RARE = [
    Bug(
        "a crash on three conditions",
        handler=crashing(
            lambda b: len(b.ids) > 1 and b.kind == "large" and b.count is not None and b.count > 50
        ),
        max_examples=1000,
    ),
]

BUGS = [*SCHEMA, *READING, *ANSWERS, *HANDLERS]
