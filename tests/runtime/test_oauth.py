"""Tokens are fetched once, kept until they expire, fetched again after a 401, and seen by nobody else."""

import base64
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import anyio
import httpx2
import pytest

from bothends.runtime import ClientCredentials, NoAnswerInTime, NoToken, RefreshToken

from .faulty_server import FaultyServer, answer, sends
from .harbour.client import AsyncHarbourClient, HarbourClient
from .harbour.errors import ListTidesClientError
from .waiting import FakeClock

LOGIN = "https://login.example/token?tenant=1"
PAGE = {"content": b'{"tides":[]}', "headers": {"content-type": "application/json", "x-total": "0"}}


class Login(httpx2.MockTransport):
    """An authorization server that gives tokens t1, t2 and so on, or what it is told to."""

    def __init__(self, *answers, lifetime=3600):
        self.requests = []
        self._lock = threading.Lock()

        def give(request):
            with self._lock:
                self.requests.append(request)
                number = len(self.requests)

            if answers:
                status, content = answers[min(number, len(answers)) - 1]
                return httpx2.Response(status, content=content)

            given = {"access_token": f"t{number}", "token_type": "Bearer", "expires_in": lifetime}
            return httpx2.Response(200, content=json.dumps(given).encode())

        super().__init__(give)

    def form(self, number=0):
        return {
            name: value
            for name, (value,) in parse_qs(self.requests[number].content.decode()).items()
        }

    def source(self, **options):
        options = {
            "scopes": ("read", "write"),
            "transport": self,
            "async_transport": self,
        } | options
        return ClientCredentials(LOGIN, "my id", "s3cret:", **options)


class Harbour(httpx2.MockTransport):
    """Takes only the tokens that it is told to take."""

    def __init__(self, good=None):
        self.heard = []

        def judge(request):
            token = request.headers["authorization"].removeprefix("Bearer ")
            self.heard.append(token)
            if good is None or token in good:
                return httpx2.Response(200, **PAGE)
            return httpx2.Response(
                401, content=b'{"title":"expired"}', headers={"content-type": "application/json"}
            )

        super().__init__(judge)


def test_the_request():
    login = Login()
    assert login.source()() == "t1"
    request = login.requests[0]
    assert (request.method, str(request.url)) == ("POST", LOGIN)
    assert login.form() == {"grant_type": "client_credentials", "scope": "read write"}
    assert (
        base64.b64decode(request.headers["authorization"].removeprefix("Basic "))
        == b"my+id:s3cret%3A"
    )


def test_the_client_in_the_body():
    login = Login()
    login.source(client_auth="body", scopes=())()
    assert login.form() == {
        "grant_type": "client_credentials",
        "client_id": "my id",
        "client_secret": "s3cret:",
    }
    assert "authorization" not in login.requests[0].headers


@pytest.mark.parametrize(("lifetime", "kept"), [(3600, 3570), ("3600", 3570), (10, 9)])
def test_a_token_is_kept_until_shortly_before_its_end(lifetime, kept):
    clock, login = FakeClock(), Login(lifetime=lifetime)
    source = login.source(clock=clock)
    assert source() == "t1"
    clock.time += kept - 0.1
    assert source() == "t1"
    clock.time += 0.2
    assert source() == "t2"


def test_a_token_without_an_end_is_kept():
    clock, login = FakeClock(), Login(lifetime=None)
    source = login.source(clock=clock)
    source()
    clock.time += 10**9
    assert source() == "t1"


def test_client_asks_each_time_for_a_token():
    clock, login, harbour = FakeClock(), Login(), Harbour()
    with HarbourClient(transport=harbour, bearer_auth=login.source(clock=clock)) as client:
        client.list_tides("h1")
        client.list_tides("h1")
        clock.time += 3600
        client.list_tides("h1")

    assert harbour.heard == ["t1", "t1", "t2"]


def test_a_refused_token_is_replaced_once():
    login, harbour = Login(), Harbour(good=["t2"])
    with HarbourClient(transport=harbour, bearer_auth=login.source()) as client:
        client.list_tides("h1")
        client.list_tides("h1")

    assert harbour.heard == ["t1", "t2", "t2"]
    with (
        HarbourClient(transport=Harbour(good=[]), bearer_auth=login.source()) as client,
        pytest.raises(ListTidesClientError),
    ):
        client.list_tides("h1")

    assert len(login.requests) == 4


