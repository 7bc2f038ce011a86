"""One name that changes from old to new: a whole package folder, or one file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from bothends.small_file import read_small
from bothends.write.exchange import exchange
from bothends.write.plan import MANIFEST

_MOST_BYTES: Final = 1_000_000_000  # of a file that was generated
_IMMOVABLE: Final = frozenset({errno.EXDEV, errno.EBUSY, errno.EPERM})
"""A folder of a lower layer of a container, and a mount point, keep their names."""


@dataclass(frozen=True, slots=True)
class Swap:
    """What is at `staged` goes to `target`, and what was there goes to `staged`.

    `digest` is that of the new file, or of the new manifest of a folder: it shows whether the
    swap is done. `names` are the files that bothends wrote or writes into the folder.
    """

    staged: Path
    target: Path
    digest: str
    names: tuple[str, ...] = ()

    @property
    def old(self) -> Path:
        """Where the old content waits, on systems that swap in steps."""
        return self.staged.with_name(f"{self.staged.name}.old")

    @property
    def is_done(self) -> bool:
        """Whether the new content has its name."""
        return self.digest != "" and digest_of(self.target) == self.digest

    def run(self) -> None:
        """Bring the new content to its name: in one step where the system has one.

        Raises:
            OSError: it cannot be done; the old content is where it was.
        """
        if self.target.exists():
            if not exchange(self.staged, self.target):
                self._by_steps()
        else:
            self.staged.replace(self.target)

    def undo(self) -> None:
        """Bring the old content back, after `run`."""
        if self.staged.exists():
            self.run()
        else:
            self.target.replace(self.staged)

    def _by_steps(self) -> None:
        old = self.old
        if self.target.is_file():
            shutil.copy2(self.target, old)
            self.staged.replace(self.target)
            old.replace(self.staged)
            return

        try:
            self.target.rename(old)
        except OSError as error:
            if error.errno not in _IMMOVABLE:
                raise
            self._file_by_file(old)
            return

        try:
            self.staged.rename(self.target)
        except OSError:
            old.rename(self.target)
            raise
        old.rename(self.staged)

    def _file_by_file(self, old: Path) -> None:
        shutil.copytree(self.target, old, symlinks=True, dirs_exist_ok=True)
        try:
            self._pour(self.staged)
        except OSError:
            self._pour(old)
            raise

        shutil.rmtree(self.staged)
        old.rename(self.staged)

    def _pour(self, source: Path) -> None:
        """Give the target the files of bothends that the source has, and no other of them."""
        # The manifest comes last: while the target has the old one, the swap is not done.
        for name in sorted(self.names, key=lambda name: (name == MANIFEST, name)):
            file, target = source / name, self.target / name
            if not file.is_file():
                target.unlink(missing_ok=True)
                continue

            target.parent.mkdir(parents=True, exist_ok=True)
            beside = poured_beside(target)
            shutil.copy2(file, beside)
            beside.replace(target)


def poured_beside(target: Path) -> Path:
    """Where a file of a folder that keeps its name is copied to, before it is renamed."""
    return target.with_name(f".{target.name}.bothends")


def foreign_entries(folder: Path, names: Collection[str]) -> Iterator[Path]:
    """What others keep in a package folder and in its folders of modules.

    Args:
        folder: The folder of the package.
        names: The paths of the generated files in it: `client.py`, `models/tide.py`.

    Yields:
        Files, and folders without a generated file. Compiled files belong to the package.
    """
    own = {parent.as_posix() for name in names for parent in PurePosixPath(name).parents}
    yield from _foreign_below(folder, "", names, own)


def _foreign_below(
    folder: Path, prefix: str, names: Collection[str], own: Collection[str]
) -> Iterator[Path]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if path in own and entry.is_dir() and not entry.is_symlink():
            yield from _foreign_below(entry, f"{path}/", names, own)
        elif path not in names and entry.name != "__pycache__":
            yield entry


def digest_of(path: Path) -> str:
    """The digest of a file, or of the manifest of a folder; empty where there is none."""
    with contextlib.suppress(OSError):
        file = path / MANIFEST if path.is_dir() else path
        return hashlib.sha256(read_small(file, _MOST_BYTES)).hexdigest()
    return ""


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before the next step."""
    with contextlib.suppress(OSError):  # some systems open no folder
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
