"""Idempotency keys in a SQLite file.

They survive a restart, and several processes of one machine may share them.
What the work writes into the state of the same file is committed together with its answer:

    begin     the key is taken, for seconds, and again for seconds while the work runs
    work      its writes wait in a unit; killed here: nothing was done, the key is free in seconds
    finish    writes and answer in one transaction; killed here: both are there, or neither
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from bothends.runtime.database import Database, Unit

from .entry import Entry, KeyLost

# The column of the owner is `claim`: files of earlier versions have it. A running entry has no
# `until` but a lease, in the clock of the machine that nobody can set.
_TABLE = (
    "CREATE TABLE IF NOT EXISTS idempotency "
    "(key TEXT PRIMARY KEY, claim TEXT, until REAL, entry TEXT, lease REAL, length REAL) "
    "WITHOUT ROWID"
)
_COLUMNS = ("lease", "length")
# Each request looks for what is over: without these, it would read all keys of a day.
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS idempotency_until ON idempotency (until)",
    "CREATE INDEX IF NOT EXISTS idempotency_lease ON idempotency (lease) WHERE lease IS NOT NULL",
)
# The clock of leases begins anew with the machine: one that has more than its length left is of
# before. Two statements, because SQLite uses an index for each.
_SWEEP_ANSWERS = "DELETE FROM idempotency WHERE until <= ?"
_SWEEP_LEASES = (
    "DELETE FROM idempotency "
    "WHERE lease IS NOT NULL AND (lease <= :clock OR lease > :clock + length)"
)


class SqliteIdempotencyStore:
    """Keeps the entries in a table of a database."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._database.run(_TABLE)
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT name FROM pragma_table_info('idempotency')")
            present = {name for (name,) in rows.fetchall()}
            for column in (name for name in _COLUMNS if name not in present):
                connection.execute(f"ALTER TABLE idempotency ADD COLUMN {column} REAL")
            for index in _INDEXES:
                connection.execute(index)

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Take the key, or return the entry that has it."""
        clock, length = self._clock(), entry.until - now
        with self._database.transaction() as connection:
            connection.execute(_SWEEP_ANSWERS, (now,))
            connection.execute(_SWEEP_LEASES, {"clock": clock})
            row = connection.execute(
                "SELECT entry FROM idempotency WHERE key = ?", (key,)
            ).fetchone()
            if row is not None:
                return Entry.from_json(row[0])

            values = (key, entry.owner, None, entry.to_json(), clock + length, length)
            connection.execute("INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?)", values)
            return None

    async def renew(self, key: str, owner: str, seconds: float, now: float) -> None:
        """Extend the lease, if this owner has the key still."""
        del now  # a running entry counts by the clock of the machine
        self._database.run(
            "UPDATE idempotency SET lease = ?, length = ? WHERE key = ? AND claim = ? "
            "AND lease IS NOT NULL",
            (self._clock() + seconds, seconds, key, owner),
        )

    def unit(self) -> AbstractContextManager[Unit]:
        """Collect what this task writes into the same file; `finish` brings it there."""
        return self._database.unit()

    async def finish(self, key: str, entry: Entry) -> None:
        """Store the answer, and all that the open unit has, if the entry has the key still.

        Raises:
            KeyLost: another request has the key by now, so the unit is dropped.
        """
        unit = self._database.open_unit
        statements = unit.statements if unit is not None else []
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT claim FROM idempotency WHERE key = ?", (key,)
            ).fetchone()
            if row is not None and row[0] != entry.owner:
                if statements:
                    raise KeyLost
                return

            values = (key, entry.owner, entry.until, entry.to_json())
            connection.execute(
                "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, NULL, NULL)", values
            )
            for statement, arguments in statements:
                connection.execute(statement, arguments)

    async def release(self, key: str, owner: str) -> None:
        """Free the key, if this owner has it."""
        self._database.run("DELETE FROM idempotency WHERE key = ? AND claim = ?", (key, owner))
