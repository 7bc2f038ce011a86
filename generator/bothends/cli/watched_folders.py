"""A turn for each change in folders that may be others by the next turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import watch

_FIRST_TURN = 300
"""Milliseconds after the watch of other folders began."""


def turns(
    find_folders: Callable[[], Sequence[Path]], say: Callable[[Sequence[Path]], None]
) -> Iterator[None]:
    """Yield soon, and whenever something in one of the folders changes; until interrupted.

    Args:
        find_folders: Finds the folders, after each turn: a contract may refer to a file in another
            one by now.
        say: Is given the folders whenever they are others.
    """
    while True:
        folders = find_folders()
        say(folders)
        is_first = True
        # Folders, not files: many editors write a new file and rename it over the old one.
        changes = watch(
            *folders,
            recursive=False,
            debounce=200,
            rust_timeout=_FIRST_TURN,
            yield_on_timeout=True,
        )
        for files in changes:
            # A first turn without changes is for what was saved before the watch began.
            if not (files or is_first):
                continue

            is_first = False
            yield
            if find_folders() != folders:
                break
        else:
            return
