"""The idempotency store does what it says in memory, in SQLite and in Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bothends.runtime import Response
from bothends.runtime.database import Database, StateError
from bothends.runtime.idempotency import (
    Entry,
    Idempotency,
    IdempotencyStore,
    KeyOfAnotherRequest,
    KeyStillRunning,
    MemoryIdempotencyStore,
    RedisIdempotencyStore,
    RenewableStore,
    SqliteIdempotencyStore,
    StoredAnswer,
)
from tests.growth import growth

from .redis_server import redis_server

Make = Callable[[], IdempotencyStore]
Work = Callable[[], Awaitable[Response[Any]]]
REQUEST = ("tenant", "POST", "/resend")


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(params=["memory", "sqlite", "redis"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes a store; where there is more than one process to speak of, all of them share what they keep."""
    if request.param == "sqlite":
        return lambda: SqliteIdempotencyStore(Database(tmp_path / "keys.db", "test"))

    if request.param == "redis":
        url: str = request.getfixturevalue("redis_url")
        return lambda: RedisIdempotencyStore(url, prefix=f"{tmp_path.name}:")

    only = MemoryIdempotencyStore()
    return lambda: only


async def close(store: IdempotencyStore) -> None:
    if isinstance(store, RedisIdempotencyStore):
        await store.aclose()


def counting(status: int = 201) -> tuple[list[int], Work]:
    done: list[int] = []

    async def work() -> Response[Any]:
        done.append(1)
        return Response(
            {"times": len(done), "name": "\u00e9"}, status, {"X-Id": len(done), "X-None": None}
        )

    return done, work


@pytest.mark.parametrize("status", [201, 400])
def test_the_answer_is_given_again_failures_included(make: Make, status: int):
    async def scenario() -> None:
        done, work = counting(status)
        for _ in range(3):
            store = make()
            answer = await Idempotency(store).once("k", REQUEST, work)
            assert (answer.status, answer.body) == (status, {"times": 1, "name": "\u00e9"})
            assert str(answer.headers["X-Id"]) == "1"
            await close(store)

        assert done == [1]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "other", [("other", "POST", "/resend"), ("tenant", "PATCH", "/resend"), ("tenant", "POST", "/")]
)
def test_key_belongs_to_tenant_method_address(make: Make, other: tuple[str, ...]):
    async def scenario() -> None:
        _, work = counting()
        store = make()
        await Idempotency(store).once("k", REQUEST, work)
        with pytest.raises(KeyOfAnotherRequest):
            await Idempotency(store).once("k", other, work)

        assert (await Idempotency(store).once("k2", other, work)).body["times"] == 2
        await close(store)

    asyncio.run(scenario())


def test_concurrent_requests_do_the_work_once(make: Make):
    async def scenario() -> None:
        done, quick = counting()
        stores = [make() for _ in range(5)]

        async def work() -> Response[Any]:
            await asyncio.sleep(0.2)
            return await quick()

        calls = [Idempotency(store).once("k", REQUEST, work) for store in stores]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(answer) for answer in answers].count(KeyStillRunning) == 4
        assert done == [1]
        for store in stores:
            await close(store)

    asyncio.run(scenario())


def test_work_that_breaks_off_frees_the_key(make: Make):
    async def scenario() -> None:
        async def broken() -> Response[Any]:
            raise OSError

        store = make()
        with pytest.raises(OSError):  # noqa: PT011 (the very one)
            await Idempotency(store).once("k", REQUEST, broken)

        _, work = counting()
        assert (await Idempotency(store).once("k", REQUEST, work)).status == 201
        await close(store)

    asyncio.run(scenario())


def test_key_is_free_after_its_lifetime(make: Make):
    async def scenario() -> None:
        done, work = counting()
        store = make()
        once = Idempotency(store, lifetime=0.3)
        await once.once("k", REQUEST, work)
        await once.once("k", REQUEST, work)
        await asyncio.sleep(0.4)
        await once.once("k", REQUEST, work)
        assert len(done) == 2
        await close(store)

    asyncio.run(scenario())


