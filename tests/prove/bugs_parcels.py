"""Ways of being wrong with what is not JSON: parts, forms, text, streams, cookies, keys and styles."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .packages import Bug
from .wrong import header, incoming, set_header, status
from .wrong_parts import (
    Part,
    closed,
    each,
    field,
    fields,
    is_coded,
    name_of,
    parted,
    sniffed,
    streamed,
)

_KNOWN = (b"label", b"about", b"weight", b"tags", b"photo")
_PLAIN = [b'Content-Disposition: form-data; name="label"']


def _filled(parts: list[Part]) -> list[Part]:
    return (
        parts if any(name_of(part) == b"label" for part in parts) else [*parts, (_PLAIN, b"none")]
    )


def _last(parts: list[Part]) -> list[Part]:
    return [part for part in parts if name_of(part) == b"tags"] + list(
        {name_of(part): part for part in parts if name_of(part) != b"tags"}.values()
    )


def _typeless(name: bytes, kind: bytes | None) -> Callable[[Part], Part]:
    """Reads a part as the type that it should have, whatever it says."""

    def change(part: Part) -> Part:
        if name_of(part) != name:
            return part
        kept = [line for line in part[0] if not line.lower().startswith(b"content-type:")]
        return [*kept, *([b"Content-Type: " + kind] if kind else [])], part[1]

    return change


def _lenient_json(part: Part) -> Part:
    if name_of(part) != b"about":
        return part
    try:
        return part[0], json.dumps(json.loads(part[1])).encode()  # the last of two names counts
    except ValueError:
        return part


def _replaced(part: Part) -> Part:
    if name_of(part) != b"label":
        return part
    return part[0], part[1].decode("utf-8", "replace").encode()


def _no_coding(part: Part) -> Part:
    return [
        line for line in part[0] if not line.lower().startswith(b"content-transfer-encoding:")
    ], part[1]


def _number(part: Part) -> Part:
    found = (
        re.fullmatch(rb"\s*\+?0*(\d+)(\.0)?\s*", part[1]) if name_of(part) == b"weight" else None
    )
    return (part[0], found[1]) if found else part


def _one_head(part: Part) -> Part:
    return list({line.partition(b":")[0].lower(): line for line in part[0]}.values()), part[1]


def _renamed(part: Part) -> Part:
    """Takes a part without a name for the first that there is."""
    return part if name_of(part) else (_PLAIN, b"none")


PARTS = [
    Bug(
        "undeclared parts are dropped",
        wrap=parted(lambda parts: [one for one in parts if name_of(one) in _KNOWN]),
    ),
    Bug("a missing part is made up", wrap=parted(_filled), by="without label"),
    Bug("the last of two parts", wrap=parted(_last), by="twice"),
    Bug("any media type of a part", wrap=each(_typeless(b"photo", b"image/png")), by="media type"),
    Bug(
        "any media type of JSON in a part",
        wrap=each(_typeless(b"about", b"application/json")),
        by="about",
    ),
    Bug("any charset of a part", wrap=each(_typeless(b"label", None)), by="label: "),
    Bug("duplicate names in a part", wrap=each(_lenient_json), by="about holds"),
    Bug("invalid UTF-8 in a part", wrap=each(_replaced), by="UTF-8"),
    Bug("a transfer encoding is ignored", wrap=each(_no_coding), by="Base64"),
    Bug("a lax number in a part", wrap=each(_number), by="weight is"),
    Bug("the last of two headers of a part", wrap=each(_one_head)),
    Bug("a part without a name", wrap=each(_renamed), by="label: "),
    Bug("no boundary needed", wrap=incoming(sniffed), by="no boundary"),
    Bug("no last boundary needed", wrap=incoming(closed), by="boundary"),
    Bug(
        "any number of parts",
        mutate=lambda d: _multipart(d)["properties"]["tags"].pop("maxItems"),
        by="tags",
    ),
    Bug(
        "a longer file", mutate=lambda d: _multipart(d)["properties"]["photo"].update(maxLength=101)
    ),
    Bug(
        "a list in one part is one item",
        mutate=lambda d: _parts(d)["encoding"].pop("stops"),
    ),
    Bug(
        "an open form of parts",
        mutate=lambda d: _multipart(d).update(additionalProperties=True),
        by="undeclared part",
    ),
]


def _parts(document: dict[str, Any]) -> dict[str, Any]:
    body = document["paths"]["/parcels"]["post"]["requestBody"]
    described: dict[str, Any] = body["content"]["multipart/form-data"]
    return described


def _multipart(document: dict[str, Any]) -> dict[str, Any]:
    return _schema(document, _parts(document))


def _schema(document: dict[str, Any], holder: dict[str, Any]) -> dict[str, Any]:
    """The schema of a media type or parameter, with the schemas of its properties in place."""
    schema = _followed(document, holder["schema"])
    if "properties" in schema:
        schema["properties"] = {
            name: _followed(document, one) for name, one in schema["properties"].items()
        }
    return schema


def _followed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _true(raw: bytes) -> bytes:
    return {b"1": b"true", b"on": b"true", b"yes": b"true", b"True": b"true", b"0": b"false"}.get(
        raw, raw
    )


def _digits(raw: bytes) -> bytes:
    found = re.fullmatch(rb"[\s+]*0*([1-9]\d*)(\.0)?\s*", raw)
    return found[1] if found else raw


def _latin(_: dict[str, Any], body: bytes) -> bytes:
    return body.replace(b"%ff", b"%C3%BF").replace(b"\xff", b"%C3%BF")


def _any_charset(scope: dict[str, Any], body: bytes) -> bytes:
    set_header(scope, "content-type", header(scope, "content-type").partition(";")[0])
    return body


FORMS = [
    Bug(
        "undeclared fields are dropped",
        wrap=fields(
            lambda pairs: [
                one for one in pairs if one[0] in (b"weight", b"express", b"name", b"stops")
            ]
        ),
    ),
    Bug("the last of two fields", wrap=fields(lambda pairs: list(dict(pairs).items())), by="twice"),
    Bug(
        "a missing field is made up",
        wrap=fields(lambda pairs: list({b"weight": b"1", **dict(pairs)}.items())),
    ),
    Bug("any word for true", wrap=field(b"express", _true), by="express is"),
    Bug("a lax number in a form", wrap=field(b"weight", _digits), by="weight is"),
    Bug("invalid UTF-8 in a form", wrap=incoming(_latin), by="invalid UTF-8"),
    Bug(
        "a list in another style",
        wrap=field(b"stops", lambda raw: raw.replace(b",", b"|")),
        by="stops is",
    ),
    Bug("any charset of a form", wrap=incoming(_any_charset), by="charset"),
    Bug("semicolons for ampersands", wrap=incoming(lambda _, body: body.replace(b";", b"&"))),
    Bug(
        "brackets for lists",
        wrap=fields(lambda pairs: [(one[0].removesuffix(b"%5B%5D"), one[1]) for one in pairs]),
    ),
]


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    def rewrite(scope: dict[str, Any], body: bytes) -> bytes:
        is_text = header(scope, "content-type").startswith("text/plain")
        return change(body) if is_text and not is_coded(scope) else body

    return incoming(rewrite)


TEXTS = [
    Bug(
        "invalid UTF-8 in a text",
        wrap=_bytes(lambda body: body.decode("utf-8", "replace").encode()),
        by="UTF-8",
    ),
    Bug(
        "a text is cut",
        wrap=_bytes(lambda body: body.decode("utf-8", "ignore")[:20].encode() or body),
    ),
    Bug("an empty text is taken", wrap=_bytes(lambda body: body or b"none")),
    Bug(
        "a text is bounded by its bytes",
        wrap=_bytes(lambda body: body if len(body) <= 20 else b""),
        by="characters",
    ),
]


def _cookies(change: Callable[[list[str]], list[str]]) -> Callable[[Any], Any]:
    def rewrite(scope: dict[str, Any], body: bytes) -> bytes:
        given = header(scope, "cookie")
        set_header(scope, "cookie", "; ".join(change(given.split("; "))) if given else None)
        return body

    return incoming(rewrite)


def _first(pairs: list[str]) -> list[str]:
    return list({pair.partition("=")[0]: pair for pair in reversed(pairs)}.values())


def _first_key(scope: dict[str, Any], body: bytes) -> bytes:
    keys = [value for name, value in scope["headers"] if name.lower() == b"x-key"]
    if keys:
        set_header(scope, "x-key", keys[0].decode("latin-1"))
    return body


def _path(change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    def rewrite(scope: dict[str, Any], body: bytes) -> bytes:
        scope["raw_path"] = change(scope["raw_path"])
        return body

    return incoming(rewrite)


def _query(change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    def rewrite(scope: dict[str, Any], body: bytes) -> bytes:
        scope["query_string"] = change(scope["query_string"])
        return body

    return incoming(rewrite)


def _track(document: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [
        one
        for one in document["paths"]["/track/{place}/{days}"]["get"]["parameters"]
        if one["name"] == name
    ]
    return _schema(document, found)


PLACES = [
    Bug("the first of two cookies", wrap=_cookies(_first), by="twice"),
    Bug(
        "a cookie in quotes",
        wrap=_cookies(lambda pairs: [pair.replace('"', "") for pair in pairs]),
        by="in quotes",
    ),
    Bug(
        "a lax number in a cookie",
        wrap=_cookies(lambda pairs: [re.sub(r"=\+?0*(\d)", r"=\1", one) for one in pairs]),
    ),
    Bug("the first of two keys", wrap=incoming(_first_key), by="twice"),
    Bug("a path that is decoded twice", wrap=_path(lambda path: path.replace(b"%25", b"%"))),
    Bug(
        "a broken escape in a path",
        wrap=_path(lambda path: path.replace(b"%ff", b"%EF%BF%BD")),
        by="%ff",
    ),
    Bug(
        "a list of a path in another style",
        wrap=_path(lambda path: path.replace(b",", b".")),
        by="days",
    ),
    Bug(
        "a longer list in a path",
        mutate=lambda document: _track(document, "days").update(maxItems=9),
    ),
    Bug(
        "any cookie",
        mutate=lambda document: _track(document, "page").update(type=["integer", "string"]),
    ),
    Bug(
        "a bound of an object in brackets",
        mutate=lambda d: _track(d, "box")["properties"]["width"].pop("maximum"),
    ),
    Bug(
        "undeclared names in brackets",
        mutate=lambda document: _track(document, "box").update(additionalProperties=True),
    ),
    Bug(
        "brackets are not read",
        wrap=_query(lambda query: b"" if b"box" in query else query),
        by="box",
    ),
]

STREAMS = [
    Bug("an item that the schema refuses", wrap=streamed(lambda body: body.replace(b"2", b"-2"))),
    Bug("an item of another type", wrap=streamed(lambda body: body.replace(b"2", b'"2"'))),
    Bug("a line that is no JSON", wrap=streamed(lambda body: body.replace(b"}", b""))),
    Bug(
        "an undeclared property in an item",
        wrap=streamed(lambda body: body.replace(b"}", b',"more":1}')),
    ),
    Bug("NaN in an item", wrap=streamed(lambda body: body.replace(b"2", b"NaN"))),
    Bug("no authentication is told otherwise", wrap=status(401, 400)),
]

_OF = {"addParcel": PARTS, "quote": FORMS, "remark": TEXTS, "track": [*PLACES, *STREAMS]}

PARCEL_BUGS = [replace(bug, of=operation) for operation, bugs in _OF.items() for bug in bugs]
