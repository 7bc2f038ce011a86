"""Secrets out of an exchange, before anything of it is written.

A masked text keeps its shape: small letters become `a`, capitals `A`, digits `0`. So it still has
its length and mostly its pattern, and a recording can be judged again.

Example: with the header parameter `Api-Key` as a security scheme, `Api-Key: Zq7-x` is written as
`Api-Key: Aa0-a`; with `--mask email`, `{"email": "me@x.org"}` as `{"email": "aa@a.aaa"}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit, urlunsplit

from bothends.record.exchange import Exchange, Headers
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import Api, ApiKey

# Header fields that carry credentials by the standard: RFC 9110 §11, RFC 6265 §4.
_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")
# Fields of token requests and their answers (RFC 6749 §2.3.1, §4.3.2, §5.1; RFC 7636 §4.5).
_FIELDS = (
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "password",
    "code_verifier",
)


class Masking:
    """What is masked: the credentials of an API, the fields of token requests, chosen fields."""

    def __init__(self, api: Api, fields: Iterable[str] = ()) -> None:
        chosen = {field.lower() for field in (*_FIELDS, *fields)}
        keys = [scheme for scheme in api.security.values() if isinstance(scheme, ApiKey)]
        self._fields = chosen
        self._headers = chosen | set(_HEADERS) | _names(keys, "header")
        self._query = chosen | _names(keys, "query")

    def apply(self, exchange: Exchange) -> Exchange:
        """The exchange without its secrets."""
        parts = urlsplit(exchange.url)
        host = parts.netloc.rpartition("@")[2]
        query = self._pairs(parts.query, self._query)
        return replace(
            exchange,
            url=urlunsplit(parts._replace(netloc=host, query=query)),
            request_headers=self._lines(exchange.request_headers),
            request_body=self._body(exchange.request_headers, exchange.request_body),
            answer_headers=self._lines(exchange.answer_headers),
            answer_body=self._body(exchange.answer_headers, exchange.answer_body),
        )

    def _lines(self, headers: Headers) -> Headers:
        return tuple(
            (name, _shape(value) if name.lower() in self._headers else value)
            for name, value in headers
        )

    def _body(self, headers: Headers, body: bytes) -> bytes:
        content_type = next((text for name, text in headers if name.lower() == "content-type"), "")
        essence = content_type.partition(";")[0].strip().lower()
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return body

        if essence == "application/x-www-form-urlencoded":
            return self._pairs(text, self._fields).encode()

        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return body

        masked = self._value(value)
        # What holds no secret keeps its bytes: 1.0 or an escape would be written in another way.
        return body if masked == value else json.dumps(masked, ensure_ascii=False).encode()

    def _pairs(self, text: str, names: set[str]) -> str:
        """A query or form; the pairs that hold no secret keep their spelling."""
        parts: list[str] = []
        for part in text.split("&"):
            name, equals, value = part.partition("=")
            plain = parse_qsl(part, keep_blank_values=True)
            # `user[password]` is the field `password` of a form with brackets.
            field = plain[0][0].rpartition("[")[2].rstrip("]").lower() if plain else ""
            is_secret = bool(plain) and field in names
            shape = quote_plus(_shape(plain[0][1])) if is_secret else value
            parts.append(f"{name}{equals}{shape}")
        return "&".join(parts)

    def _value(self, value: Any, *, is_secret: bool = False) -> Any:
        if is_object(value):
            return {
                name: self._value(item, is_secret=is_secret or name.lower() in self._fields)
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


def _names(keys: Iterable[ApiKey], location: str) -> set[str]:
    return {key.wire_name.lower() for key in keys if key.location == location}


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
