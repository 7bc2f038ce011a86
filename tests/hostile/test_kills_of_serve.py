"""`serve --state` loses nothing that was acknowledged and does nothing twice, wherever it is killed."""

from __future__ import annotations

import asyncio
import contextvars
import json
import os
import random
import re
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bothends.cli import main
from bothends.runtime import Response
from bothends.runtime.database import Database, StateError
from bothends.runtime.idempotency import (
    Idempotency,
    KeyStillRunning,
    MemoryIdempotencyStore,
    SqliteIdempotencyStore,
)
from bothends.runtime.stand_in import State
from bothends.runtime.stand_in.state import BySecret

CONTRACT = """\
openapi: 3.1.0
info: {title: Tills, version: '1'}
paths:
  /payments:
    post:
      operationId: pay
      parameters:
        - {name: Idempotency-Key, in: header, required: true, x-idempotency-key: true, schema: {type: string}}
      responses:
        '201': {description: Paid., content: {application/json: {schema: {type: object, properties: {number: {type: integer}}}}}}
        '409': {description: Still running., content: {text/plain: {schema: {type: string}}}}
"""
STAND_IN = """\
import asyncio
from dataclasses import dataclass, field
from bothends.runtime import Response
from bothends.runtime.idempotency import Idempotency, KeyStillRunning
from bothends.runtime.stand_in import State

@dataclass
class StandIn:
    state: State = field(default_factory=State)

    def __post_init__(self):
        self.payments = self.state.records("payments", int, {})
        self.keys = Idempotency(self.state.idempotency_store())

    async def pay(self, *, idempotency_key, **_):
        async def work():
            number = self.state.value("paid", int, 0) + 1
            self.state.put("paid", int, number)
            self.payments[idempotency_key] = self.payments.get(idempotency_key, 0) + 1
            return Response({"number": number})
        try:
            return await self.keys.once(idempotency_key, ("pay",), work)
        except KeyStillRunning:
            return Response("still running", 409)
"""


@contextmanager
def served(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bothends", "serve", "tills", "--port", "0", "--state", "tills.db"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://[^\s,]+", process.stdout.readline())
        assert found is not None
        yield process, found[0]
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def pay(url: str, key: str) -> httpx2.Response:
    return httpx2.post(f"{url}/payments", headers={"Idempotency-Key": key}, timeout=20)


