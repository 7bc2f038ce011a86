"""The apps that are served over sockets, each by a factory without arguments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .server import fastapi_app, generated_app


def generated() -> Any:
    """The generated server, made below the working folder by each of its processes."""
    return generated_app(Path(f"process{os.getpid()}").resolve())


def fastapi() -> Any:
    """The same operations in FastAPI."""
    return fastapi_app()
