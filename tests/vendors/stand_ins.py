"""The vendors' stand-ins, loaded from beside their contracts, and calls that bypass the generated client."""

from __future__ import annotations

import asyncio
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import httpx2

from .documents import ROOT


def stand_in(vendor: str) -> ModuleType:
    """The module specs/<vendor>/stand_in.py."""
    spec = spec_from_file_location(f"stand_in_{vendor}", ROOT / "specs" / vendor / "stand_in.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(
        spec
    )  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


def post(app: Any, path: str, **request: Any) -> httpx2.Response:
    """What the app answers on the wire to a POST that is made by hand."""

    async def call() -> httpx2.Response:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="https://vendor.test"
        ) as client:
            return await client.post(path, **request)

    return asyncio.run(call())
