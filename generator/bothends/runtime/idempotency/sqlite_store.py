"""Idempotency keys in a SQLite file: they survive a restart, and several processes of one machine may share them."""

from __future__ import annotations

from bothends.runtime.database import Database

from .entry import Entry

# The column of the owner is `claim`: files of earlier versions have it.
_TABLE = (
    "CREATE TABLE IF NOT EXISTS idempotency "
    "(key TEXT PRIMARY KEY, claim TEXT, until REAL, entry TEXT) WITHOUT ROWID"
)


class SqliteIdempotencyStore:
    """Keeps the entries in a table of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._database.run(_TABLE)

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Take the key, or return the entry that has it."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM idempotency WHERE until <= ?", (now,))
            row = connection.execute(
                "SELECT entry FROM idempotency WHERE key = ?", (key,)
            ).fetchone()
            if row is not None:
                return Entry.from_json(row[0])

            values = (key, entry.owner, entry.until, entry.to_json())
            connection.execute("INSERT INTO idempotency VALUES (?, ?, ?, ?)", values)
            return None

    async def finish(self, key: str, entry: Entry) -> None:
        """Store the answer, if the entry has the key still."""
        self._database.run(
            "UPDATE idempotency SET until = ?, entry = ? WHERE key = ? AND claim = ?",
            (entry.until, entry.to_json(), key, entry.owner),
        )

    async def release(self, key: str, owner: str) -> None:
        """Free the key, if this owner has it."""
        self._database.run("DELETE FROM idempotency WHERE key = ? AND claim = ?", (key, owner))
