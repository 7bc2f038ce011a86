"""How each real server is started on 127.0.0.1, and stopped by its own process."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .free_port import free_port, wait_for

POWERDNS_SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")


@dataclass(frozen=True, slots=True)
class RealServer:
    """A running server: its address, and the headers that it wants to give its contract."""

    url: str
    headers: dict[str, str] = field(default_factory=dict[str, str])


@contextmanager
def start_server(name: str, bin_folder: Path, folder: Path) -> Iterator[RealServer]:
    """Start a server with an empty store in `folder`, and stop it when the block ends.

    Args:
        name: Which server.
        bin_folder: The programs of its environment.
        folder: Where its store and its log go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "store"
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir()

    port = free_port()
    command, headers = COMMANDS[name](bin_folder, store, port)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=store, stdout=log, stderr=log)
        try:
            wait_for(port, process)
            yield RealServer(f"http://127.0.0.1:{port}", headers)
        finally:
            process.terminate()
            process.wait(20)


def _chroma(bin_folder: Path, store: Path, port: int) -> tuple[list[str], dict[str, str]]:
    program = str(bin_folder / "chroma")
    return [program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(store)], {}


def _powerdns(_: Path, store: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """Debian's pdns-server with pdns-backend-sqlite3."""
    program = shutil.which("pdns_server")
    if program is None or not POWERDNS_SCHEMA.exists():
        raise RuntimeError("install Debian's packages pdns-server and pdns-backend-sqlite3 first")

    database = sqlite3.connect(store / "zones")
    database.executescript(POWERDNS_SCHEMA.read_text("utf-8"))
    database.close()

    settings = {
        "daemon": "no",
        "guardian": "no",
        "launch": "gsqlite3",
        "gsqlite3-database": str(store / "zones"),
        "gsqlite3-dnssec": "yes",
        "local-address": "127.0.0.1",
        "local-port": str(free_port()),
        "api": "yes",
        "api-key": "secret",
        "webserver": "yes",
        "webserver-address": "127.0.0.1",
        "webserver-port": str(port),
        "socket-dir": str(store),
        "config-dir": str(store),
    }
    arguments = [f"--{key}={value}" for key, value in settings.items()]
    return [program, *arguments], {"X-API-Key": "secret"}


def _jupyter(bin_folder: Path, store: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """Jupyter Server, without a token and without cookies against forged requests."""
    settings = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.open_browser": "False",
        "ServerApp.root_dir": str(store),
        "ServerApp.allow_root": "True",
        "ServerApp.disable_check_xsrf": "True",
        "IdentityProvider.token": "",
    }
    arguments = [f"--{key}={value}" for key, value in settings.items()]
    return [str(bin_folder / "jupyter-server"), *arguments], {}


COMMANDS = {"chroma": _chroma, "jupyter": _jupyter, "powerdns": _powerdns}
