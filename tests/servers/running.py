"""Programs that serve ASGI apps, each run as people run it: a process of its own, on a port of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.serve.redis_server import free_port

COMMANDS = {
    "uvicorn": (
        "uvicorn",
        "{app}",
        "--host",
        "127.0.0.1",
        "--port",
        "{port}",
        "--timeout-graceful-shutdown",
        "2",
    ),
    "granian": (
        "granian",
        "{app}",
        "--interface",
        "asgi",
        "--host",
        "127.0.0.1",
        "--port",
        "{port}",
        "--no-ws",
    ),
}


@dataclass(frozen=True)
class Running:
    """A server that runs: its address, the file that its handler writes when it ends, and what it logged."""

    url: str
    ended: Path
    log: Path


@contextmanager
def running(server: str, app: str, folder: Path, *options: str) -> Iterator[Running]:
    """Serve `module:name` from a folder; ended as Ctrl-C ends it."""
    port = free_port()
    words = [*(word.format(app=app, port=port) for word in COMMANDS[server]), *options]
    made = Running(
        f"http://127.0.0.1:{port}",
        folder / f"{server}-{port}-ended.txt",
        folder / f"{server}-{port}.log",
    )
    environment = {
        **os.environ,
        "WHARF_ENDED": str(made.ended),
        "WHARF_MANIFEST": str(folder / "manifest.bin"),
    }

    with made.log.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(made, process)
            yield made
            process.send_signal(signal.SIGINT)
            process.wait(20)
        finally:
            process.kill()
            process.wait()


def _wait(made: Running, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        try:
            httpx2.get(f"{made.url}/nothing")
        except httpx2.TransportError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return

    raise RuntimeError(made.log.read_text("utf-8"))
