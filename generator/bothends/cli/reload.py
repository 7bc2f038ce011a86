"""`bothends serve --reload`: a server in its own process, started again when a file changes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from watchfiles import watch

from bothends.cli.exits import FINE
from bothends.small_file import read_small

_STOPPING = 10.0


def keep_serving(arguments: Sequence[str], files: Sequence[Path]) -> int:
    """Serve, and start again whenever one of the files changes, until interrupted.

    A server that cannot start says why, and is tried again after the next change.

    Args:
        arguments: The words after `bothends serve`.
        files: Those of the contract, the stand-in and the seed; some may not be there yet.
    """
    command = [sys.executable, "-m", "bothends", "serve", *arguments]
    folders = sorted({file.parent for file in files if file.parent.is_dir()})
    # The end of this process is that of the server too, whichever signal it comes by.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    seen = _contents(files)
    server = subprocess.Popen(command)  # noqa: S603 (our own program)
    print("serving again on changes; Ctrl-C ends", file=sys.stderr)

    try:
        # Folders, not files: many editors write a new file and rename it over the old one.
        for _ in watch(*folders, recursive=False, debounce=200):
            now = _contents(files)
            if now == seen:
                continue
            seen = now
            print("a file changed: starting again", file=sys.stderr)
            _stop(server)
            server = subprocess.Popen(command)  # noqa: S603 (our own program)
    except KeyboardInterrupt:
        pass
    finally:
        _stop(server)
    return FINE


def _contents(files: Sequence[Path]) -> list[bytes | None]:
    contents: list[bytes | None] = []
    for file in files:
        try:
            contents.append(read_small(file))
        except OSError:  # an editor may be replacing it just now
            contents.append(None)
    return contents


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOPPING)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
