"""The one way to read a file that lies beside a contract, which anybody may have put there.

names.lock -> /etc/passwd     a link out of the project: refused, its text would reach a log
names.lock, a FIFO            would be waited for: refused
names.lock -> /dev/zero       has no end: refused
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

MAX_SMALL: Final = 32_000_000
"""The bytes that are read of a file."""

UNREADABLE: Final = "unreadable"
"""Stands for the digest of what is there and is not read."""

_reads: ContextVar[dict[Path, str | None] | None] = ContextVar("_reads", default=None)
_MOST_DIGESTED: Final = 100_000_000
_MARKS: Final = (".git", "pyproject.toml")


class NotReadable(OSError):
    """A file is not read; `strerror` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(None, reason, str(path))


class TooLarge(NotReadable):
    """A file has more bytes than are read."""


def read_small(path: Path, limit: int = MAX_SMALL) -> bytes:
    """Read a regular file of bounded size that lies in its project, whatever links lead to it.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: it cannot be read, or may not be; `strerror` says why.
    """
    seen = _reads.get()
    if seen is None:
        return _read(path, limit)

    seen[path] = UNREADABLE
    try:
        content = _read(path, limit)
    except FileNotFoundError:
        seen[path] = None
        raise
    seen[path] = _digest(content)
    return content


@contextmanager
def reads() -> Generator[dict[Path, str | None]]:
    """Note what `read_small` reads in a block: the digest of each file, None for one not there."""
    seen: dict[Path, str | None] = {}
    token = _reads.set(seen)
    try:
        yield seen
    finally:
        _reads.reset(token)


def digest_of(path: Path) -> str | None:
    """The digest of a file as `reads` notes it."""
    try:
        return _digest(_read(path, _MOST_DIGESTED))
    except FileNotFoundError:
        return None
    except OSError:
        return UNREADABLE


def digest_of_text(text: str) -> str:
    """The digest of a file that has this text, as `reads` notes it."""
    return _digest(text.encode("utf-8", "surrogateescape"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(path: Path, limit: int) -> bytes:
    try:
        check_inside(path)
        # A FIFO without a writer would be waited for.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except ValueError:
        raise NotReadable(path, "this is not the path of a file") from None

    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        os.close(descriptor)
        # Python would name the number of the descriptor.
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))

    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(mode):
            raise NotReadable(path, "this is not a regular file")
        content = file.read(limit + 1)

    if len(content) > limit:
        raise TooLarge(path, f"the file has more than {limit // 1_000_000} MB")
    return content


def check_inside(path: Path) -> None:
    """Check that links lead to a file of the same project, or of the same folder without one.

    Raises:
        OSError: they lead out of it, or round in a circle.
    """
    plain = Path(os.path.abspath(path))  # noqa: PTH100 (`resolve` would follow the links)
    try:
        target = plain.resolve()
    except RuntimeError:
        raise NotReadable(path, "its symbolic links lead round in a circle") from None

    if target == plain:
        return

    project = plain.parent
    for folder in plain.parents:
        is_marked = any((folder / mark).exists() for mark in _MARKS)
        # The outermost: contracts of one repository may be linked between its projects.
        if is_marked and not folder.is_symlink():
            project = folder

    if not target.is_relative_to(project.resolve()):
        raise NotReadable(path, "a symbolic link leads out of the project")
