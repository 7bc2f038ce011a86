"""Large bodies on real sockets: what breaks off is told, what can be sent again is, and nothing is left open."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packages import Package
from tests.runtime.faulty_server import FaultyServer, answer, sends, sends_and_closes

from bothends.runtime import NoAnswer, NoAnswerInTime, Retries, Timeout, UndocumentedStatus

CHARTS = """
paths:
  /charts:
    put:
      operationId: putChart
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Kept.}}
    get:
      operationId: getChart
      responses: {'200': {description: The chart., content: {application/octet-stream: {}}}}
"""
CONTENT = os.urandom(100_000)
GOOD = sends(answer(204, content_type=None, content_length=None))
BUSY = answer(503)
CHART = answer(content=CONTENT, content_type="application/octet-stream")


@pytest.fixture(scope="module")
def made(made_once: Callable[[str], Package]) -> Package:
    return made_once(CHARTS)


class Ends:
    def __init__(self, package: Package, is_async: bool) -> None:
        self.package, self.is_async = package, is_async

    def put(self, server: FaultyServer, source: Any, **options: Any) -> None:
        options = {"base_url": server.url, "retries": Retries(base=0), **options}
        if not self.is_async:
            with self.package.module.MadeClient(**options) as client:
                client.put_chart(source)
            return

        async def main() -> None:
            async with self.package.module.AsyncMadeClient(**options) as client:
                await client.put_chart(source)

        asyncio.run(main())

    def get(self, server: FaultyServer, target: Path | None = None, **options: Any) -> Any:
        """Save a download; without a target, leave it after its first piece."""
        if not self.is_async:
            with self.package.module.MadeClient(base_url=server.url, **options) as client:
                with client.with_streaming_response.get_chart() as chart:
                    taken = chart.save(target) if target else next(iter(chart))
                assert target or server.open_connections() == 0
                return taken

        async def main() -> Any:
            async with self.package.module.AsyncMadeClient(
                base_url=server.url, **options
            ) as client:
                async with client.with_streaming_response.get_chart() as chart:
                    taken = await chart.save(target) if target else await anext(aiter(chart))
                assert target or server.open_connections() == 0
                return taken

        return asyncio.run(main())


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def ends(request: Any, made: Package) -> Ends:
    return Ends(made, request.param)


def once() -> Iterator[bytes]:
    yield CONTENT


def test_what_can_be_read_again_is_sent_again(ends: Ends, tmp_path: Path) -> None:
    path = tmp_path / "chart.bin"
    path.write_bytes(CONTENT)

    with path.open("rb") as file:
        for source in (CONTENT, path, file):
            with FaultyServer(sends_and_closes(BUSY), GOOD) as server:
                ends.put(server, source)
                assert [request.endswith(b"\r\n\r\n" + CONTENT) for request in server.requests] == [
                    True,
                    True,
                ]
                assert all(
                    b"content-length: 100000" in request.lower() for request in server.requests
                )


def test_what_is_read_once_is_sent_once(ends: Ends) -> None:
    with FaultyServer(sends_and_closes(BUSY), GOOD) as server:
        with pytest.raises((UndocumentedStatus, NoAnswer)):
            ends.put(server, once())
        assert len(server.requests) == 1
        assert b"transfer-encoding: chunked" in server.requests[0].lower()


def test_an_upload_that_nobody_takes_is_given_up_in_time(ends: Ends) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield CONTENT

    with (
        FaultyServer(lambda connection: connection.wait(30)) as server,
        pytest.raises(NoAnswerInTime),
    ):
        ends.put(server, endless(), timeout=0.5)


def test_an_iterator_that_never_gives_is_given_up_in_time(made: Package) -> None:
    """In an async client. In a sync one it runs in the caller's own thread, which nobody can take back."""
    over = threading.Event()

    def silent() -> Iterator[bytes]:
        yield CONTENT
        over.wait(30)
        ended.append("the iterator came to its end")

    ended: list[str] = []
    with FaultyServer(GOOD) as server, pytest.raises(NoAnswerInTime):
        Ends(made, is_async=True).put(server, silent(), timeout=0.5)

    assert ended == []
    over.set()


def test_a_download_is_saved(ends: Ends, tmp_path: Path) -> None:
    with FaultyServer(sends(CHART)) as server:
        assert ends.get(server, tmp_path / "chart") == len(CONTENT)
    assert (tmp_path / "chart").read_bytes() == CONTENT


def test_a_download_that_breaks_off_is_no_answer(ends: Ends, tmp_path: Path) -> None:
    with FaultyServer(sends_and_closes(CHART[:-1000])) as server:
        with pytest.raises(NoAnswer) as caught:
            ends.get(server, tmp_path / "chart")
        assert caught.value.request is not None
        assert caught.value.request.url.endswith("/charts")
        assert server.open_connections() == 0

    assert list(tmp_path.iterdir()) == []


def test_a_download_that_drips_ends_with_its_time(ends: Ends, tmp_path: Path) -> None:
    def drip(connection: Any) -> None:
        connection.send(CHART[:-5000])
        connection.drip(CHART[-5000:], 0.05)

    with FaultyServer(drip) as server:
        with pytest.raises(NoAnswerInTime):
            ends.get(server, tmp_path / "chart", timeout=Timeout(total=0.5))
        assert server.open_connections() == 0

    assert list(tmp_path.iterdir()) == []


def test_a_download_may_be_left(ends: Ends) -> None:
    with FaultyServer(
        lambda connection: (connection.send(CHART[:-1000]), connection.hold())
    ) as server:
        assert CONTENT.startswith(ends.get(server))


class Pieces:
    """Bytes without end, that see how they are left."""

    def __init__(self) -> None:
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return b"piece"

    def close(self) -> None:
        self.closed += 1


async def refuses(_scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 409})
    await send({"type": "http.response.body"})


async def hangs(_scope: Any, receive: Any, _send: Any) -> None:
    await receive()
    await asyncio.sleep(60)


@pytest.mark.parametrize(("app", "error"), [(refuses, UndocumentedStatus), (hangs, NoAnswerInTime)])
def test_an_upload_in_process_is_closed_when_the_call_ends(
    made: Package, app: Any, error: type[Exception]
) -> None:
    given = Pieces()
    gc.disable()

    try:
        with (
            made.module.MadeClient(app=app, timeout=Timeout(read=0.1)) as client,
            pytest.raises(error) as caught,
        ):
            client.put_chart(given)
        assert given.closed == 1, caught.value  # which holds the frames of the call
    finally:
        gc.enable()
