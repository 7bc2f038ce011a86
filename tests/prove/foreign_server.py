"""A server that nobody generated, for a small contract: each path but `/good` is wrong in one way of its own."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from tests.packages import HEAD

SECRET = "sesame-4711"
_LEVEL = "{type: object, required: [level], properties: {level: {type: integer}}}"
_OK = f"'200': {{description: One., content: {{application/json: {{schema: {_LEVEL}}}}}}}"
_ERROR = "4XX: {description: Refused., content: {application/json: {schema: {type: object, required: [error]}}}}"
_CRASH = "'500': {description: Crashed., content: {text/plain: {}}}"
_COUNT = "{name: count, in: query, schema: {type: integer, minimum: 1, maximum: 9}}"
_LIMIT = "{name: limit, in: query, schema: {type: integer}}"
_BODY = f"requestBody: {{required: true, content: {{application/json: {{schema: {_LEVEL}}}}}}}"


def _operation(name: str, *, method: str = "get", ok: str = _OK, more: str = "") -> str:
    lines = [f"  /{name}:", f"    {method}:", f"      operationId: {name}"]
    lines += [f"      {line}" for line in more.splitlines()]
    return "\n".join([*lines, f"      responses: {{{ok}, {_ERROR}}}", ""])


_COUNTED = f"parameters: [{_COUNT}]"
_COUNTED_HIGH = _COUNTED.replace("maximum: 9", "maximum: 1000")
_SECURED = "security: [{key: []}]"
_HEADER = _OK.replace(
    "One.,", "One., headers: {X-Left: {required: true, schema: {type: integer}}},"
)

CONTRACT = (
    HEAD
    + "paths:\n"
    + _operation("good", more=_COUNTED)
    + _operation("goodBody", method="post", more=_BODY)
    + _operation("goodSecret", more=_SECURED)
    + _operation("fails")
    + _operation("otherBody")
    + _operation("otherStatus")
    + _operation("otherMedia")
    + _operation("lacksHeader", ok=_HEADER)
    + _operation("unguarded", more=_SECURED)
    + _operation("unguardedCount", more=f"{_SECURED}\n{_COUNTED_HIGH}")
    + _operation("noChallenge", more=_SECURED)
    + _operation("takesAnything", method="post", more=_BODY)
    + _operation("takesAnyCount", more=_COUNTED)
    + _operation("refusesNine", more=_COUNTED)
    + _operation("noAllow")
    + _operation("bodyOfNone", ok="'200': {description: Nothing.}")
    + _operation("otherError", more=_COUNTED)
    + _operation("overflows", ok=f"{_OK}, {_CRASH}", more=f"parameters: [{_LIMIT}]")
    + _operation("hides", more=_SECURED)
    + _operation("wrongTwice", more=_COUNTED_HIGH)
    + "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}\n"
)

Reply = tuple[int, dict[str, str], bytes]
_JSON = {"content-type": "application/json"}
_FINE: Reply = (200, _JSON, b'{"level": 4}')
_REFUSED: Reply = (422, _JSON, b'{"error": "no"}')
_UNAUTHORISED: Reply = (401, {**_JSON, "www-authenticate": "Key"}, b'{"error": "who?"}')
_WRONG: dict[str, Reply] = {
    "fails": (500, {"content-type": "text/plain"}, b"oops"),
    "otherBody": (200, _JSON, b'{"level": "high"}'),
    "otherStatus": (202, _JSON, b'{"level": 4}'),
    "otherMedia": (200, {"content-type": "text/html"}, b"<p>4"),
    "bodyOfNone": _FINE,
}
_POSTED = ("goodBody", "takesAnything")


async def foreign_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The server, as ASGI."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)

    status, headers, content = _reply(scope, body)
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    lines.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": content})


def _reply(scope: dict[str, Any], body: bytes) -> Reply:
    name = scope["path"].strip("/")
    if f"/{name}:" not in CONTRACT:
        return 404, _JSON, b'{"error": "no such path"}'

    method = "POST" if name in _POSTED else "GET"
    if scope["method"] != method:
        allow = {} if name == "noAllow" else {"allow": method}
        return 405, {**_JSON, **allow}, b'{"error": "no such method"}'
    if name in ("goodSecret", "noChallenge") and _header(scope, b"x-key") != SECRET:
        return _UNAUTHORISED if name == "goodSecret" else (401, _JSON, b'{"error": "who?"}')
    if name == "hides" and _header(scope, b"x-key") != SECRET:
        return 404, _JSON, b'{"error": "no such thing"}'
    return _WRONG.get(name) or _judged(name, scope, body)


def _judged(name: str, scope: dict[str, Any], body: bytes) -> Reply:
    """The answer of an operation that looks at its request, as well as it does."""
    query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    count = query.get("count", "1")
    is_counted = re.fullmatch("[1-9]", count) is not None
    if name == "goodBody" and not _is_level(body):
        return _REFUSED
    if name == "good" and not is_counted:
        return _REFUSED
    if name == "refusesNine" and (not is_counted or count == "9"):
        return _REFUSED
    if name == "wrongTwice":
        if re.fullmatch(r"[1-9]\d?\d?|1000", count) is None:
            return _REFUSED
        return _WRONG["fails" if 10 < int(count) < 990 else "otherStatus"]
    if name == "unguardedCount" and not re.fullmatch(r"[1-9]\d?|9\d\d|1000", count):
        return _REFUSED
    if name == "overflows" and re.fullmatch(r"-?\d+", query.get("limit", "0")) is None:
        return _REFUSED
    if name == "overflows" and abs(int(query.get("limit", "0"))) > 2**62:
        return _WRONG["fails"]
    if name == "otherError" and not is_counted:
        return 422, _JSON, b'{"detail": "no"}'
    return _FINE


def _is_level(body: bytes) -> bool:
    try:
        level = json.loads(body)["level"]
    except (ValueError, TypeError, KeyError):
        return False
    is_number = isinstance(level, int | float) and not isinstance(level, bool)
    return is_number and level == level // 1


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
