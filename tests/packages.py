"""A package made from the text of a contract, in memory, on disk and imported, as its users have it."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2
import pytest

from bothends.config import SpecFile
from bothends.pipeline import Generated, generate
from bothends.write import apply, plan

HEAD = "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\n"
_numbers = itertools.count()


def write_contract(folder: Path, text: str) -> SpecFile:
    """A contract in a folder, with a head of its own or the shortest there is."""
    folder.mkdir(parents=True, exist_ok=True)
    text = dedent(text)
    contract = folder / "openapi.yaml"
    contract.write_text(
        text if text.startswith(("openapi:", "swagger:", "{")) else HEAD + text, "utf-8"
    )
    return SpecFile("made", contract, None, None, folder / "names.lock", "openapi.yaml")


def make(folder: Path, text: str) -> Generated:
    """What is made of a contract, in memory."""
    return generate(write_contract(folder, text))


def import_files(folder: Path, files: Mapping[str, str]) -> ModuleType:
    """Write a package below `folder` and import it, under a name that no other has."""
    name = f"made_{next(_numbers)}"
    apply([plan(folder / name, files, root=folder)])
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


@dataclass(frozen=True)
class Package:
    """An imported package. Its names are those of the contract, so nothing is known of their types here."""

    module: Any
    made: Generated

    def part(self, name: str) -> Any:
        return importlib.import_module(f"{self.module.__name__}.{name}")

    @property
    def models(self) -> Any:
        return self.part("models")

    @property
    def errors(self) -> Any:
        return self.part("errors")

    def app(self, handler: object, **options: Any) -> Any:
        return self.module.create_app(handler, **options)

    def client(self, handler: object, **options: Any) -> Any:
        """A client that calls a server of this handler in process, and holds its answers to the contract."""
        options.setdefault("app", None if handler is None else self.app(handler))
        return self.module.MadeClient(**{"responses": "strict", **options})

    def async_client(self, handler: object, **options: Any) -> Any:
        return self.module.AsyncMadeClient(
            **{"app": self.app(handler), "responses": "strict", **options}
        )


def send(app: Any, method: str, path: str, **request: Any) -> httpx2.Response:
    """What the app answers on the wire to a request that is made by hand."""

    async def call() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="https://made.test") as client:
            return await client.request(method, path, **request)

    return asyncio.run(call())


def handler(**methods: Any) -> SimpleNamespace:
    """A handler of functions."""
    return SimpleNamespace(**methods)


def hide_package(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Hide a package that another test of this process has imported, for the time of one test."""
    monkeypatch.setattr(sys, "path", [at for at in sys.path if not Path(at, name).is_dir()])
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, module)