def test_threads_fetch_one():
    login, harbour = Login(), Harbour()
    with (
        HarbourClient(transport=harbour, bearer_auth=login.source()) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        list(pool.map(lambda _: client.list_tides("h1"), range(50)))
    assert len(login.requests) == 1


def test_tasks_fetch_one_and_renew_one():
    login, harbour = Login(), Harbour(good=["t2"])

    async def main():
        client = AsyncHarbourClient(transport=harbour, bearer_auth=login.source())
        async with client, anyio.create_task_group() as tasks:
            for _ in range(50):
                tasks.start_soon(client.list_tides, "h1")

    anyio.run(main)
    assert len(login.requests) == 2
    assert set(harbour.heard) == {"t1", "t2"}


def test_refresh_tokens_are_replaced():
    def given(number, **more):
        return 200, json.dumps(
            {"access_token": f"a{number}", "token_type": "bearer"} | more
        ).encode()

    login, kept = Login(given(1, refresh_token="r2"), given(2), given(3)), []
    source = RefreshToken(LOGIN, "r1", "app", scopes=("read",), keep=kept.append, transport=login)

    for token in ("a1", "a2", "a3"):
        assert source() == token
        source.forget(token)

    assert [login.form(number)["refresh_token"] for number in range(3)] == ["r1", "r2", "r2"]
    assert login.form() == {"grant_type": "refresh_token", "refresh_token": "r1", "scope": "read"}
    assert kept == ["r2"]


class TestNoToken:
    @pytest.mark.parametrize(
        ("status", "content", "told"),
        [
            (
                400,
                b'{"error":"invalid_client","error_description":"s3cret: is wrong"}',
                r"400 \(invalid_client\)",
            ),
            (400, b'{"error":"s3cret: !"}', "400$"),
            (500, b"<html>", "500$"),
            (302, b"", "302$"),
            (200, b"[]", "200$"),
            (200, b'{"access_token":1}', "200$"),
            (200, b'{"access_token":""}', "200$"),
        ],
    )
    def test_answers_without_one(self, status, content, told):
        harbour = Harbour()
        client = HarbourClient(transport=harbour, bearer_auth=Login((status, content)).source())
        with client, pytest.raises(NoToken, match=told) as caught:
            client.list_tides("h1")

        assert harbour.heard == []
        assert caught.value.operation.id == "listTides"
        assert "s3cret" not in str(caught.value)

    def test_no_answer(self):
        def fail(_):
            raise httpx2.ConnectError("s3cret")

        with pytest.raises(NoToken, match="ConnectError"):
            ClientCredentials(LOGIN, "i", "s", transport=httpx2.MockTransport(fail))()

    def test_the_next_call_tries_again(self):
        login = Login((503, b""), (200, b'{"access_token":"late","expires_in":60}'))
        source = login.source()
        with pytest.raises(NoToken):
            source()
        assert source() == "late"


class TestOnTheNetwork:
    def test_a_slow_login_ends_with_the_call(self):
        with FaultyServer(lambda connection: connection.hold()) as login:
            source = ClientCredentials(login.url, "i", "s3cret")
            client = HarbourClient(transport=Harbour(), bearer_auth=source, timeout=0.3)
            with client, pytest.raises(NoAnswerInTime):
                client.list_tides("h1")

            with pytest.raises(NoToken, match="Timeout"):
                ClientCredentials(login.url, "i", "s3cret", timeout=0.3)()

            assert login.open_connections() == 0

            async def main():
                async with AsyncHarbourClient(
                    transport=Harbour(), bearer_auth=source, timeout=0.3
                ) as client:
                    with pytest.raises(NoAnswerInTime):
                        await client.list_tides("h1")

            anyio.run(main)
            assert login.open_connections() == 0

    def test_a_login_that_drips_has_a_deadline(self):
        with FaultyServer(lambda connection: connection.drip(answer(content=b"{}"), 0.05)) as login:
            with pytest.raises(NoToken, match="ReadTimeout"):
                ClientCredentials(login.url, "i", "s3cret", timeout=0.3)()
            assert login.open_connections() == 0

    def test_nobody_hears_of_secrets(self, caplog):
        caplog.set_level(logging.DEBUG)
        given = sends(answer(content=b'{"access_token":"t0ken","expires_in":60}'))
        with FaultyServer(given) as login:
            source = ClientCredentials(login.url + "/token?key=k3y", "i", "s3cret")
            with HarbourClient(transport=Harbour(), bearer_auth=source) as client:
                client.list_tides("h1")
            assert login.open_connections() == 0

        shown = caplog.text + repr(source) + repr(source._token)
        assert "/token" in shown
        for secret in ("s3cret", "t0ken", "k3y"):
            assert secret not in shown

    def test_a_redirect_gets_no_secret(self):
        with (
            FaultyServer(sends(answer())) as other,
            FaultyServer(sends(answer(307, location=other.url))) as login,
        ):
            with pytest.raises(NoToken, match="307"):
                ClientCredentials(login.url, "i", "s")()
            assert other.requests == []


@pytest.mark.parametrize("url", ["login.example/token", "ftp://login.example", ""])
def test_addresses_that_are_none(url):
    with pytest.raises(ValueError, match="token_url"):
        ClientCredentials(url, "i", "s")


def test_the_smallest_set_that_is_held():
    from dataclasses import replace

    from bothends.runtime.client.auth.authorize import choose_schemes

    from .harbour.operations import LIST_TIDES

    both = replace(LIST_TIDES, security=(("basicAuth", "token"), ("bearerAuth",), ("token",)))
    assert choose_schemes(both, {"basicAuth": 1, "token": 1, "bearerAuth": 1}, {}) == (
        "bearerAuth",
    )
    assert choose_schemes(both, {"basicAuth": 1, "token": 1}, {}) == ("token",)
