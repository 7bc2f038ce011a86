"""`bothends record`."""

from __future__ import annotations

import re
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bothends.cli.arguments import is_address
from bothends.cli.check_exchanges import summarise_exchanges
from bothends.cli.exits import FINE, MISUSE
from bothends.cli.report_file import write_report
from bothends.cli.terminal import show_findings
from bothends.config import Misuse, load_config, misuse
from bothends.diagnostics import visible
from bothends.small_file import check_inside

if TYPE_CHECKING:
    import socket

    from bothends.record import Exchange, Judge, Masking


def record(
    package: Annotated[
        str,
        typer.Argument(
            metavar="PACKAGE", help="A name below generated/, or the path of a package."
        ),
    ],
    url: Annotated[str, typer.Option(help="The base URL of the real server.")],
    to: Annotated[
        Path,
        typer.Option(metavar="DIR", help="The folder that a file for each exchange goes into."),
    ],
    mask: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="Also mask this property, parameter or header; may be repeated.",
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="0 takes any free port.")] = 8000,
) -> int:
    """Stand between a caller and a real server, and judge and keep each exchange.

    Point the caller at the address that is printed. What it sends goes on unchanged, and so does
    what comes back; only content codings other than gzip and deflate are not asked for, because an
    answer in them could not be judged. Credentials, the fields of token requests and what --mask
    names are masked before anything is written: a masked text keeps its length and shape. A body in
    which nobody can tell what is secret, such as multipart, is left out.

    The files are HAR 1.2, one for each exchange; `bothends check-exchanges` judges them again.

    Examples:

      bothends record harbour --url https://sandbox.harbour.example/v1 --to exchanges

      bothends record harbour --url https://sandbox.harbour.example/v1 --to exchanges --mask email
    """
    from bothends.record import Judge, Masking, Recorder
    from bothends.serve.listen import address, run
    from bothends.serve.package import find_package

    # Credentials in it are handed on; they are not written down.
    if not is_address(re.sub(r"//[^/?#]*@", "//", url, count=1)):
        hint = "such as https://sandbox.harbour.example/v1"
        raise misuse("url", f"{url} is no base URL of a server", hint=hint)

    chosen = find_package(load_config(Path.cwd()), package)
    listening = _open(to, port)
    masking = Masking(chosen.api, mask or ())
    writer = ExchangeWriter(to, Judge(chosen.api, chosen.operations), masking)
    print(f"{url} is at {address(listening)}, recorded in {to}; Ctrl-C ends", flush=True)
    with listening:
        run(Recorder(url, writer.keep), listening, date_header=False)
    matched = writer.count - writer.elsewhere
    print(summarise_exchanges(matched, writer.wrong, writer.elsewhere))
    for field in masking.unmatched if writer.count else ():
        print(f"--mask {visible(field)}: nothing in them has this name", file=sys.stderr)
    return MISUSE if writer.lost else FINE


def _open(folder: Path, port: int) -> socket.socket:
    """Make the folder of the recording, and listen on the port. Misuse where either fails."""
    from bothends.serve.listen import listen

    try:
        check_inside(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return listen("127.0.0.1", port)
    except OSError as error:
        is_folder = error.filename is not None
        what = f"cannot write to {folder}" if is_folder else f"cannot listen on port {port}"
        hint = "--to takes a folder" if is_folder else "--port 0 takes any port"
        reason = (error.strerror or str(error)).lower()
        raise misuse("record", f"{what}: {reason}", hint=hint) from error


class ExchangeWriter:
    """Writes each exchange to a file of its own as it comes, and prints a line of it."""

    def __init__(self, folder: Path, judge: Judge, masking: Masking) -> None:
        self._folder, self._judge, self._masking = folder, judge, masking
        self._lock = threading.Lock()
        # A folder may hold the files of an earlier run: numbers go on behind them.
        numbers = [int(file.name[:4]) for file in folder.glob("[0-9][0-9][0-9][0-9]-*.har")]
        self._first = self._next = max(numbers, default=0) + 1
        self.wrong = self.elsewhere = self.lost = 0

    @property
    def count(self) -> int:
        """How many exchanges were kept."""
        return self._next - self._first

    def keep(self, exchange: Exchange) -> None:
        """Judge an exchange, then write it without its secrets."""
        from bothends.record import write_har

        judgement = self._judge.judge(exchange)
        masked = self._masking.apply(exchange, judgement.operation)
        name = judgement.operation.name if judgement.operation else "unknown"
        with self._lock:
            file = self._folder / f"{self._next:04}-{name}-{exchange.status}.har"
            self._write(file, write_har([masked]))
            self._next += 1
            is_known = judgement.operation is not None
            self.elsewhere += not is_known
            self.wrong += is_known and not judgement.is_right
            # A terminal is kept as well, in the log of a CI system: the path may hold a secret.
            redacted = replace(judgement, exchange=replace(exchange, url=masked.url))
            print(visible(redacted.text), flush=True)

    def _write(self, file: Path, text: str) -> None:
        """Write a file; where it cannot be, that is told, and the caller has its answer anyway."""
        try:
            write_report(file, text)
        except Misuse as error:
            self.lost += 1
            show_findings(error.findings, {}, sys.stderr)
