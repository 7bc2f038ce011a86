"""`make bench` measures beside peers and writes RESULTS.md; `--quick` prints ours only.

ONLY="server client" make bench                     # the other tables stay as they are
ONLY=proving ROWS="two processes" make bench        # and so do the other rows, by their names

"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import (
    checking,
    client,
    contract_server,
    decoding,
    generating,
    proving,
    server,
    sockets,
    starting,
)
from .rows import Bound, Row, Share

RESULTS = Path(__file__).with_name("RESULTS.md")
PARTS: dict[str, Callable[[Path], Iterator[Row | Bound | Share]]] = {
    "server": server.rows,
    "contracts": contract_server.rows,
    "sockets": sockets.rows,
    "client": client.rows,
    "decoding": decoding.rows,
    "starting": starting.rows,
    "generating": generating.rows,
    "proving": proving.rows,
    "checking": checking.rows,
}
QUICK = ("server", "client", "decoding")
# Rows that differ from others in their peer alone.
_PEERS = re.compile("ASGI|Litestar|openapi-")
HEAD = "| Row | ours | peer | ratio | reach | verdict |\n|---|---|---|---|---|---|\n"
_HEAD_NAMES = (" Row ", "---")


def main() -> None:
    """Measure the chosen parts."""
    is_quick = "--quick" in sys.argv[1:]
    chosen = os.environ.get("ONLY", "").split() or (QUICK if is_quick else [*PARTS])
    chosen_rows = re.compile(os.environ.get("ROWS", ""))
    for part in chosen:
        lines: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            for row in PARTS[part](Path(folder)):
                if (is_quick and _PEERS.search(row.name)) or not chosen_rows.search(row.name):
                    continue
                lines.append(row.quick() if is_quick else row.measured())
                sys.stdout.write(f"{lines[-1]}\n")
                sys.stdout.flush()

        if not is_quick:
            _write(part, lines, is_whole=not chosen_rows.pattern)


def _write(part: str, lines: list[str], *, is_whole: bool) -> None:
    """Put the lines of one part in place of its table in RESULTS.md; the rest is a person's."""
    text = RESULTS.read_text("utf-8")
    table = re.compile(rf"(<!-- {part} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    found = table.search(text)
    if found is None:
        raise RuntimeError(f"RESULTS.md has no place for {part}")

    rows = {} if is_whole else {_name(line): line for line in found[2].split("\n") if line}
    rows |= {_name(line): line for line in lines}
    body = HEAD + "".join(f"{rows[name]}\n" for name in rows if name not in _HEAD_NAMES)
    written = table.sub(lambda found: f"{found[1]}\n{body}\n{found[3]}", text)
    RESULTS.write_text(written, "utf-8")


def _name(line: str) -> str:
    """The first cell of a row."""
    return line.split("|")[1]


if __name__ == "__main__":
    main()
