"""What a stand-in remembers: in memory, or in a SQLite file, where it survives a restart."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
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
    "(place INTEGER PRIMARY KEY, room TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, "
    "UNIQUE (room, key))"
)
_VALUES = (
    "CREATE TABLE IF NOT EXISTS stated (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
)

_UPSERT = (
    "INSERT INTO records (room, key, value) VALUES (?, ?, ?) "
    "ON CONFLICT (room, key) DO UPDATE SET value = excluded.value"
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
        """Return the records of that name.

        `initial` are the first ones: in a file that has them already, they are not read.
        """
        if self._database is None:
            return initial

        records = Records(self._database, name, type_)
        # In one step: a process that is killed here has seeded nothing, and not half.
        with self._database.transaction():
            if self._is_new(name):
                for key, value in initial.items():
                    records.store(key, value)
        return records

    def value(self, name: str, type_: Any, initial: T) -> T:
        """Return the value of that name; `initial` becomes it where there is none yet."""
        if self._database is None:
            return initial

        with self._database.transaction():
            if self._is_new(name):
                # Not in the unit of a task: that may be dropped, and the name is new only once.
                values = (name, _written(TypeAdapter(type_), initial))
                self._database_run("INSERT OR REPLACE INTO stated VALUES (?, ?)", values)

        unit = self._database.open_unit
        text = None if unit is None else unit.changed.get(("", name))
        if text is None:
            ((text,),) = self._database_run("SELECT value FROM stated WHERE name = ?", (name,))
        found: T = _read(TypeAdapter(type_), text, f"{name} in {self._database.path}")
        return found

    def put(self, name: str, type_: Any, value: object) -> None:
        """Replace the value of that name."""
        if self._database is None:
            return

        text = _written(TypeAdapter(type_), value)
        statement = ("INSERT OR REPLACE INTO stated VALUES (?, ?)", (name, text))
        unit = self._database.open_unit
        if unit is None:
            self._database_run(*statement)
        else:
            unit.write(("", name), text, statement)

    def by_secret(
        self, name: str, type_: Any, initial: Mapping[str, T] | None
    ) -> BySecret[T] | None:
        """Return what secrets of callers lead to: a token to its tenant, `user:password` to True.

        A file keeps digests of the secrets, never the secrets. None, which usually means that each
        secret is good, stays None.
        """
        if initial is not None:
            salt = secrets.token_hex(16)
            adapter = TypeAdapter[Any](type_)
            entries: dict[str, Any] = {}
            for secret, value in initial.items():
                entries[digest_of(salt, secret)] = adapter.dump_python(value, mode="json")
            first = Digests(salt, entries)
        else:
            first = None

        plain = self._database_run("SELECT value FROM stated WHERE name = ?", (name,))
        if plain and plain[0][0] != "null":
            raise StateError(
                f"the state file holds {name} in plain text, as earlier versions wrote it: "
                "begin with a new one"
            )

        found = self.value(f"{name}: digests", Digests | None, first)
        return None if found is None else BySecret(found, TypeAdapter(type_))

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
        text = self._text(key)
        if text is None:
            raise KeyError(key)
        return _read(self._adapter, text, f"{self._room} in {self._database.path}")

    @override
    def __setitem__(self, key: str, value: T) -> None:
        unit = self._database.open_unit
        if unit is None:
            self.store(key, value)
        else:
            text = _written(self._adapter, value)
            unit.write((self._room, key), text, (_UPSERT, (self._room, key, text)))

    def store(self, key: str, value: T) -> None:
        """Put a record into the file at once, whatever the present task collects."""
        self._database.run(_UPSERT, (self._room, key, _written(self._adapter, value)))

    @override
    def __delitem__(self, key: str) -> None:
        statement = "DELETE FROM records WHERE room = ? AND key = ?"
        unit = self._database.open_unit
        if unit is None:
            if not self._database.run(f"{statement} RETURNING key", (self._room, key)):
                raise KeyError(key)
            return

        if self._text(key) is None:
            raise KeyError(key)
        unit.delete((self._room, key), (statement, (self._room, key)))

    @override
    def __iter__(self) -> Iterator[str]:
        rows = self._database.run(
            "SELECT key FROM records WHERE room = ? ORDER BY place", (self._room,)
        )
        stored = [row[0] for row in rows]
        unit = self._database.open_unit
        if unit is None:
            return iter(stored)

        keys = [key for key in stored if (self._room, key) not in unit.deleted]
        present = set(keys)
        for name, text in unit.changed.items():
            is_new = name[0] == self._room and name[1] not in present
            if is_new and text is not None:
                keys.append(name[1])

        return iter(keys)

    @override
    def __len__(self) -> int:
        if self._database.open_unit is not None:
            return sum(1 for _ in self)

        ((count,),) = self._database.run(
            "SELECT count(*) FROM records WHERE room = ?", (self._room,)
        )
        return int(count)

    @override
    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._text(key) is not None

    def _text(self, key: str) -> str | None:
        """The text of a record: as this task wrote it, else as the file has it."""
        unit = self._database.open_unit
        if unit is not None and (self._room, key) in unit.changed:
            return unit.changed[self._room, key]

        rows = self._database.run(
            "SELECT value FROM records WHERE room = ? AND key = ?", (self._room, key)
        )
        return rows[0][0] if rows else None


@dataclass(frozen=True, slots=True)
class Digests:
    """Values by the digests of secrets, each made with the same salt."""

    salt: str
    values: Mapping[str, Any]


class BySecret(Generic[T]):
    """Values by secrets, of which only digests are known here."""

    def __init__(self, digests: Digests, adapter: TypeAdapter[T]) -> None:
        self._digests, self._adapter = digests, adapter

    def get(self, secret: str) -> T | None:
        """Return the value that a secret leads to, or None."""
        key = digest_of(self._digests.salt, secret)
        if key not in self._digests.values:
            return None
        return self._adapter.validate_python(self._digests.values[key])

    def __contains__(self, secret: object) -> bool:
        return isinstance(secret, str) and self.get(secret) is not None


def digest_of(salt: str, secret: str) -> str:
    """Return the digest of a secret. Equal ones are equal only within one file."""
    return hashlib.blake2b(secret.encode("utf-8", "surrogatepass"), key=salt.encode()).hexdigest()


def _written(adapter: TypeAdapter[Any], value: object) -> str:
    return adapter.dump_json(value, exclude_unset=True).decode("utf-8")


def _read(adapter: TypeAdapter[T], text: str, pointer: str) -> T:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise StateError(
            f"{pointer} does not fit this stand-in: {error.errors()[0]['msg'].lower()}"
        ) from None
