"""A declared idempotency key is filled in once per call."""

from uuid import UUID

import anyio
import httpx2
import pytest

from .harbour.client import AsyncHarbourClient, HarbourClient

BOOKED = {"content-type": "application/json"}


@pytest.fixture
def heard():
    return []


@pytest.fixture
def transport(heard):
    def answer(request):
        heard.append(request.headers.get("berth-key"))
        return httpx2.Response(201, content=b'"A1"', headers=BOOKED)

    return httpx2.MockTransport(answer)


def test_each_call_has_a_key_of_its_own(transport, heard):
    with HarbourClient(transport=transport) as client:
        client.book_berth("Ida")
        client.book_berth("Ida")
    first, second = map(UUID, heard)
    assert first.version == second.version == 4
    assert first != second


def test_the_callers_key_stays(transport, heard):
    with HarbourClient(transport=transport) as client:
        client.book_berth("Ida", key="mine")
    assert heard == ["mine"]


def test_no_key_where_the_contract_takes_no_uuid(transport, heard):
    with HarbourClient(transport=transport) as client:
        client.book_buoy("Ida")
    assert heard == [None]


def test_async(transport, heard):
    async def main():
        async with AsyncHarbourClient(transport=transport) as client:
            await client.book_berth("Ida")

    anyio.run(main)
    assert UUID(heard[0]).version == 4
