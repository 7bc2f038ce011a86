"""Options: an unknown name or a wrong value is an error at once, and it names the nearest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler

from bothends.runtime import Retries, Timeout

TIDES = """
components: {securitySchemes: {bearerAuth: {type: http, scheme: bearer}}}
security: [{bearerAuth: []}]
paths:
  /tides:
    get:
      operationId: listTides
      responses: {'200': {description: Tides., content: {application/json: {schema: {type: array}}}}}
"""


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


@pytest.mark.parametrize("name", ["authentication", "authenticat", "auth"])
def test_a_misspelled_authenticate_is_refused(tides: Package, name: str) -> None:
    with pytest.raises(TypeError, match=rf"no option '{name}': did you mean 'authenticate'"):
        tides.app(handler(list_tides=list), **{name: lambda presented: False})


@pytest.mark.parametrize(
    "options", [{"authenticate": "yes"}, {"check_replies": "no"}, {"max_body": "1 MB"}]
)
def test_wrong_values_of_a_server_are_refused(tides: Package, options: Any) -> None:
    with pytest.raises(TypeError, match=f"create_app.*{next(iter(options))} must be"):
        tides.app(handler(list_tides=list), **options)


@pytest.mark.parametrize("kind", ["MadeClient", "AsyncMadeClient"])
@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("timout", "timeout"),
        ("base_uri", "base_url"),
        ("response", "responses"),
        ("retry", "retries"),
        ("bearer", "bearer_auth"),
    ],
)
def test_unknown_client_options_name_the_nearest(
    tides: Package, kind: str, name: str, nearest: str
) -> None:
    with pytest.raises(TypeError, match=f"'{name}': did you mean '{nearest}'"):
        getattr(tides.module, kind)(**{name: 1})


def test_an_option_like_no_other_lists_them_all(tides: Package) -> None:
    with pytest.raises(TypeError, match="there are anonymous, app, base_url"):
        tides.module.MadeClient(zzz=1)


def test_a_server_of_a_contract_with_one_says_base_url(tides: Package) -> None:
    with pytest.raises(TypeError, match="its contract has one server; use base_url"):
        tides.module.MadeClient(server="sandbox")


def test_with_options_takes_the_options_of_a_call(tides: Package) -> None:
    client = tides.module.MadeClient(base_url="https://tides.test")
    with pytest.raises(TypeError, match="'timout': did you mean 'timeout'"):
        client.with_options(timout=1)
    with pytest.raises(TypeError, match="'base_url': it belongs to the client itself"):
        client.with_options(base_url="https://other.test")


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"responses": "strickt"}, ValueError, "did you mean 'strict'"),
        ({"requests": "loose"}, ValueError, "must be one of 'strict', 'warn', 'off'"),
        ({"responses": True}, TypeError, "responses must be text, not bool"),
        ({"timeout": "5"}, TypeError, "timeout must be a number of seconds or a Timeout, not str"),
        ({"timeout": True}, TypeError, "timeout must be"),
        ({"timeout": -1}, ValueError, "more than 0 seconds"),
        ({"retries": "3"}, TypeError, "retries must be"),
        ({"retries": -1}, ValueError, "at least one attempt"),
        ({"headers": {"x": 1}}, TypeError, "headers must be"),
        ({"max_answer": "1 MB"}, TypeError, "max_answer must be"),
        ({"anonymous": "no"}, TypeError, "anonymous must be"),
    ],
)
def test_wrong_values_of_a_client_are_refused(
    tides: Package, options: Any, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        tides.module.MadeClient(base_url="https://tides.test", **options)
    client = tides.module.MadeClient(base_url="https://tides.test")
    with pytest.raises(error, match=text):
        client.with_options(**options)


def test_right_values_are_taken(tides: Package) -> None:
    tides.module.MadeClient(
        base_url="https://tides.test",
        timeout=Timeout(total=1),
        retries=Retries(attempts=1),
        responses="off",
        requests="warn",
        max_answer=None,
        anonymous=True,
        headers={"x-trace": "1"},
    )


@pytest.mark.parametrize(
    ("kind", "options", "text"),
    [
        ("MadeClient", {"http_client": 5}, "http_client must be httpx2.Client, not int"),
        (
            "MadeClient",
            {"http_client": httpx2.AsyncClient()},
            "httpx2.Client, not AsyncClient",
        ),
        ("AsyncMadeClient", {"http_client": httpx2.Client()}, "httpx2.AsyncClient, not Client"),
        ("MadeClient", {"transport": 5}, "transport must be httpx2.BaseTransport"),
        ("MadeClient", {"ssl_context": True}, "ssl_context must be ssl.SSLContext"),
    ],
)
def test_networks_of_another_kind_are_refused(
    tides: Package, kind: str, options: Any, text: str
) -> None:
    with pytest.raises(TypeError, match=text):
        getattr(tides.module, kind)(base_url="https://tides.test", **options)


class Tides:
    async def list_tides(self) -> list[Any]:
        return []


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (Tides, r"must be an instance: Tides\(\)"),
        (None, "handler must be"),
        ("tides", "handler must be"),
    ],
)
def test_what_is_no_handler_is_refused(tides: Package, wrong: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        tides.app(wrong)