def test_who_lost_the_key_changes_nothing(make: Make):
    async def scenario() -> None:
        store, now = make(), time.time()
        mine = Entry("r", "mine", now + 60)
        assert await store.begin("k", mine, now) is None
        await store.release("k", "another's")
        await store.finish("k", Entry("r", "another's", now + 60, StoredAnswer(200)))
        assert await store.begin("k", Entry("r", "third", now + 60), now) == mine
        await store.finish(
            "k", Entry("r", "mine", now + 60, StoredAnswer(200, {"A": "b"}, b"\x00\xff"))
        )
        held = await store.begin("k", Entry("r", "third", now + 60), now)
        assert held is not None
        assert held.answer == StoredAnswer(200, {"A": "b"}, b"\x00\xff")
        await close(store)

    asyncio.run(scenario())


def test_lease_frees_key_of_dead_process(make: Make):
    async def scenario() -> None:
        store, now = make(), time.time()
        await store.begin("k", Entry("\n".join(REQUEST), "dead", now + 0.2), now)
        _, work = counting()
        with pytest.raises(KeyStillRunning):
            await Idempotency(store).once("k", REQUEST, work)

        await asyncio.sleep(0.3)
        assert (await Idempotency(store).once("k", REQUEST, work)).status == 201
        await close(store)

    asyncio.run(scenario())


def test_redis_store_works_across_event_loops(redis_url: str, tmp_path: Path):
    store = RedisIdempotencyStore(redis_url, prefix=f"{tmp_path.name}:")
    done, work = counting()

    async def scenario() -> None:
        assert (await Idempotency(store).once("k", REQUEST, work)).status == 201
        await store.aclose()

    for _ in range(2):
        asyncio.run(scenario())

    assert done == [1]


def test_memory_does_not_grow_for_ever():
    async def scenario() -> None:
        store = MemoryIdempotencyStore()
        for number in range(5000):
            await store.begin(str(number), Entry("r", "c", number + 1.0), float(number))
        assert len(store._entries) < 2000

    asyncio.run(scenario())


def test_cost_of_a_key_is_that_of_few(tmp_path: Path) -> None:
    async def scenario(path: Path, keys: int) -> None:
        store = SqliteIdempotencyStore(Database(path, "test"))
        done = Entry("r", "c", 1e9, StoredAnswer(201, {}, b"a" * 500))
        for number in range(keys):
            await store.begin(str(number), Entry("r", "c", 5.0), 0.0)
            await store.finish(str(number), done)

    names = iter(range(100))

    def run(keys: int) -> None:
        asyncio.run(scenario(tmp_path / f"{next(names)}.db", keys))

    assert growth(run, 500, 4_000) < 16


def test_state_file_must_be_a_database(tmp_path: Path):
    file = tmp_path / "notes.txt"
    file.write_text("x" * 2000, encoding="utf-8")
    with pytest.raises(StateError, match=r"notes\.txt"):
        Database(file, "test")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:hunter/2@127.0.0.1:1/0", ""),
        ("redis://user:hunter?2@127.0.0.1:1/0", ""),
        ("redis://user:12?hunter@127.0.0.1:1/0", ""),
        ("redis://user:hunter#2@127.0.0.1:1/0", ""),
        ("redis://user:hunter2@127.0.0.1:1/0", " at 127.0.0.1:1/0"),
        ("redis://user:hunter2@127.0.0.1:1/0?db=hunter", " at 127.0.0.1:1/0"),
    ],
)
def test_no_part_of_a_password_shows(url: str, place: str):
    with pytest.raises(StateError, match=f"^Redis{place} cannot be used: ") as caught:
        asyncio.run(RedisIdempotencyStore(url).check())
    assert not any(part in str(caught.value) for part in ("hunter", "user:", "12?", "2@"))


def test_late_renewal_leaves_a_finished_answer(make: Make) -> None:
    async def scenario() -> None:
        store = make()
        now = time.time()
        running = Entry("request", "owner", now + 5)
        assert await store.begin("late", running, now) is None
        answer = StoredAnswer(201)
        await store.finish("late", replace(running, until=now + 86_400, answer=answer))

        assert isinstance(store, RenewableStore)
        await store.renew("late", "owner", 0.05, now)
        await asyncio.sleep(0.2)  # longer than the renewal would let it live
        kept = await store.begin("late", Entry("request", "another", now + 5), time.time())
        assert kept is not None
        assert kept.answer is not None
        await close(store)

    asyncio.run(scenario())
