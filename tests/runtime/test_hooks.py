"""Hooks see each attempt, may add headers, and never see a secret."""

import anyio
import anyio.lowlevel
import httpx2
import pytest

from bothends.runtime import Hooks, NoAnswer, UndocumentedStatus, UnexpectedAnswer

from .harbour.client import AsyncHarbourClient, HarbourClient
from .waiting import FakeClock

TIDE = b'{"id":"12345678-1234-5678-1234-567812345678","level":"low"}'


def answers(*steps):
    left = list(steps)

    def answer(request):
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        content = TIDE if step == 200 else b""
        return httpx2.Response(step, content=content, headers={"content-type": "application/json"})

    return httpx2.MockTransport(answer)


def test_each_attempt_is_seen():
    seen = []
    hooks = Hooks(request=seen.append, response=seen.append)
    with HarbourClient(
        transport=answers(httpx2.ReadError("x"), 503, 200), hooks=hooks, clock=FakeClock()
    ) as client:
        client.latest_tide()

    assert [one.number for one in seen[::2]] == [1, 2, 3]
    assert all(
        outcome.attempt is attempt for attempt, outcome in zip(seen[::2], seen[1::2], strict=True)
    )
    assert seen[0].request.url == "https://tides.example/v1/harbours/latest/tides"
    assert seen[0].operation.id == "latestTide"
    assert isinstance(seen[1].error, NoAnswer) and seen[1].response is None
    assert [outcome.response.status for outcome in seen[3::2]] == [503, 200]
    assert seen[1].seconds == 0


def test_headers_are_added_but_take_the_place_of_none():
    heard = []

    def answer(request):
        heard.append(request.headers)
        return httpx2.Response(
            200,
            content=b'{"tides":[]}',
            headers={"content-type": "application/json", "x-total": "0"},
        )

    def trace(attempt):
        attempt.headers.update({"traceparent": "00-1", "X-Trace": "no", "Authorization": "no"})

    transport = httpx2.MockTransport(answer)
    with HarbourClient(
        transport=transport, hooks=Hooks(request=trace), bearer_auth="t0ken"
    ) as client:
        client.list_tides("h1", x_trace="mine")

    assert heard[0]["traceparent"] == "00-1"
    assert heard[0]["x-trace"] == "mine"
    assert heard[0]["authorization"] == "Bearer t0ken"


def test_no_secret_is_shown():
    seen = []
    hooks = Hooks(request=seen.append, response=seen.append)
    client = HarbourClient(
        transport=answers(404), hooks=hooks, basic_auth=("u", "pass"), token="k3y"
    )
    with client, pytest.raises(UnexpectedAnswer):
        client.list_tides("h1")

    assert len(seen) == 2
    assert "k3y" not in repr(seen) and "pass" not in repr(seen) and "***" not in repr(seen)


def test_async_hooks():
    seen = []

    async def before(attempt):
        await anyio.lowlevel.checkpoint()
        seen.append(attempt.number)

    async def main():
        hooks = Hooks(request=before, response=lambda outcome: seen.append(outcome.response.status))
        async with AsyncHarbourClient(
            transport=answers(503, 500), hooks=hooks, clock=FakeClock()
        ) as client:
            with pytest.raises(UndocumentedStatus):
                await client.latest_tide()

    anyio.run(main)
    assert seen == [1, 503, 2, 500]
