"""Errors by status, whatever the operation and whether the contract documents the status.

    try:
        client.get_tide("h1", "t1")
    except status_errors.NotFoundError as error:  # documented or not
        print(error.status, error.response)

    StatusError                 any answer that is not a success
    ├── RedirectError           3xx, where the redirect was not followed
    ├── ClientError             4xx: BadRequestError, UnauthorizedError, NotFoundError, …
    └── ServerError             5xx: InternalServerError, ServiceUnavailableError, …

A generated error class extends the class of its status. An error of a status range, of `default` or
of an undocumented status gets it when it is raised.
"""

from __future__ import annotations

from typing import Any, TypeVar

from .errors import BothendsError, StatusError
from .exchange import Headers
from .url import redirect_target

ErrorT = TypeVar("ErrorT", bound=BothendsError)


class RedirectError(StatusError):
    """3xx: the answer names another address, and the client did not follow it.

    A redirect that the contract documents is never followed: it is an answer like any other.
    """

    @property
    def location(self) -> str | None:
        """The address that the header Location names, made absolute (RFC 9110 §10.2.2).

        None without one. It has its query and fragment, which may hold secrets; the text of the
        error has not.
        """
        answered = self.response if self.response is not None else self
        headers: Headers = getattr(answered, "headers", Headers(()))
        asked = self.request.url if self.request is not None else ""
        return redirect_target(asked, headers.get("location", "")) or None


class ClientError(StatusError):
    """4xx: the server holds the request to be wrong."""


class BadRequestError(ClientError):
    """400 (RFC 9110 §15.5.1)."""


class UnauthorizedError(ClientError):
    """401: credentials are missing or wrong (RFC 9110 §15.5.2)."""


class PaymentRequiredError(ClientError):
    """402 (RFC 9110 §15.5.3)."""


class ForbiddenError(ClientError):
    """403: these credentials do not allow it (RFC 9110 §15.5.4)."""


class NotFoundError(ClientError):
    """404 (RFC 9110 §15.5.5)."""


class MethodNotAllowedError(ClientError):
    """405 (RFC 9110 §15.5.6)."""


class NotAcceptableError(ClientError):
    """406 (RFC 9110 §15.5.7)."""


class RequestTimeoutError(ClientError):
    """408: the server did not get the request in time (RFC 9110 §15.5.9)."""


class ConflictError(ClientError):
    """409 (RFC 9110 §15.5.10)."""


class GoneError(ClientError):
    """410 (RFC 9110 §15.5.11)."""


class PreconditionFailedError(ClientError):
    """412 (RFC 9110 §15.5.13)."""


class ContentTooLargeError(ClientError):
    """413 (RFC 9110 §15.5.14)."""


class UnsupportedMediaTypeError(ClientError):
    """415 (RFC 9110 §15.5.16)."""


class UnprocessableContentError(ClientError):
    """422 (RFC 9110 §15.5.21)."""


class TooManyRequestsError(ClientError):
    """429 (RFC 6585 §4)."""


class ServerError(StatusError):
    """5xx: the server failed."""


class InternalServerError(ServerError):
    """500 (RFC 9110 §15.6.1)."""


class NotImplementedByServerError(ServerError):
    """501 (RFC 9110 §15.6.2)."""


class BadGatewayError(ServerError):
    """502 (RFC 9110 §15.6.3)."""


class ServiceUnavailableError(ServerError):
    """503 (RFC 9110 §15.6.4)."""


class GatewayTimeoutError(ServerError):
    """504 (RFC 9110 §15.6.5)."""


BY_STATUS: dict[int, type[StatusError]] = {
    **dict.fromkeys((301, 302, 303, 307, 308), RedirectError),
    400: BadRequestError,
    401: UnauthorizedError,
    402: PaymentRequiredError,
    403: ForbiddenError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    406: NotAcceptableError,
    408: RequestTimeoutError,
    409: ConflictError,
    410: GoneError,
    412: PreconditionFailedError,
    413: ContentTooLargeError,
    415: UnsupportedMediaTypeError,
    422: UnprocessableContentError,
    429: TooManyRequestsError,
    500: InternalServerError,
    501: NotImplementedByServerError,
    502: BadGatewayError,
    503: ServiceUnavailableError,
    504: GatewayTimeoutError,
}
_BY_HUNDREDS = {3: RedirectError, 4: ClientError, 5: ServerError}


def status_class(status: int) -> type[StatusError]:
    """The most specific class of a status; `StatusError` where it has none of its own."""
    return BY_STATUS.get(status) or _BY_HUNDREDS.get(status // 100, StatusError)


def with_status_class(kind: type[ErrorT], status: int) -> type[ErrorT]:
    """`kind`, or a subclass of the same name that also extends the class of the status.

    A subclass is necessary: `except` looks at real base classes only.
    """
    base = status_class(status)
    if status // 100 == 2 or issubclass(kind, base):
        return kind
    if (kind, base) not in _JOINED:
        _JOINED[kind, base] = _join(kind, base)

    joined: type[ErrorT] = _JOINED[kind, base]
    return joined


_JOINED: dict[tuple[type[BothendsError], type[StatusError]], Any] = {}


def _join(kind: type[BothendsError], base: type[StatusError]) -> type[BothendsError]:
    def reduce(error: BothendsError) -> Any:
        return _restore, (kind, base, error.__dict__, error.args)

    names: dict[str, Any] = {
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        "__doc__": kind.__doc__,
        "__reduce__": reduce,
    }
    make: Any = type  # of bases that no type checker can know
    joined: type[BothendsError] = make(kind.__name__, (kind, base), names)
    return joined


def _restore(
    kind: type[BothendsError],
    base: type[StatusError],
    state: dict[str, Any],
    args: tuple[Any, ...],
) -> BothendsError:
    """An error of `with_status_class`, from its pickle."""
    result = _JOINED.setdefault((kind, base), _join(kind, base))
    error: BothendsError = result.__new__(result, *args)
    error.args = args
    error.__dict__.update(state)
    return error
