"""What a stand-in remembers: in memory, or in a SQLite file, where it survives a restart."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from typing_extensions import override

from bothends.runtime.database import Database, StateError
from bothends.runtime.idempotency.entry import IdempotencyStore
from bothends.runtime.idempotency.memory import MemoryIdempotencyStore
from bothends.runtime.idempotency.sqlite_store import SqliteIdempotencyStore

T = TypeVar("T")

_RECORDS = (
    "CREATE TABLE IF NOT EXISTS records "
    "(place INTEGER PRIMARY KEY, room TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (room, key))"
)
_VALUES = (
    "CREATE TABLE IF NOT EXISTS stated (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
)


class State:
    """Records and values by name.

    Types are those of the stand-in: dataclasses, models, or anything that pydantic reads.
    """

    def __init__(self, path: Path | None = None, owner: str = "") -> None:
        """In the file at `path`, or in memory.

        Raises:
            StateError: The file cannot hold it, or is not that of `owner`.
        """
        self._database = None if path is None else Database(path, owner)
        for table in (_RECORDS, _VALUES) if self._database else ():
            self._database_run(table)

    def records(
        self, name: str, type_: type[T], initial: MutableMapping[str, T]
    ) -> MutableMapping[str, T]:
        """The records of that name.

        `initial` are the first ones: in a file that has them already, they are not read.
        """
        if self._database is None:
            return initial

        records = Records(self._database, name, type_)
        if self._is_new(name):
            records.update(initial)
        return records

    def value(self, name: str, type_: Any, initial: T) -> T:
        """The value of that name; `initial` becomes it where there is none yet."""
        if self._database is None:
            return initial

        if self._is_new(name):
            self.put(name, type_, initial)

        ((text,),) = self._database_run("SELECT value FROM stated WHERE name = ?", (name,))
        found: T = _read(TypeAdapter(type_), text, f"{name} in {self._database.path}")
        return found

    def put(self, name: str, type_: Any, value: object) -> None:
        """Replace the value of that name."""
        if self._database is not None:
            text = _written(TypeAdapter(type_), value)
            self._database_run("INSERT OR REPLACE INTO stated VALUES (?, ?)", (name, text))

    def idempotency_store(self) -> IdempotencyStore:
        """A store for idempotency keys that lives as long as the rest."""
        if self._database is None:
            return MemoryIdempotencyStore()
        return SqliteIdempotencyStore(self._database)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._database is not None:
            self._database.close()

    def _is_new(self, name: str) -> bool:
        """Whether this name is asked for the first time in the life of the file.

        An empty room is not a new one.
        """
        new = not self._database_run("SELECT 1 FROM stated WHERE name = ?", (name,))
        if new:
            self._database_run("INSERT INTO stated VALUES (?, 'null')", (name,))
        return new

    def _database_run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        return self._database.run(statement, values) if self._database else []


class Records(MutableMapping[str, T], Generic[T]):
    """Records in a file, in the order in which they came.

    To change one, put another in its place.
    """

    def __init__(self, database: Database, room: str, type_: type[T]) -> None:
        self._database, self._room, self._adapter = database, room, TypeAdapter[T](type_)

    @override
    def __getitem__(self, key: str) -> T:
        rows = self._database.run(
            "SELECT value FROM records WHERE room = ? AND key = ?", (self._room, key)
        )
        if not rows:
            raise KeyError(key)
        return _read(self._adapter, rows[0][0], f"{self._room} in {self._database.path}")

    @override
    def __setitem__(self, key: str, value: T) -> None:
        self._database.run(
            "INSERT INTO records (room, key, value) VALUES (?, ?, ?) "
            "ON CONFLICT (room, key) DO UPDATE SET value = excluded.value",
            (self._room, key, _written(self._adapter, value)),
        )

    @override
    def __delitem__(self, key: str) -> None:
        rows = self._database.run(
            "DELETE FROM records WHERE room = ? AND key = ? RETURNING key", (self._room, key)
        )
        if not rows:
            raise KeyError(key)

    @override
    def __iter__(self) -> Iterator[str]:
        rows = self._database.run(
            "SELECT key FROM records WHERE room = ? ORDER BY place", (self._room,)
        )
        return (row[0] for row in rows)

    @override
    def __len__(self) -> int:
        ((count,),) = self._database.run(
            "SELECT count(*) FROM records WHERE room = ?", (self._room,)
        )
        return int(count)

    @override
    def __contains__(self, key: object) -> bool:
        return bool(
            self._database.run(
                "SELECT 1 FROM records WHERE room = ? AND key = ?", (self._room, key)
            )
        )


def _written(adapter: TypeAdapter[Any], value: object) -> str:
    return adapter.dump_json(value, exclude_unset=True).decode("utf-8")


def _read(adapter: TypeAdapter[T], text: str, pointer: str) -> T:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise StateError(
            f"{pointer} does not fit this stand-in: {error.errors()[0]['msg'].lower()}"
        ) from None
