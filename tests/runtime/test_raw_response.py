"""The raw response of a call, by the method of the same name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import anyio
import httpx2
import pytest

from bothends.runtime import Hooks, RawResponse

from .harbour.client import AsyncHarbourClient, HarbourClient
from .harbour.errors import BookBerthTooManyRequests

JSON = {"content-type": "application/json"}


def transport(**headers):
    """Books the berth that is called as the ship."""

    def answer(request):
        lines = JSON | {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx2.Response(
            201, content=request.content, headers=lines | {"x-ship": request.content.decode()}
        )

    return httpx2.MockTransport(answer)


def test_all_of_it():
    with HarbourClient(transport=transport(x_left="3", x_until="2026-11-22", x_more="m")) as client:
        whole = client.with_raw_response.book_berth("Ida", key="k")
        assert (whole.status, whole.body) == (201, "Ida")
        assert whole.header_values == {"left": 3, "until": date(2026, 11, 22)}
        assert (whole.headers["X-More"], whole.headers["x-left"]) == ("m", "3")
        assert whole.response.content == b'"Ida"'
        assert client.book_berth("Ida") == "Ida"


def test_headers_that_are_not_there_or_break_the_contract():
    with HarbourClient(transport=transport(x_left="many"), responses="off") as client:
        whole = client.with_raw_response.book_berth("Ida")
    assert whole.header_values == {}
    assert whole.headers["x-left"] == "many"


def test_nothing_of_it_in_its_repr():
    with HarbourClient(transport=transport(set_cookie="secret")) as client:
        assert (
            repr(client.with_raw_response.book_berth("Ida"))
            == "RawResponse(status=201, body='Ida')"
        )


def test_errors_are_raised_as_ever():
    def answer(_):
        return httpx2.Response(429, content=b'{"title":"slower"}', headers=JSON)

    client = HarbourClient(transport=httpx2.MockTransport(answer), retries=0)
    with client, pytest.raises(BookBerthTooManyRequests):
        client.with_raw_response.book_berth("Ida")


def test_the_view_has_the_operations_only():
    with HarbourClient(transport=transport()) as client:
        assert not hasattr(client.with_raw_response, "with_options")


def test_calls_within_a_call_are_not_meant():
    with HarbourClient(transport=transport()) as inner:
        hooks = Hooks(request=lambda _: inner.book_berth("Eva") and None)
        with HarbourClient(transport=transport(), hooks=hooks) as outer:
            assert outer.with_raw_response.book_berth("Ida").headers["x-ship"] == '"Ida"'


def test_a_method_around_the_method():
    class Mine(HarbourClient):
        def book_berth(self, ship, *, key=None):
            return super().book_berth(ship.upper(), key=key).lower()

    with Mine(transport=transport()) as client:
        whole = client.with_raw_response.book_berth("Ida")

    assert (whole.body, whole.response.content) == ("ida", b'"IDA"')


def test_threads_do_not_mix():
    ships = [f"S{number}" for number in range(200)]
    with HarbourClient(transport=transport()) as client, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(client.with_raw_response.book_berth, ships))
    assert [(whole.body, whole.response.content) for whole in answers] == [
        (ship, f'"{ship}"'.encode()) for ship in ships
    ]


def test_tasks_do_not_mix():
    found: dict[str, RawResponse[str]] = {}

    async def main():
        async with (
            AsyncHarbourClient(transport=transport()) as client,
            anyio.create_task_group() as tasks,
        ):

            async def book(ship):
                found[ship] = await client.with_raw_response.book_berth(ship)

            for number in range(100):
                tasks.start_soon(book, f"S{number}")

    anyio.run(main)
    assert len(found) == 100
    assert all(whole.response.content == f'"{ship}"'.encode() for ship, whole in found.items())
