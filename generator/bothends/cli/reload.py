"""`bothends serve --reload`: a server in its own process, started again when a file changes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bothends.cli.exits import FINE
from bothends.cli.watched_folders import folders_of, turns
from bothends.small_file import read_small

_STOPPING = 10.0


def keep_serving(arguments: Sequence[str], find_files: Callable[[], Sequence[Path]]) -> int:
    """Serve, and start again whenever one of the files changes, until interrupted.

    A server that cannot start says why, and is tried again after the next change.

    Args:
        arguments: The words after `bothends serve`.
        find_files: Finds those of the contract, the stand-in and the seed; some may not be there
            yet, and the contract may refer to others by the next change.
    """
    command = [sys.executable, "-m", "bothends", "serve", *arguments]
    # The end of this process is that of the server too, whichever signal it comes by.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    files = find_files()
    seen = _contents(files)
    server = subprocess.Popen(command)  # noqa: S603 (our own program)
    print("serving again on changes; Ctrl-C ends", file=sys.stderr)

    def find_folders() -> list[Path]:
        return folders_of(files)

    try:
        for _ in turns(find_folders, lambda _folders: None):
            if _contents(files) == seen:
                continue
            print("a file changed: starting again", file=sys.stderr)
            files = find_files()
            seen = _contents(files)
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
