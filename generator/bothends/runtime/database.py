"""A SQLite file that a stand-in keeps its state in."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

_OWNER = "bothends_owner"


class StateError(ValueError):
    """The file cannot hold the state; the message says why."""


class Database:
    """One connection, for all threads of the process.

    Statements are short, so they run where they are asked for.
    """

    def __init__(self, path: Path, owner: str) -> None:
        """Open or make the file.

        StateError when it is no database, or that of another owner than `owner`.
        """
        self.path = path
        self._lock = RLock()
        if path.is_dir():
            raise StateError(f"{path} cannot hold the state: it is a folder")

        try:
            self._connection = sqlite3.connect(
                path, timeout=10, isolation_level=None, check_same_thread=False
            )
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")
            self._belong_to(owner)
        except sqlite3.Error as error:
            raise StateError(f"{path} cannot hold the state: {error}") from None

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that one statement gives."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Several statements in one step, which no other process comes between."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; all of it is on disk then."""
        with self._lock:
            self._connection.close()

    def _belong_to(self, owner: str) -> None:
        with self.transaction() as connection:
            tables = {
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            }
            if tables and _OWNER not in tables:
                raise StateError(f"{self.path} is a database of something else")

            connection.execute(f"CREATE TABLE IF NOT EXISTS {_OWNER} (name TEXT)")
            row = connection.execute(f"SELECT name FROM {_OWNER}").fetchone()  # noqa: S608 (a constant of ours)
            if row is None:
                connection.execute(f"INSERT INTO {_OWNER} VALUES (?)", (owner,))  # noqa: S608 (the same)
            elif row[0] != owner:
                raise StateError(f"{self.path} holds the state of the stand-in for {row[0]}")
