"""The command line: arguments in, exit code out. The only room that prints."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from bothends.cli.exits import INTERRUPTED, MISUSE
from bothends.cli.extras import tell_missing_extra


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default that of `sys.argv`) and return its exit code: 0 fine, 1 findings, 2 misuse."""
    _print_anything()
    try:
        # Not at the top: a base install has no command line, and says so below; Ctrl-C may come while this is imported.
        from bothends.cli.app import run

        return run(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except ModuleNotFoundError as error:
        print(tell_missing_extra(error), file=sys.stderr)
        return MISUSE


def _print_anything() -> None:
    """Contracts hold any character, and a terminal may not: show an escape then, do not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
