"""A SQLite file that a stand-in keeps its state in."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from bothends.runtime.server.handling import NotAnswered

_OWNER = "bothends_owner"


class StateError(ValueError, NotAnswered):
    """The file cannot hold the state; the message says why."""

    status = 503


@dataclass(slots=True)
class Unit:
    """Writes of one task that reach the file all together, or not at all.

    `changed` holds the newest text by name, None for what was deleted: the task reads its own
    writes. `deleted` lists the names that were deleted at any time, as they lose their order.
    """

    statements: list[tuple[str, tuple[Any, ...]]] = field(
        default_factory=list[tuple[str, tuple[Any, ...]]]
    )
    changed: dict[tuple[str, ...], str | None] = field(
        default_factory=dict[tuple[str, ...], "str | None"]
    )
    deleted: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    is_open: bool = True

    def write(
        self, name: tuple[str, ...], text: str, statement: tuple[str, tuple[Any, ...]]
    ) -> None:
        """Remember that this name has a new text."""
        self.statements.append(statement)
        if self.changed.get(name) is None:
            self.changed.pop(name, None)
        self.changed[name] = text

    def delete(self, name: tuple[str, ...], statement: tuple[str, tuple[Any, ...]]) -> None:
        """Remember that this name is gone."""
        self.statements.append(statement)
        self.changed[name] = None
        self.deleted.add(name)


class Database:
    """One connection, for all threads of the process.

    Statements are short, so they run where they are asked for.
    """

    def __init__(self, path: Path, owner: str) -> None:
        """Open or make the file.

        StateError when it is no database, or that of another owner than `owner`.
        """
        self.path = path
        self._absolute = path.absolute()
        self._lock = RLock()
        self._unit: ContextVar[Unit | None] = ContextVar("unit", default=None)
        _make_private(path)
        self._file: tuple[int, int] | None = None

        try:
            self._connection = sqlite3.connect(
                path, timeout=10, isolation_level=None, check_same_thread=False
            )
            # Readers do not wait for a writer; a crash of the program loses no committed state.
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")
            self._belong_to(owner)
        except sqlite3.Error as error:
            raise StateError(f"{path} cannot hold the state: {error}") from None
        self._file = _identity(self._absolute)

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows that one statement gives."""
        with self._lock, self._checked():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Several statements in one step, which no other process comes between."""
        with self._lock, self._checked():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # Of a full disk, SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _checked(self) -> Generator[None]:
        """Raise StateError for what SQLite cannot do, and where the file is another one by now."""
        # SQLite would go on writing into a file that nobody finds any more.
        if self._file is not None and self._file != _identity(self._absolute):
            raise StateError(f"{self.path} cannot hold the state: it was removed or replaced")
        try:
            yield
        except sqlite3.Error as error:
            raise StateError(f"{self.path} cannot hold the state: {error}") from None

    @property
    def open_unit(self) -> Unit | None:
        """The unit that this task writes into, if there is one."""
        unit = self._unit.get()
        return unit if unit is not None and unit.is_open else None

    @contextmanager
    def unit(self) -> Generator[Unit]:
        """Collect what this task writes; whoever ends the unit brings it into the file."""
        unit = Unit()
        token = self._unit.set(unit)
        try:
            yield unit
        finally:
            unit.is_open = False
            with suppress(ValueError):  # ended in another context, where the task was cancelled
                self._unit.reset(token)

    def close(self) -> None:
        """Close the file; all of it is on disk then."""
        with self._lock:
            self._connection.close()

    def _belong_to(self, owner: str) -> None:
        with self.transaction() as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {name for (name,) in rows}
            # A wrong path must not add tables to a database of something else.
            if tables and _OWNER not in tables:
                raise StateError(f"{self.path} is a database of something else")

            connection.execute(f"CREATE TABLE IF NOT EXISTS {_OWNER} (name TEXT)")
            row = connection.execute(f"SELECT name FROM {_OWNER}").fetchone()  # noqa: S608 (a constant of ours)
            if row is None:
                connection.execute(f"INSERT INTO {_OWNER} VALUES (?)", (owner,))  # noqa: S608 (the same)
            elif row[0] != owner:
                raise StateError(f"{self.path} holds the state of the stand-in for {row[0]}")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _make_private(path: Path) -> None:
    """Have a regular file that only its owner reads: what callers sent is in it.

    Raises:
        StateError: there is something else at the path.
    """
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        noun = "a folder" if path.is_dir() else "not a regular file"
        raise StateError(f"{path} cannot hold the state: it is {noun}")

    # What cannot be opened at all, SQLite tells in its own words.
    with suppress(OSError):
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        os.close(descriptor)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
