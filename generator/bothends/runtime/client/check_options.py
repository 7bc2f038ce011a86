"""The check of a client's options, when they are passed rather than when they are used."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Final, cast, get_args

from bothends.runtime.operation import Api
from bothends.runtime.option_names import check_names, unknown_option, wrong_choice, wrong_value

from .hooks import Hooks
from .options import Checking, option_names
from .retry import Retries
from .transport.deadline import Clock, Timeout

_CHOICES: Final = ("requests", "responses")


def check_client_options(api: Api, options: Mapping[str, Any]) -> None:
    """Hold the options of a client to their names and types.

    Raises:
        TypeError: There is no such option, or its value has the wrong type.
        ValueError: The value is not one of its choices.
    """
    where = "this client"
    if "server" in options and "server" not in option_names("client"):
        raise TypeError(
            f"{where} has no option 'server': its contract has one server; "
            "use base_url to reach the API elsewhere"
        )

    schemes = [scheme.name for scheme in api.security.values()]
    existing = option_names("client")
    for name in options:
        if name not in existing:
            raise unknown_option(where, name, [*existing, *schemes])

    _check_values(where, options)


def check_network_options(options: Mapping[str, Any], *, is_async: bool) -> None:
    """Hold what a client sends by to the classes of its kind.

    A client of another kind, or of another library, would fail at the first call.
    """
    if not {"http_client", "transport", "ssl_context"} & options.keys():
        return

    import httpx2  # noqa: PLC0415  # not loaded before it is needed

    kinds: dict[str, type[object]] = {
        "http_client": httpx2.AsyncClient if is_async else httpx2.Client,
        "transport": httpx2.AsyncBaseTransport if is_async else httpx2.BaseTransport,
        "ssl_context": ssl.SSLContext,
    }
    for name, kind in kinds.items():
        if name in options and not isinstance(options[name], kind):
            package = kind.__module__.partition(".")[0]
            raise wrong_value("this client", name, options[name], f"{package}.{kind.__name__}")


def check_call_options(options: Mapping[str, Any]) -> None:
    """The same for `with_options`."""
    where, existing = "with_options()", option_names("call")
    for name in options:
        if name in option_names("client") and name not in existing:
            raise TypeError(f"{where} has no option {name!r}: it belongs to the client itself")

    check_names(where, options, existing)
    _check_values(where, options)


def _check_values(where: str, options: Mapping[str, Any]) -> None:
    for name, value in options.items():
        if name in _CHOICES:
            if not isinstance(value, str):
                raise wrong_value(where, name, value, "text")
            if value not in get_args(Checking):
                raise wrong_choice(where, name, value, get_args(Checking))
        elif name in _CHECKS:
            expected, is_right = _CHECKS[name]
            if not is_right(value):
                raise wrong_value(where, name, value, expected)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_headers(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    headers = cast("Mapping[object, object]", value)
    return all(isinstance(name, str) and isinstance(text, str) for name, text in headers.items())


_CHECKS: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "timeout": (
        "a number of seconds or a Timeout",
        lambda v: _is_count(v) or isinstance(v, float | Timeout),
    ),
    "retries": ("a number or Retries", lambda v: _is_count(v) or isinstance(v, Retries)),
    "max_answer": ("a number of bytes or None", lambda v: v is None or (_is_count(v) and v > 0)),
    "anonymous": ("True or False", lambda value: isinstance(value, bool)),
    "headers": ("a mapping of text to text", _is_headers),
    "base_url": ("text", lambda value: value is None or isinstance(value, str)),
    "signed_by": ("a Signature", lambda value: hasattr(value, "sign")),
    "hooks": ("Hooks", lambda value: isinstance(value, Hooks)),
    "clock": ("a Clock", lambda value: isinstance(value, Clock)),
    "on_progress": ("a function", lambda value: value is None or callable(value)),
    "app": ("an ASGI app", lambda v: callable(v) and not inspect.isclass(v)),
}
