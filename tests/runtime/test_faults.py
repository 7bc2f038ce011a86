"""Each fault of a real network gives its documented error within the deadline, and leaves nothing behind."""

import gzip
import logging
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import anyio
import pytest

from bothends.runtime import (
    NoAnswer,
    NoAnswerInTime,
    Retries,
    Timeout,
    UndocumentedStatus,
    UnexpectedAnswer,
)

from .faulty_server import FaultyServer, answer, sends, sends_and_closes
from .harbour.client import AsyncHarbourClient, HarbourClient
from .harbour.errors import ListTidesClientError

TIDE = b'{"id":"12345678-1234-5678-1234-567812345678","level":"low"}'
GOOD = sends(answer(content=TIDE))
SECRET = "t0ken-that-nobody-may-see"
DEFAULTS = {"retries": Retries(base=0), "bearer_auth": SECRET}


class Sync:
    """Calls with the synchronous client."""

    def call(self, server, name="latest_tide", *args, **options):
        with HarbourClient(base_url=server.url, **DEFAULTS | options) as client:
            return getattr(client, name)(*args)


class Async:
    """Calls with the asynchronous client; no task may be left."""

    def call(self, server, name="latest_tide", *args, **options):
        async def main():
            import asyncio

            async with AsyncHarbourClient(base_url=server.url, **DEFAULTS | options) as client:
                try:
                    return await getattr(client, name)(*args)
                finally:
                    assert asyncio.all_tasks() == {asyncio.current_task()}

        return anyio.run(main)


@pytest.fixture(params=[Sync(), Async()], ids=["sync", "async"])
def ends(request):
    threads = threading.active_count()
    yield request.param
    assert threading.active_count() <= threads


def cut_off(connection):
    connection.send(answer(content=TIDE)[:-10])
    connection.close()


def reset(connection):
    connection.reset()


def reset_in_the_body(connection):
    connection.send(answer(content=TIDE)[:-10])
    connection.wait(0.02)
    connection.reset()


ZIPPED = gzip.compress(TIDE)
BROKEN_CONNECTIONS = {
    "cut off in the body": cut_off,
    "reset": reset,
    "reset in the body": reset_in_the_body,
    "closed without a word": lambda connection: connection.close(),
    "garbage": sends_and_closes(b"\x00\xff" * 100 + b"\r\n\r\n"),
    "no HTTP": sends_and_closes(b"SSH-2.0-x\r\n\r\n"),
    "length too long": sends_and_closes(answer(content=TIDE, content_length="1000")),
    "length is no number": sends_and_closes(answer(content=TIDE, content_length="many")),
    "lengths that differ": sends_and_closes(answer(content=TIDE, content_length="5, 6")),
    "half a chunk": sends_and_closes(
        answer(content_length=None, transfer_encoding="chunked") + b"ff\r\n{"
    ),
    "a chunk of no length": sends_and_closes(
        answer(content_length=None, transfer_encoding="chunked") + b"zz\r\n{}\r\n"
    ),
}
BROKEN_ANSWERS = {
    "half-written gzip": sends(answer(content=ZIPPED[:-12], content_encoding="gzip")),
    "gzip without its end": sends(answer(content=ZIPPED[:-1], content_encoding="gzip")),
    "gzip with a wrong sum": sends(
        answer(content=ZIPPED[:-8] + b"\0" * 8, content_encoding="gzip")
    ),
    "no gzip": sends(answer(content=TIDE, content_encoding="gzip")),
    "half-written deflate": sends(answer(content=b"x\x9c", content_encoding="deflate")),
}
UNREADABLE_ANSWERS = {
    "length too short": sends_and_closes(answer(content=TIDE, content_length="10")),
    "no JSON": sends(answer(content=b"<html>")),
    "nothing": sends(answer()),
}


@pytest.mark.parametrize("fault", BROKEN_CONNECTIONS.values(), ids=BROKEN_CONNECTIONS)
class TestBrokenConnections:
    def test_the_call_is_repeated_and_then_fails(self, ends, fault):
        with FaultyServer(fault) as server:
            with pytest.raises(NoAnswer) as caught:
                ends.call(server)
            assert not isinstance(caught.value, NoAnswerInTime)
            assert len(server.requests) == 3
            assert server.open_connections() == 0

    def test_once_is_no_harm(self, ends, fault):
        with FaultyServer(fault, GOOD) as server:
            assert ends.call(server).level == "low"
            assert len(server.requests) == 2

    def test_what_changes_something_is_not_repeated(self, ends, fault):
        from .harbour.models import NewTide

        with FaultyServer(fault, GOOD) as server:
            with pytest.raises(NoAnswer):
                ends.call(server, "add_tide", "h1", NewTide(at=datetime.now(UTC), level="low"))
            assert len(server.requests) == 1

    def test_with_a_key_it_is(self, ends, fault):
        with FaultyServer(fault, sends(answer(201, b'"A1"'))) as server:
            assert ends.call(server, "book_berth", "Ida") == "A1"
            first, second = server.requests
            assert b"berth-key: " in first.lower()
            assert first == second


@pytest.mark.parametrize("fault", BROKEN_ANSWERS.values(), ids=BROKEN_ANSWERS)
def test_broken_answers_are_not_asked_for_again(ends, fault):
    with FaultyServer(fault) as server:
        with pytest.raises(UnexpectedAnswer):
            ends.call(server)
        assert len(server.requests) == 1
        assert server.open_connections() == 0


@pytest.mark.parametrize("fault", UNREADABLE_ANSWERS.values(), ids=UNREADABLE_ANSWERS)
def test_unreadable_answers_are_not_asked_for_again(ends, fault):
    with FaultyServer(fault) as server:
        with pytest.raises(UnexpectedAnswer):
            ends.call(server, responses="strict")
        assert len(server.requests) == 1
        assert server.open_connections() == 0


