"""Secrets out of an exchange, before anything of it is written.

A masked text keeps its shape: small letters become `a`, capitals `A`, digits `0`. So it still has
its length and mostly its pattern, and a recording can be judged again.

Example: with the header parameter `Api-Key` as a security scheme, `Api-Key: Zq7-x` is written as
`Api-Key: Aa0-a`; with `--mask email`, `{"email": "me@x.org"}` as `{"email": "aa@a.aaa"}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit, urlunsplit

from bothends.record.exchange import Exchange, Headers, header_value
from bothends.runtime.json.budget import excess
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media_type import essence_of
from bothends.runtime.operation import Api, ApiKey, Operation

# Header fields that carry credentials by the standard: RFC 9110 §11, RFC 6265 §4.
_HEADERS = (
    *("authorization", "proxy-authorization", "cookie", "set-cookie"),
    *("x-access-token", "x-api-key", "x-auth-token", "x-csrf-token", "x-xsrf-token"),
)
# Fields of token requests and their answers (RFC 6749 §2.3.1, §4.3.2, §5.1; RFC 7636 §4.5), and
# what the keys of APIs are mostly called. `accessToken` and `X-Api-Key` are the same to us.
_FIELDS = frozenset(
    (
        *("access_token", "refresh_token", "id_token", "session_token", "auth_token", "token"),
        *("client_secret", "secret", "secret_key", "private_key", "password", "passphrase"),
        *("client_assertion", "code_verifier", "api_key", "api_secret", "api_token"),
    )
)
# Secrets in queries and forms alone (RFC 6749 §4.1.2, §4.1.3; RFC 7521 §4.1): in JSON a `code` is
# mostly that of an error, and a masked one would be a fault that the server does not have.
_FORM_FIELDS = frozenset(("code", "assertion"))
# Header fields that hold a URL, which may carry a token in its query or fragment.
_URLS = frozenset(("location", "content-location", "referer"))
# Other text, such as CSV, XML and YAML, has fields that are not looked for.
_WITHOUT_FIELDS = frozenset(
    ("text/css", "text/html", "text/javascript", "text/markdown", "text/plain")
)
# RFC 8288 §3: the target of each link, up to the end where it is not closed; and its context.
_LINK_TARGET = re.compile(r"(<)([^>]*)")
_LINK_ANCHOR = re.compile(r'(\banchor\s*=\s*"?)((?<=")[^"]*|[^";,]*)', re.IGNORECASE)


class Masking:
    """What is masked: the credentials of an API, the fields of token requests, chosen fields."""

    def __init__(self, api: Api, fields: Iterable[str] = ()) -> None:
        self._asked = tuple(fields)
        self._met = set[str]()
        chosen = {_plain(field) for field in (*_FIELDS, *self._asked)}
        keys = [scheme for scheme in api.security.values() if isinstance(scheme, ApiKey)]
        self._fields = chosen
        self._headers = chosen | set(map(_plain, _HEADERS)) | _names(keys, "header")
        self._form = chosen | _FORM_FIELDS
        self._query = self._form | _names(keys, "query")

    @property
    def unmatched(self) -> list[str]:
        """The chosen fields that were in none of the exchanges: misspelt, perhaps."""
        return [field for field in self._asked if _plain(field) not in self._met]

    def _is_secret(self, name: str, names: Container[str]) -> bool:
        """Whether what has this name is masked, where these names are."""
        plain = _plain(name)
        is_secret = plain in names
        if is_secret:
            self._met.add(plain)
        return is_secret

    def apply(self, exchange: Exchange, operation: Operation[Any] | None = None) -> Exchange:
        """The exchange without its secrets.

        A body that cannot be read as what it says it is, is left out: nobody knows what is in it.

        Args:
            exchange: What went over the wire.
            operation: The operation that it is of, for the parameters in its path.
        """
        sent, is_sent_whole = self._body(exchange.request_headers, exchange.request_body)
        received, is_received_whole = self._body(exchange.answer_headers, exchange.answer_body)
        return replace(
            exchange,
            url=self._path(self._url(exchange.url), operation),
            request_headers=self._lines(exchange.request_headers),
            request_body=sent,
            answer_headers=self._lines(exchange.answer_headers),
            answer_body=received,
            is_request_cut=exchange.is_request_cut or not is_sent_whole,
            is_answer_cut=exchange.is_answer_cut or not is_received_whole,
        )

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        return urlunsplit(
            parts._replace(
                netloc=parts.netloc.rpartition("@")[2],
                query=self._pairs(parts.query, self._query),
                fragment=self._pairs(parts.fragment, self._query),
            )
        )

    def _address(self, url: str) -> str:
        """The URL of a header field, which is whatever the server wrote."""
        try:
            return self._url(url)
        except ValueError:
            # What cannot be taken apart may have a secret anywhere.
            return _shape(url)

    def _links(self, value: str) -> str:
        """A `Link` header: its URLs without their secrets, and `rel` and the like as they are."""
        if "<" not in value:
            return self._address(value)

        def mask(found: re.Match[str]) -> str:
            return found[1] + self._address(found[2])

        return _LINK_ANCHOR.sub(mask, _LINK_TARGET.sub(mask, value))

    def _path(self, url: str, operation: Operation[Any] | None) -> str:
        """The URL without the chosen parameters of its path."""
        if operation is None:
            return url

        parts = urlsplit(url)
        segments = parts.path.split("/")
        # A base path may stand in front of the operation's own.
        template = operation.path.split("/")[1:]
        for index, name in enumerate(template, len(segments) - len(template)):
            is_parameter = name.startswith("{") and name.endswith("}")
            if is_parameter and self._is_secret(name[1:-1], self._fields):
                segments[index] = quote(_shape(unquote(segments[index])), safe="")
        return urlunsplit(parts._replace(path="/".join(segments)))

    def _lines(self, headers: Headers) -> Headers:
        lines: list[tuple[str, str]] = []
        for name, value in headers:
            if self._is_secret(name, self._headers):
                lines.append((name, _shape(value)))
            elif name.lower() in _URLS:
                lines.append((name, self._address(value)))
            elif name.lower() == "link":
                lines.append((name, self._links(value)))
            else:
                lines.append((name, self._text(value)))
        return tuple(lines)

    def _body(self, headers: Headers, body: bytes) -> tuple[bytes, bool]:
        """A body without its secrets, and whether it is still there."""
        content_type = header_value(headers, "content-type")
        essence = essence_of(content_type)
        if not body or essence.startswith(("image/", "audio/", "video/", "font/")):
            return body, True

        try:
            text = body.decode("utf-8-sig")
            if essence == "application/x-www-form-urlencoded":
                return self._pairs(text, self._form).encode(), True
            if "json" in essence and essence.endswith(("seq", "lines", "ndjson", "jsonl")):
                return "\n".join(map(self._json, text.split("\n"))).encode(), True
            if essence == "text/event-stream":
                return "\n".join(map(self._event_line, text.split("\n"))).encode(), True
            if "json" in essence or not essence:
                masked = self._json(text)
                # What holds no secret keeps its bytes: an escape would be written in another way.
                return (body if masked == text else masked.encode()), True
        except (ValueError, RecursionError):
            return b"", False

        # Plain text has no fields. What else there is, such as multipart, may have any.
        return (body, True) if essence in _WITHOUT_FIELDS else (b"", False)

    def _json(self, text: str) -> str:
        """One JSON text.

        ValueError for one that is none, that names a field twice or has more values than are read.
        """
        text, separator = text.strip("\x1e\r "), "\x1e" if text.startswith("\x1e") else ""
        if not text:
            return separator

        if fault := excess(text.encode("utf-8")):
            raise ValueError(fault)
        value = json.loads(text, object_pairs_hook=_object)
        masked = self._value(value)
        written = text if masked == value else json.dumps(masked, ensure_ascii=False)
        return separator + written

    def _event_line(self, line: str) -> str:
        name, colon, data = line.partition(":")
        if name != "data" or not data.strip().startswith(("{", "[")):
            return line
        return f"{name}{colon} {self._json(data.strip())}"

    def _pairs(self, text: str, names: set[str]) -> str:
        """A query or form; the pairs that hold no secret keep their spelling."""
        parts: list[str] = []
        for part in text.split("&"):
            name, equals, value = part.partition("=")
            plain = parse_qsl(part, keep_blank_values=True)
            # `user[password]` is the field `password` of a form with brackets, `password[0]` and
            # `password[old]` are in it.
            keys = re.split(r"[\[\]]+", plain[0][0]) if plain else []
            if [key for key in keys if self._is_secret(key, names)]:
                value = quote_plus(_shape(plain[0][1]))
            elif plain and (masked := self._text(plain[0][1])) != plain[0][1]:
                value = quote_plus(masked)
            parts.append(f"{name}{equals}{value}")
        return "&".join(parts)

    def _text(self, value: str) -> str:
        """A parameter or field, which may be JSON as a whole; its members have names too."""
        if not value.lstrip().startswith(("{", "[")):
            return value
        try:
            masked = self._json(value)
        except (ValueError, RecursionError):
            return value
        # What holds no secret keeps its spelling.
        return value if masked == value.strip() else masked

    def _value(self, value: Any, *, is_secret: bool = False) -> Any:
        if is_object(value):
            return {
                name: self._value(item, is_secret=self._is_secret(name, self._fields) or is_secret)
                for name, item in value.items()
            }
        if is_array(value):
            return [self._value(item, is_secret=is_secret) for item in value]
        return _masked_scalar(value) if is_secret else value


def _masked_scalar(value: Any) -> Any:
    match value:
        case str():
            return _shape(value)
        case bool():
            return value
        case int():
            return int("1" * len(str(abs(value))))
        case float():
            return 1.5
        case _:
            return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice: only one of its values would be masked")
    return found


def _names(keys: Iterable[ApiKey], location: str) -> set[str]:
    return {_plain(key.wire_name) for key in keys if key.location == location}


def _plain(name: str) -> str:
    """A name as it is compared: `access_token`, `Access-Token` and `accessToken` are one."""
    return name.lower().replace("_", "").replace("-", "")


def _shape(text: str) -> str:
    """A text of the same length and shape; the name of an authentication scheme stays."""
    scheme, space, secret = text.partition(" ")
    if space and scheme.lower() in ("basic", "bearer", "digest"):
        return f"{scheme} {_shape(secret)}"
    return "".join(map(_shape_of_character, text))


def _shape_of_character(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character
