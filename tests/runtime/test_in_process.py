"""An app in process is called as a server calls it: piece by piece, both ways, and told when its caller leaves."""

import asyncio
import gc
import threading
import time

import httpx2
import pytest

from bothends.runtime.client.transport import in_process
from bothends.runtime.client.transport.in_process import AppTransport, async_transport

URL = "http://localhost/tides"


def start(status=200):
    return {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"text/plain")],
    }


def piece(data, *, more=True):
    return {"type": "http.response.body", "body": data, "more_body": more}


class Turns:
    """An app that says each piece when it is asked for, and notes how it ended."""

    def __init__(self):
        self.asked = threading.Semaphore(0)
        self.ending = None

    async def __call__(self, scope, receive, send):
        await send(start())
        try:
            for number in range(1000):
                while not self.asked.acquire(blocking=False):  # noqa: ASYNC110  it is released in another thread
                    await asyncio.sleep(0.001)
                await send(piece(b"%d" % number))
        finally:
            self.ending = "cancelled"


class Listener:
    """An app that says one piece, and waits until it is told that nobody listens."""

    told = None

    async def __call__(self, scope, receive, send):
        await send(start())
        await send(piece(b"one"))
        while self.told in (None, "http.request"):
            self.told = (await receive())["type"]


class Sync:
    def first(self, app, count, ask=lambda: None):
        with (
            httpx2.Client(transport=AppTransport(app)) as client,
            client.stream("GET", URL) as response,
        ):
            pieces = response.iter_raw()
            return [(ask(), next(pieces))[1] for _ in range(count)]

    def read(self, app, **request):
        with httpx2.Client(transport=AppTransport(app)) as client:
            return client.request("POST", URL, **request)


class Async:
    def first(self, app, count, ask=lambda: None):
        async def main():
            async with (
                asyncio.timeout(20),
                httpx2.AsyncClient(transport=async_transport(app)) as client,
            ):
                async with client.stream("GET", URL) as response:
                    pieces = response.aiter_raw()
                    taken = [(ask(), await anext(pieces))[1] for _ in range(count)]
                assert asyncio.all_tasks() == {asyncio.current_task()}
                return taken

        return asyncio.run(main())

    def read(self, app, **request):
        async def main():
            async with (
                asyncio.timeout(20),
                httpx2.AsyncClient(transport=async_transport(app)) as client,
            ):
                return await client.request("POST", URL, **request)

        return asyncio.run(main())


@pytest.fixture(params=[Sync(), Async()], ids=["sync", "async"])
def ends(request):
    return request.param


def test_pieces_arrive_as_they_are_said(ends):
    app = Turns()
    assert ends.first(app, 3, app.asked.release) == [b"0", b"1", b"2"]


def test_an_app_is_told_that_its_caller_left(ends):
    app = Listener()
    assert ends.first(app, 1) == [b"one"]
    assert app.told == "http.disconnect"


def test_an_app_that_does_not_listen_is_ended(ends):
    app = Turns()
    assert ends.first(app, 1, app.asked.release) == [b"0"]
    assert app.ending == "cancelled"


def test_an_app_that_talks_on_to_nobody_is_ended(ends):
    async def app(scope, receive, send):
        await send(start())
        while True:
            await send(piece(b"again"))

    assert ends.first(app, 1) == [b"again"]


def test_an_answer_that_breaks_off(ends):
    async def app(scope, receive, send):
        await send(start())
        await send(piece(b"half"))
        raise ValueError

    with pytest.raises(httpx2.RemoteProtocolError):
        ends.read(app)


@pytest.mark.parametrize("fault", [ValueError, None])
def test_an_app_without_an_answer_answers_500(ends, fault):
    async def app(scope, receive, send):
        if fault:
            raise fault

    assert ends.read(app).status_code == 500


def test_the_request_is_read_as_the_app_asks(ends):
    asked = []

    def pieces():
        for number in range(3):
            asked.append(number)
            yield b"%d" % number

    async def some():
        for one in pieces():
            yield one

    async def app(scope, receive, send):
        assert asked == []
        body = b""
        while (message := await receive())["more_body"]:
            body += message["body"]
        await send(start())
        await send(piece(body, more=False))

    assert ends.read(app, content=pieces() if isinstance(ends, Sync) else some()).content == b"012"


def test_a_request_that_breaks_off_is_the_callers_fault(ends):
    seen = []

    def pieces():
        yield b"one"
        raise ZeroDivisionError

    async def some():
        for one in pieces():
            yield one

    async def app(scope, receive, send):
        while (message := await receive())["type"] == "http.request":
            seen.append(message["body"])
        seen.append(message["type"])

    with pytest.raises(ZeroDivisionError):
        ends.read(app, content=pieces() if isinstance(ends, Sync) else some())

    assert seen[0] == b"one"


def test_no_answer_in_time(ends):
    async def app(scope, receive, send):
        await send(start())
        await send(piece(b"one"))
        await asyncio.sleep(60)

    if isinstance(ends, Sync):
        with pytest.raises(httpx2.ReadTimeout):
            ends.read(app, timeout=0.1)


def test_closing_the_client_ends_what_is_open():
    app = Turns()
    client = httpx2.Client(transport=AppTransport(app))
    threads = threading.active_count()
    response = client.send(client.build_request("GET", URL), stream=True)
    client.close()

    for _ in range(500):
        if app.ending and threading.active_count() <= threads:
            break
        time.sleep(0.01)

    assert app.ending == "cancelled"
    response.close()


def test_many_clients_need_no_more_threads():
    async def app(scope, receive, send):
        await send(start())
        await send(piece(b"", more=False))

    def once():
        with httpx2.Client(transport=AppTransport(app)) as client:
            client.get(URL)

    once()
    time.sleep(0.1)
    before = threading.active_count()
    for _ in range(10):
        once()

    for _ in range(500):
        if threading.active_count() <= before:
            break
        time.sleep(0.01)

    assert threading.active_count() <= before
    gc.collect()


def test_a_client_that_is_closed_leaves_nothing_behind():
    async def app(scope, receive, send):
        await send(start())
        await send(piece(b"", more=False))

    before = len(in_process._RUNNING)
    with httpx2.Client(transport=AppTransport(app)) as client:
        client.get(URL)
        assert len(in_process._RUNNING) == before + 1

    assert len(in_process._RUNNING) == before


def test_unfinished_upload_is_closed():
    ended = []

    async def pieces():
        try:
            yield b"one"
            yield b"two"
        finally:
            await asyncio.sleep(0.05)  # longer than a garbage collector's task has had
            ended.append(asyncio.get_running_loop())

    async def app(scope, receive, send):
        await receive()
        await send(start())
        await send(piece(b"", more=False))

    async def main():
        async with httpx2.AsyncClient(transport=async_transport(app)) as client:
            await client.put(URL, content=pieces())
            assert ended == [asyncio.get_running_loop()]

    asyncio.run(main())
