"""Requests per second over sockets: the same operation on the same servers, under wrk."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .contract import VALID
from .peers import importable, installed
from .process import ROOT, cpu_of_all
from .rows import Load, Share

SECONDS = 3
CONNECTIONS = 16
_COUNT = re.compile(r"(\d+) requests in")
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_SLOWEST = re.compile(r"99%\s+([\d.]+)(us|ms|s)\b")
_IN_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_SCRIPT = f"""wrk.method = "POST"
wrk.body = '{VALID.decode()}'
wrk.headers["Content-Type"] = "application/json"
"""


def rows(folder: Path) -> Iterator[Share]:
    """Yield what is measured; nothing where wrk is not installed."""
    if shutil.which("wrk") is None:
        sys.stdout.write("wrk is not installed (Debian's package of the same name)\n")
        return

    importable()
    (folder / "order.lua").write_text(_SCRIPT, "utf-8")
    for server in ("uvicorn", "granian"):
        for workers in (1, 2):
            ours, peer = (
                load(folder, server, workers, f"tests.benchmarks.socket_apps:{name}")
                for name in ("generated", "fastapi")
            )
            processes = "one process" if workers == 1 else f"{workers} processes"
            yield Share(f"Sockets, {server}, {processes}, FastAPI", ours, peer, 0.5)


def load(folder: Path, server: str, workers: int, app: str) -> Callable[[], Load]:
    """Return a function that puts a server under load."""

    def measure() -> Load:
        with _served(folder, server, workers, app) as (port, pid):
            command = ["wrk", "-t1", f"-c{CONNECTIONS}", "--latency", "-s", "order.lua"]
            _run(folder, [*command, "-d1s", f"http://127.0.0.1:{port}/orders"])
            before = cpu_of_all(pid)
            said = _run(folder, [*command, f"-d{SECONDS}s", f"http://127.0.0.1:{port}/orders"])
            spent = cpu_of_all(pid) - before

        count, rate = _COUNT.search(said), _RATE.search(said)
        slowest = _SLOWEST.search(said)
        if count is None or rate is None or slowest is None or "Non-2xx" in said:
            raise RuntimeError(said)
        milliseconds = float(slowest[1]) * _IN_MILLISECONDS[slowest[2]]
        return Load(float(rate[1]), milliseconds, spent / int(count[1]) * 1e6)

    return measure


def _run(folder: Path, command: list[str]) -> str:
    return subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True).stdout


@contextmanager
def _served(folder: Path, server: str, workers: int, app: str) -> Generator[tuple[int, int]]:
    """The port and the process of a server, until the block ends."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]

    common = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    quiet = ["--no-access-log", "--log-level", "warning"]
    if server == "granian":
        quiet = ["--interface", "asgi", "--no-access-log", "--log-level", "warning", "--no-ws"]
    # Beside the pinned programs of the project, not before them: both apps have the same.
    start = f"import sys, runpy; sys.path += [{str(ROOT)!r}, {str(installed())!r}]; "
    start += f"sys.argv = {[server, app, '--factory', *common, *quiet]!r}; "
    start += f"runpy.run_module({server!r}, run_name='__main__')"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", start], cwd=folder, stdout=log, stderr=log
        )
        try:
            _wait(port, process, folder / "server.log")
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text('utf-8')[-2000:]}")
