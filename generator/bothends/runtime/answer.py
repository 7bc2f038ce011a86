"""What a handler may answer with, and what a caller of the server presents."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeGuard, TypeVar

from typing_extensions import TypeAliasType, override

T = TypeVar("T")
BodyT_co = TypeVar("BodyT_co", covariant=True)


class Response(Generic[BodyT_co]):
    """A reply with body, status and headers.

    Headers go by their wire names; numbers are written as text.

    Without a status it is the documented success that the body is of, as it is for a plain value.
    `content_type` is the media type of the body, where the contract has several for it, or a range
    such as `image/*`.
    """

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(
        self,
        body: BodyT_co,
        status: int | None = None,
        headers: Mapping[str, object] | None = None,
        *,
        content_type: str | None = None,
    ) -> None:
        self.body, self.status, self.headers = body, status, dict(headers or {})
        self.content_type = content_type

    @override
    def __repr__(self) -> str:
        return f"<Response {self.status or 'of a success'}>"


def is_response(answer: object) -> TypeGuard[Response[Any]]:
    """Whether an answer is a `Response`, and not only the value of a success."""
    return isinstance(answer, Response)


Items = TypeAliasType("Items", Iterable[T] | AsyncIterable[T], type_params=(T,))
"""What a handler may return for a stream: any iterable of items, async or not."""

Answer = TypeAliasType("Answer", T | Response[T] | Awaitable[T | Response[T]], type_params=(T,))
"""What a handler's method returns: the success value or a `Response`; at once or awaited."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential that a request presents.

    `secret` is the token, the key or the password; it is not in the repr.
    """

    scheme: str
    secret: str = field(repr=False)
    username: str = field(default="", repr=False)


Authenticate = Callable[[Mapping[str, Credential]], bool | Awaitable[bool]]
"""Judges the credentials that a request presents, by the name of their security scheme."""
