"""A turn for each change in folders that may be others by the next turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles import watch

from bothends.small_file import check_inside

_PAUSE = 300
"""Milliseconds after which the folders are looked at, also when nothing was heard of them."""
_FIRST = Path()
_MOST_FAILURES = 10
"""So often in a row the library may fail, which takes three seconds."""


def turns(
    find_folders: Callable[[], Sequence[Path]], say: Callable[[Sequence[Path]], None]
) -> Iterator[None]:
    """Yield soon, and whenever something in one of the folders changes; until interrupted.

    Args:
        find_folders: Finds the folders, after each turn: a contract may refer to a file in another
            one by now.
        say: Is given the folders whenever they are others.
    """
    said: Sequence[Path] | None = None
    failures = 0
    while True:
        folders = find_folders()
        if folders != said:
            say(folders)
            said = folders
        watched = _identities(folders)

        try:
            for changed in _changes(folders):
                failures = 0
                if changed:
                    yield
                # A branch is checked out, a folder moved away and back: a folder of the same name
                # is another one, and only the old one is watched.
                if not changed.isdisjoint(folders) or _identities(find_folders()) != watched:
                    break
        except FileNotFoundError:
            pass  # a folder went away in this moment
        except RuntimeError:
            # The library fails on a name that is no UTF-8, also of a file that nobody uses, and for
            # each event of it.
            failures += 1
            if failures > _MOST_FAILURES:
                raise
            time.sleep(_PAUSE / 1_000)


def folders_of(files: Iterable[Path]) -> list[Path]:
    """The folders that the files lie in, and those that links in their place lead to."""
    found = set[Path]()
    for file in files:
        found.add(file.parent)
        # A link out of the project is not followed.
        with suppress(OSError):
            check_inside(file)
            if file.is_symlink():
                found.add(file.resolve().parent)
    return sorted(folder for folder in found if folder.is_dir())


def _changes(folders: Sequence[Path]) -> Iterator[set[Path]]:
    """The paths that changed, several times in a second also without any; first of all, soon.

    The first is for what was saved before the watch began.
    """
    # Folders, not files: many editors write a new file and rename it over the old one. Without the
    # filter, which leaves out all that lies below folders such as `node_modules`.
    turns = watch(
        *folders,
        watch_filter=None,
        recursive=False,
        debounce=200,
        rust_timeout=_PAUSE,
        yield_on_timeout=True,
    )
    yield {Path(path) for _, path in next(turns)} | {_FIRST}
    for changes in turns:
        yield {Path(path) for _, path in changes}


def _identities(folders: Sequence[Path]) -> list[tuple[Path, int, int]]:
    """What tells a folder from another one that has its name by now."""
    found: list[tuple[Path, int, int]] = []
    for folder in folders:
        with suppress(OSError):
            status = folder.stat()
            found.append((folder, status.st_dev, status.st_ino))
    return found
