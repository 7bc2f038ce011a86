"""A turn for each change in folders that may be others by the next turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import watch


def turns(
    find_folders: Callable[[], Sequence[Path]], say: Callable[[Sequence[Path]], None]
) -> Iterator[None]:
    """Yield at once, and whenever something in one of the folders changes; until interrupted.

    Args:
        find_folders: Finds the folders, after each turn: a contract may refer to a file in another
            one by now.
        say: Is given the folders whenever they are others.
    """
    while True:
        folders = find_folders()
        say(folders)
        yield  # what was saved in a new folder before it was watched
        # Folders, not files: many editors write a new file and rename it over the old one.
        for _ in watch(*folders, recursive=False, debounce=200):
            yield
            if find_folders() != folders:
                break
        else:
            return
