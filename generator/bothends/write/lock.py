"""One run at a time: what a run reads (names.lock, the manifests) is still so when it writes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bothends.scratch import lock_folder

_PATIENCE: Final = 120.0
_PAUSE: Final = 0.05


class AnotherRun(Exception):
    """Another run writes into the project, and does not end."""


@contextmanager
def only_run(root: Path, say: Callable[[], None], patience: float = _PATIENCE) -> Generator[None]:
    """Hold the project for one run; the system lets it go when the process ends, however it ends.

    Args:
        root: The folder of the project. It is locked itself, so nothing is left in it.
        say: Called once when another run has the project, before waiting for it.
        patience: Seconds to wait.

    Raises:
        AnotherRun: it is still there after that time.
    """
    descriptor = _wait_for(root, say, time.monotonic() + patience)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _wait_for(root: Path, say: Callable[[], None], until: float) -> int | None:
    is_said = False
    while True:
        try:
            return lock_folder(root)
        except BlockingIOError:
            if not is_said:
                say()
                is_said = True
            if time.monotonic() > until:
                raise AnotherRun from None

        time.sleep(_PAUSE)
