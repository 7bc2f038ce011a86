"""The command line: arguments in, exit code out. The only room that prints."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from bothends.cli.exits import INTERRUPTED, MISUSE
from bothends.cli.extras import tell_missing_extra


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default that of `sys.argv`) and return its exit code: 0 fine, 1 findings, 2 misuse."""
    _open_closed()
    _print_anything()

    try:
        # Not at the top: a base install has no command line, and says so below; Ctrl-C may come while this is imported.
        from bothends.cli.app import run

        return _flushed(run(arguments))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except ModuleNotFoundError as error:
        print(tell_missing_extra(error), file=sys.stderr)
        return MISUSE
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EPIPE):
            raise
        _drop_output()
        if error.errno == errno.ENOSPC:
            print("the output cannot be written: no space is left for it", file=sys.stderr)
        return MISUSE


def _open_closed() -> None:
    """A stream that the shell closed (`>&-`) is None: what is printed to it goes nowhere, as to no terminal."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  as long as the process


def _flushed(code: int) -> int:
    """The exit code, once all output is written: at exit it would be too late to tell what is wrong."""
    sys.stdout.flush()
    return code


def _drop_output() -> None:
    """Forget what stdout still holds: Python would try to write it once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _print_anything() -> None:
    """Contracts hold any character, and a terminal may not: show an escape then, do not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
