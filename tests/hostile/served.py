"""Packages made from the contracts of these tests, and servers of theirs that a test sends bodies to."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2

from tests.packages import import_files, make


def package_of(folder: Path, contract: str) -> Any:
    """The imported package of a contract, which needs no head."""
    return import_files(folder, make(folder, contract).files)


def operations_of(folder: Path, contract: str) -> Any:
    """The records of its operations."""
    return import_module(f"{package_of(folder, contract).__name__}.operations")


class Sheds:
    """Takes whatever a contract with one operation, `POST /sheds`, allows."""

    async def put_sheds(self, **_: object) -> None:
        """Do nothing."""


def app_of(folder: Path, contract: str) -> Any:
    """The server of a contract with this one operation."""
    return package_of(folder, contract).create_app(Sheds())


def post(app: Any, kind: str, body: bytes, coding: str = "identity") -> int:
    """The status of the answer to a body."""

    async def call() -> int:
        transport = httpx2.ASGITransport(app)
        headers = {"content-type": kind, "content-encoding": coding}
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as client:
            answer = await client.post("/sheds", content=body, headers=headers)
        return int(answer.status_code)

    return asyncio.run(call())
