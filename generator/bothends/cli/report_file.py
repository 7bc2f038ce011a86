"""Writing the file that a flag names, such as `--output report.sarif`, whatever lies there.

report.sarif, a FIFO that nobody reads    would be waited for: misuse
report.sarif -> ~/.profile                a link that came with the project: misuse
/dev/stdout, /dev/null, >(less)           are written to
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from bothends.config import Misuse, misuse
from bothends.small_file import NotReadable, check_inside

# Links in it are the system's: /dev/stdout leads to wherever the shell sends it.
_DEVICES: Final = Path("/dev")


def write_report(file: Path, text: str) -> None:
    """Write a text to the file of a flag.

    Raises:
        Misuse: It cannot be written, or a symbolic link leads out of the project.
    """
    check_report(file)
    # A FIFO without a reader would be waited for; with O_NONBLOCK the system refuses to.
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(file, flags, 0o666)
        os.set_blocking(descriptor, True)
        with os.fdopen(descriptor, "wb") as stream:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                stream.truncate()
            stream.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from None


def check_report(file: Path) -> None:
    """Check what can be checked before there is a text: a proof of an hour should not end so.

    Raises:
        Misuse: It is a folder, lies in none, or a symbolic link leads out of the project.
    """
    try:
        if file.parent != _DEVICES:
            check_inside(file)
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
        # It says whether the folder is there, is one, and may be looked into.
        file.parent.joinpath(".").stat()
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from None


def is_replaceable(file: Path) -> bool:
    """Whether another file may take the place of what a flag names: never that of a device."""
    return not file.is_symlink() and (file.is_file() or not file.exists())


def _unwritable(file: Path, error: OSError | ValueError) -> Misuse:
    if isinstance(error, NotReadable):
        reason = str(error.strerror)
    elif isinstance(error, OSError) and error.errno == errno.ENXIO:
        reason = "it is a FIFO that nobody reads"
    elif isinstance(error, OSError):
        reason = (error.strerror or "it cannot be used").lower()
    else:
        reason = "this is not the path of a file"
    return misuse("misuse", f"cannot write to {file}: {reason}", hint="name a file of your own")
