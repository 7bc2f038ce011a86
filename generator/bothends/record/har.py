"""Exchanges as HAR 1.2, which browsers and debugging proxies write as well.

A body that is no UTF-8 text is base64. For answers HAR has a field for that; for requests it has
none, so ours is `_encoding` (fields that begin with an underscore are the format's own way to extend it).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bothends import __version__
from bothends.record.exchange import Exchange, Headers, header_value
from bothends.runtime.json.budget import MAX_BODY, BytesOption, excess, reading
from bothends.runtime.json.value import is_object
from bothends.runtime.url import url_parts

# A browser's recording of an hour, bodies and pictures included.
MOST_RECORDED: Final = 256_000_000
# As many values as bodies have for their bytes.
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_OF_BODIES: Final = BytesOption("", MAX_BODY.usual)


class HarError(ValueError):
    """A file is no HAR; the text says where it is not."""


def write_har(exchanges: Iterable[Exchange]) -> str:
    """The text of a HAR file."""
    log = {
        "version": "1.2",
        "creator": {"name": "bothends", "version": __version__},
        "entries": [_entry(exchange) for exchange in exchanges],
    }
    return json.dumps({"log": log}, indent=1, ensure_ascii=False) + "\n"


def read_har(text: str) -> Iterator[Exchange]:
    """The exchanges of a HAR file, in its order.

    What is no HTTP, such as a `data:` URL, is left out. An entry without an answer, aborted or
    taken from a browser's cache, has the status 0.

    Raises:
        HarError: The text is no JSON, or is not built as HAR is.
    """
    entries = _member(_parsed(text), "log", dict, "the file")
    for number, entry in enumerate(_member(entries, "entries", list, "log")):
        exchange = _exchange(entry, f"entry {number}")
        if exchange.url.startswith(("http://", "https://")):
            if not url_parts(exchange.url).netloc:
                raise HarError(f"entry {number}: its URL is none")
            yield exchange


def _parsed(text: str) -> Any:
    content = text.encode("utf-8", "surrogatepass")
    with reading(content, MOST_RECORDED, _OF_BODIES):
        # 100 MB of `{},` are 2.4 GB of objects.
        if fault := excess(content):
            raise HarError(f"it {fault}")

        try:
            return json.loads(text)
        except RecursionError:
            raise HarError("its JSON is nested too deeply") from None
        except ValueError as error:
            raise HarError(f"it is not JSON: {error}") from None


def _entry(exchange: Exchange) -> dict[str, Any]:
    content = _content(exchange.answer_body)
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "headers": _named(exchange.request_headers),
        # The URL has the query as it was sent; pairs are decoded and would lose how it was written.
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
        **({"_cut": True} if exchange.is_request_cut else {}),
    }
    if exchange.request_body:
        body = _content(exchange.request_body)
        request["postData"] = {
            "mimeType": header_value(exchange.request_headers, "content-type"),
            "text": body["text"],
            **({"_encoding": "base64"} if "encoding" in body else {}),
        }

    return {
        "startedDateTime": exchange.started,
        "time": -1,
        "request": request,
        "response": {
            "status": exchange.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": _named(exchange.answer_headers),
            "cookies": [],
            "content": {
                "size": len(exchange.answer_body),
                "mimeType": header_value(exchange.answer_headers, "content-type"),
                **content,
            },
            "redirectURL": header_value(exchange.answer_headers, "location"),
            "headersSize": -1,
            "bodySize": -1,
            **({"_cut": True} if exchange.is_answer_cut else {}),
        },
        "cache": {},
        "timings": {"send": -1, "wait": -1, "receive": -1},
    }


def _content(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


def _exchange(entry: Any, where: str) -> Exchange:
    request: dict[str, Any] = _member(entry, "request", dict, where)
    answer: dict[str, Any] = _member(entry, "response", dict, where)
    sent = _content_of(request, "postData", where)
    received = _content_of(answer, "content", where)
    return Exchange(
        method=_member(request, "method", str, where).upper(),
        url=_member(request, "url", str, where),
        request_headers=_pairs(request, where),
        request_body=_body(sent, sent.get("_encoding"), where),
        status=_member(answer, "status", int, where),
        answer_headers=_pairs(answer, where),
        answer_body=_body(received, received.get("encoding"), where),
        started=str(entry.get("startedDateTime", "")),
        is_request_cut=bool(request.get("_cut")),
        # A browser leaves the text out of answers that it did not keep.
        is_answer_cut=bool(answer.get("_cut"))
        or bool(received.get("size") and "text" not in received),
    )


def _content_of(message: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    found: dict[str, Any] = _member(message, name, dict, where) if message.get(name) else {}
    return found


def _body(content: dict[str, Any], encoding: object, where: str) -> bytes:
    text = content.get("text") or ""
    if not isinstance(text, str):
        raise HarError(f"{where}: the text of a body is no text")
    if encoding != "base64":
        return text.encode("utf-8", "surrogatepass")

    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise HarError(f"{where}: a body is not base64, as its encoding says") from None


def _pairs(message: dict[str, Any], where: str) -> Headers:
    found: list[tuple[str, str]] = []
    for header in _member(message, "headers", list, where):
        name, value = _member(header, "name", str, where), _member(header, "value", str, where)
        # HTTP/2 has its request line in headers (RFC 9113 §8.3), and browsers list them.
        if not name.startswith(":"):
            found.append((name, value))
    return tuple(found)


def _named(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _member(value: Any, name: str, kind: type, where: str) -> Any:
    found = value.get(name) if is_object(value) else None
    if not isinstance(found, kind):
        raise HarError(f"{where}: `{name}` is missing, or of another kind than HAR 1.2 has")
    # HTTP has no form for it.
    if isinstance(found, str) and _SURROGATE.search(found):
        raise HarError(f"{where}: `{name}` has half of a surrogate pair")
    return found
