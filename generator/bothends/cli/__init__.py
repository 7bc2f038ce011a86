"""The command line: arguments in, exit code out. The only room that prints."""

from __future__ import annotations

import atexit
import errno
import gc
import io
import os
import sys
from collections.abc import Sequence

from bothends.cli.exits import INTERRUPTED, MISUSE
from bothends.cli.extras import describe_missing_extra

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: The words after `bothends`; by default those of `sys.argv`.

    Returns:
        0 fine, 1 findings, 2 misuse, 70 a fault of bothends, 130 interrupted.
    """
    _prepare_streams()
    # A contract is hundreds of thousands of objects without a cycle: looking for cycles among them
    # takes more than half of the time in which a large one is read.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
    # Nor is anything freed at exit, which the system does: a quarter of a second after 13 MB.
    atexit.register(gc.freeze)

    try:
        # Imported late: a base install has no command line and says so below, and Ctrl-C may
        # come while this is imported.
        from bothends.cli.app import run

        code = run(arguments)
        # Now, because an error at exit would come too late for a message and an exit code.
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except ModuleNotFoundError as error:
        print(describe_missing_extra(error), file=sys.stderr)
        return MISUSE
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EPIPE):
            raise

        # Python would try to write what stdout still holds once more at exit.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

        if error.errno == errno.ENOSPC:
            print("the output cannot be written: no space is left for it", file=sys.stderr)
        return MISUSE

    return code


def _prepare_streams() -> None:
    """Make stdout and stderr safe to print any text to."""
    # A stream that the shell closed (`>&-`) is None: what is printed to it goes nowhere.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Open as long as the process lives.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123

    # Contracts hold any character, and a terminal may not: an escape is better than an error.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