def pay_until_killed(
    process: subprocess.Popen[str], url: str, keys: Iterator[str], seconds: float
) -> tuple[dict[str, Any], set[str]]:
    """The answers by key, and the keys without an answer. A thread kills the server meanwhile."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    answers: dict[str, Any] = {}
    unanswered: set[str] = set()
    try:
        for key in keys:
            unanswered.add(key)
            answer = pay(url, key)
            if answer.status_code == 201:
                answers[key] = answer.json()
                unanswered.remove(key)
    except httpx2.HTTPError:
        pass
    finally:
        timer.join()
    return answers, unanswered


def make_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = root / "specs/tills"
    folder.mkdir(parents=True)
    (folder / "openapi.yaml").write_text(CONTRACT)
    (folder / "stand_in.py").write_text(STAND_IN)
    monkeypatch.chdir(root)
    assert main(["generate"]) == 0


def killed(root: Path, rounds: int) -> int:
    """How many payments were made in rounds that each end with a kill; each was made exactly once."""
    answers: dict[str, Any] = {}
    unanswered: set[str] = set()
    for number in range(rounds):
        with served(root) as (process, url):
            # One that is acknowledged before the kill, however busy the machine is.
            answers[str(number)] = pay(url, str(number)).json()
            keys = iter([*unanswered, *(f"{number}-{index}" for index in range(100_000))])
            new, left = pay_until_killed(process, url, keys, random.uniform(0.001, 0.5))
            assert all(answers.setdefault(key, answer) == answer for key, answer in new.items())
            unanswered = (unanswered - set(new)) | left

    with served(root) as (_, url):
        for key in unanswered:
            # The lease of a killed request is over in seconds; the client waits for twice as many.
            answer = pay(url, key)
            for _ in range(50):
                if answer.status_code != 409:
                    break
                time.sleep(0.2)
                answer = pay(url, key)
            answers[key] = answer.json()
        assert all(pay(url, key).json() == answer for key, answer in list(answers.items())[-200:])

    with closing(sqlite3.connect(root / "tills.db")) as connection:
        rows = connection.execute("SELECT key, value FROM records").fetchall()
        paid = connection.execute("SELECT value FROM stated WHERE name = 'paid'").fetchall()
    assert dict(rows) == dict.fromkeys(answers, "1")
    assert sorted(answer["number"] for answer in answers.values()) == list(
        range(1, len(answers) + 1)
    )
    assert paid == [(str(len(answers)),)]
    return len(answers)


def test_a_killed_server_loses_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path, monkeypatch)
    assert killed(tmp_path, 2) >= 2
    assert stat.S_IMODE((tmp_path / "tills.db").stat().st_mode) == 0o600


@pytest.mark.slow
def test_two_hundred_killed_servers_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path, monkeypatch)
    assert killed(tmp_path, 200) >= 200


Work = Callable[[], Awaitable[Response[Any]]]


def answered(number: int) -> Work:
    async def work() -> Response[Any]:
        return Response({"number": number})

    return work


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_the_lease_is_renewed_while_work_runs(tmp_path: Path, kind: str) -> None:
    store = (
        MemoryIdempotencyStore()
        if kind == "memory"
        else SqliteIdempotencyStore(Database(tmp_path / "keys.db", "test"))
    )
    keys = Idempotency(store, lease=0.2)

    async def scenario() -> None:
        release = asyncio.Event()

        async def long() -> Response[Any]:
            await release.wait()
            return Response("done")

        running = asyncio.create_task(keys.once("k", ("r",), long))
        await asyncio.sleep(0.7)
        with pytest.raises(KeyStillRunning):
            await keys.once("k", ("r",), answered(2))
        release.set()
        assert (await running).body == "done"
        assert (await keys.once("k", ("r",), answered(3))).body == "done"

    asyncio.run(scenario())


def test_work_that_lost_its_key_is_dropped(tmp_path: Path) -> None:
    clock = [100.0]
    state = State(tmp_path / "state.db", "test")
    database = state._database
    assert database is not None
    paid = state.records("paid", int, {})
    keys = Idempotency(SqliteIdempotencyStore(database, clock=lambda: clock[0]))

    async def second() -> Response[Any]:
        paid["by"] = 2
        return Response("second")

    async def first() -> Response[Any]:
        paid["by"] = 1
        assert dict(paid) == {"by": 1}
        clock[0] += 60  # this process was stopped, another one took the key
        await asyncio.create_task(keys.once("k", ("r",), second), context=fresh)
        assert paid["by"] == 1
        return Response("first")

    fresh = contextvars.copy_context()
    with pytest.raises(KeyStillRunning):
        asyncio.run(keys.once("k", ("r",), first))
    assert dict(paid) == {"by": 2}
    state.close()


def test_work_that_fails_has_written_nothing(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db", "test")
    paid = state.records("paid", int, {"a": 1, "b": 2})
    keys = Idempotency(state.idempotency_store())

    async def broken() -> Response[Any]:
        del paid["a"]
        paid["c"] = 3
        paid["a"] = 4
        assert (list(paid.items()), len(paid)) == ([("b", 2), ("c", 3), ("a", 4)], 3)
        state.put("name", str, "new")
        assert state.value("name", str, "") == "new"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        asyncio.run(keys.once("k", ("r",), broken))
    assert list(paid.items()) == [("a", 1), ("b", 2)]
    assert asyncio.run(keys.once("k", ("r",), answered(1))).body == {"number": 1}
    state.close()


def test_a_clock_that_begins_anew_frees_keys(tmp_path: Path) -> None:
    clock = [1_000_000.0]
    store = SqliteIdempotencyStore(Database(tmp_path / "keys.db", "test"), clock=lambda: clock[0])
    keys = Idempotency(store)

    async def scenario() -> None:
        async def rebooted() -> Response[Any]:
            clock[0] = 3.0
            return await keys.once("k", ("r",), answered(2))

        assert (await keys.once("k", ("r",), rebooted)).body == {"number": 2}

    asyncio.run(scenario())


def test_state_files_hold_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    state = State(file, "test")
    tenants = state.by_secret("tenants", str, {"s3cr3t-token": "acme"})
    assert tenants is not None
    assert (tenants.get("s3cr3t-token"), tenants.get("other")) == ("acme", None)
    keys = Idempotency(state.idempotency_store())
    asyncio.run(keys.once("k", ("s3cr3t-token", "POST", "/"), answered(1)))
    state.close()

    assert b"s3cr3t" not in file.read_bytes()
    again: BySecret[str] | None = State(file, "test").by_secret("tenants", str, None)
    assert again is not None
    assert again.get("s3cr3t-token") == "acme"


@pytest.mark.parametrize("kind", ["fifo", "device", "folder"])
def test_a_state_file_is_a_regular_file(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "state.db"
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "device":
        file.symlink_to("/dev/zero")
    else:
        file.mkdir()
    with pytest.raises(StateError, match="it is"):
        State(file, "test")


def test_entries_of_earlier_versions_are_read(tmp_path: Path) -> None:
    file = tmp_path / "keys.db"
    database = Database(file, "test")
    database.run(
        "CREATE TABLE idempotency (key TEXT PRIMARY KEY, claim TEXT, until REAL, entry TEXT)"
        " WITHOUT ROWID"
    )
    entry = {"request": "r", "claim": "c", "until": time.time() + 100}
    stored: dict[str, Any] = {"status": None, "headers": {}, "body": "MQ=="}
    text = json.dumps({**entry, "answer": stored})
    database.run("INSERT INTO idempotency VALUES ('k', 'c', ?, ?)", (entry["until"], text))
    keys = Idempotency(SqliteIdempotencyStore(database))
    assert asyncio.run(keys.once("k", ("r",), answered(2))).body == 1
