"""Exchanges as HAR 1.2, which browsers and debugging proxies write as well.

A body that is no UTF-8 text is base64. For answers HAR has a field for that; for requests it has
none, so ours is `_encoding` (fields that begin with an underscore are the format's own way to extend it).

Tools leave out what they did not keep. Example: `"content": {"size": 812}` without `text` is an
answer of 812 bytes that nobody has any more, so it is not judged; an empty one has the size 0.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlencode

from bothends import __version__
from bothends.record.exchange import Exchange, Headers, header_value
from bothends.runtime.json.budget import MAX_BODY, BytesOption, excess, reading
from bothends.runtime.json.value import is_object
from bothends.runtime.media_type import essence_of
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
    # An aborted request has none in some tools, and the status 0 in others.
    is_answered = not is_object(entry) or entry.get("response") is not None
    answer: dict[str, Any] = (
        _member(entry, "response", dict, where) if is_answered else {"status": 0}
    )
    sent = _content_of(request, "postData", where)
    received = _content_of(answer, "content", where)
    method = _member(request, "method", str, where).upper()
    request_headers = _pairs(request, sent, where)
    request_body = _body(sent, sent.get("_encoding"), where) or _form(sent, where)
    answer_body = _body(received, received.get("encoding"), where)
    return Exchange(
        method=method,
        url=_member(request, "url", str, where),
        request_headers=request_headers,
        request_body=request_body,
        status=_member(answer, "status", int, where),
        answer_headers=_pairs(answer, received, where),
        answer_body=answer_body,
        started=str(entry.get("startedDateTime", "")),
        is_request_cut=bool(request.get("_cut"))
        or (not request_body and _had_body(method, request, sent, request_headers)),
        is_answer_cut=bool(answer.get("_cut"))
        or (not answer_body and method != "HEAD" and _size(received or answer) > 0),
    )


def _form(sent: dict[str, Any], where: str) -> bytes:
    """The body that was kept as its fields alone, which HAR allows instead of the text."""
    essence = essence_of(str(sent.get("mimeType", "")))
    if essence != "application/x-www-form-urlencoded" or not sent.get("params"):
        return b""

    fields = [
        (_member(field, "name", str, where), _member({"value": "", **field}, "value", str, where))
        for field in _member(sent, "params", list, where)
    ]
    return urlencode(fields).encode()


def _had_body(method: str, request: dict[str, Any], sent: dict[str, Any], headers: Headers) -> bool:
    """Whether a request that has no body in the recording had one when it was sent."""
    # Some tools count the headers in, so that the size alone tells nothing of these.
    if method in ("GET", "HEAD"):
        return False
    declared = header_value(headers, "content-length")
    is_declared = declared.isascii() and declared.isdigit() and declared.strip("0") != ""
    return bool(sent.get("params")) or is_declared or _size(request) > 0


def _size(message: dict[str, Any]) -> int:
    """How many bytes a body had, by what its recording says; 0 or less where it does not."""
    found = message.get("size", message.get("bodySize"))
    return found if isinstance(found, int) else 0


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
        # Some tools break it into lines (RFC 2045 §6.8).
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        raise HarError(f"{where}: a body is not base64, as its encoding says") from None


def _pairs(message: dict[str, Any], content: dict[str, Any], where: str) -> Headers:
    if message.get("headers") is None:
        # They were not kept, and the media type has a field of its own.
        is_typed = isinstance(content.get("mimeType"), str)
        return (("content-type", _member(content, "mimeType", str, where)),) if is_typed else ()

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