def test_gzip_in_members_and_an_empty_one(ends):
    zipped = gzip.compress(TIDE[:10]) + gzip.compress(TIDE[10:])
    with FaultyServer(sends(answer(content=zipped, content_encoding="gzip"))) as server:
        assert ends.call(server).level == "low"
    with FaultyServer(sends(answer(202, content_encoding="gzip"))) as server:
        assert ends.call(server, "resend", []) == {}


def test_nobody_listens(ends):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    class Nobody:
        url = f"http://127.0.0.1:{port}"

    with pytest.raises(NoAnswer):
        ends.call(Nobody)


SLOW = {
    "silence": lambda connection: connection.hold(),
    "a dripping head": lambda connection: connection.drip(answer(content=TIDE), 0.05),
    "a dripping body": lambda connection: (
        connection.send(answer(content_length="9999")),
        connection.drip(b" " * 999, 0.05),
    ),
    "a head and then silence": lambda connection: (
        connection.send(answer(content=TIDE)[:-5]),
        connection.hold(),
    ),
    "informational answers for ever": lambda connection: connection.drip(
        b"HTTP/1.1 103 Early\r\n\r\n" * 999, 0.001
    ),
    "always 503": sends(answer(503, retry_after="0")),
}


class TestTime:
    """The deadline is held against every way of being slow."""

    @pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
    def test_total(self, ends, slow):
        with FaultyServer(slow) as server:
            with pytest.raises((NoAnswerInTime, UndocumentedStatus)):
                ends.call(server, timeout=0.4, retries=Retries(10_000, base=0.001))
            # No clock here: a client without a deadline would use up its attempts, or wait for ever.
            assert len(server.requests) < 10_000
            assert server.open_connections() == 0

    def test_read(self, ends):
        with FaultyServer(lambda connection: connection.hold()) as server:
            with pytest.raises(NoAnswerInTime) as caught:
                ends.call(server, timeout=Timeout(read=0.1))
            assert server.heard(3) == 3
            assert SECRET not in str(caught.value) + repr(caught.value.request)

    def test_a_slow_server_is_waited_for(self, ends):
        with FaultyServer(
            lambda connection: connection.drip(answer(content=TIDE), 0.002)
        ) as server:
            assert ends.call(server, timeout=20).level == "low"


class TestRetryAfter:
    @pytest.mark.parametrize("status", [429, 503])
    def test_seconds(self, ends, status):
        with FaultyServer(sends(answer(status, retry_after="1")), GOOD) as server:
            started = time.monotonic()
            assert ends.call(server).level == "low"
            assert time.monotonic() - started >= 1

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_date(self, ends, status):
        soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
        with FaultyServer(
            sends(answer(status, retry_after=format_datetime(soon, usegmt=True))), GOOD
        ) as server:
            assert ends.call(server).level == "low"
            assert datetime.now(UTC) >= soon

    def test_not_beyond_the_deadline(self, ends):
        with FaultyServer(sends(answer(503, retry_after="60")), GOOD) as server:
            with pytest.raises(UndocumentedStatus) as caught:
                ends.call(server, timeout=5)
            assert len(server.requests) == 1
            assert caught.value.response.headers["retry-after"] == "60"


class TestSecrets:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_no_redirect_is_followed(self, ends, status):
        with (
            FaultyServer(GOOD) as other,
            FaultyServer(sends(answer(status, location=other.url + "/x"))) as server,
        ):
            with pytest.raises(UndocumentedStatus):
                ends.call(server, "list_tides", "h1")
            assert SECRET.encode() in server.requests[0]
            assert other.requests == []

    def test_a_given_client_that_follows_does_not_either(self):
        import httpx2

        with (
            FaultyServer(GOOD) as other,
            FaultyServer(sends(answer(302, location=other.url))) as server,
            httpx2.Client(follow_redirects=True) as given,
            pytest.raises(UndocumentedStatus),
        ):
            HarbourClient(base_url=server.url, http_client=given, bearer_auth=SECRET).list_tides(
                "h1"
            )

        assert other.requests == []

    def test_an_expired_token_is_renewed_once(self, ends):
        refused = sends(answer(401, b'{"title":"expired"}'))
        page = sends(answer(content=b'{"tides":[]}', x_total="0"))
        tokens = iter(["old", "new", "newer"])

        for steps, sent in (((refused, page), 2), ((refused,), 2)):
            with FaultyServer(*steps) as server:
                try:
                    ends.call(server, "list_tides", "h1", bearer_auth=lambda: next(tokens, "last"))
                except ListTidesClientError as error:
                    assert error.status == 401
                assert len(server.requests) == sent

    def test_logs_show_no_key(self, ends, caplog):
        caplog.set_level(logging.DEBUG)
        page = sends(answer(content=b'{"tides":[]}', x_total="0"))
        with FaultyServer(page) as server:
            ends.call(
                server,
                "list_tides",
                "h1",
                bearer_auth=None,
                basic_auth=("u", "pass-word"),
                token=SECRET,
            )
            assert SECRET.encode() in server.requests[0]

        assert "HTTP Request: GET" in caplog.text
        assert "listTides: GET" in caplog.text
        assert SECRET not in caplog.text
        assert "pass-word" not in caplog.text

    def test_a_default_header_that_is_none_is_not_shown(self):
        with pytest.raises(ValueError, match="X-Key") as caught:
            HarbourClient(headers={"X-Key": SECRET + "\n"})
        assert SECRET not in str(caught.value)


def test_a_connection_serves_many_calls():
    with FaultyServer(GOOD) as server, HarbourClient(base_url=server.url) as client:
        for _ in range(5):
            client.latest_tide()
        assert server.open_connections(within=0) == 1
