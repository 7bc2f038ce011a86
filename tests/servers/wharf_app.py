"""The apps that the tests run under real servers, on the package that they generate as `wharf`."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount
from wharf import create_app
from wharf.models import Berth, State, Tide

ENDED, MANIFEST = Path(os.environ["WHARF_ENDED"]), Path(os.environ["WHARF_MANIFEST"])
PIECE = bytes(1024 * 1024)


class Wharf:
    """The handler. It is a context manager, so that it is seen whether the server gives it its life."""

    def __init__(self) -> None:
        self.entered, self.open, self.closed, self.given = False, 0, 0, 0
        self.next = asyncio.Event()

    def __enter__(self) -> Self:
        self.entered = True
        return self

    def __exit__(self, *_: object) -> None:
        ENDED.write_text("ended", "utf-8")

    async def moor(self, name: str, body: Any, *, tag: Any, x_berth: int | None) -> Berth:
        return Berth(name=name, tags=tag, berth=x_berth, tons=body and body.tons)

    async def _tides(self) -> AsyncIterator[Tide]:
        self.open += 1
        try:
            for height in range(1000):
                yield Tide(height=height)
                await self.next.wait()
        finally:
            await asyncio.sleep(
                0.01
            )  # a handler may have to wait before it has let go of what it holds
            self.open -= 1
            self.closed += 1

    async def watch_tides(self) -> AsyncIterator[Tide]:
        return self._tides()

    async def read_log(self) -> AsyncIterator[Tide]:
        return self._tides()

    async def bring_next(self) -> None:
        self.next.set()
        self.next.clear()

    def unload(self, *, pieces: int) -> Iterator[bytes]:
        self.given = 0
        for _ in range(pieces):
            self.given += 1
            yield PIECE

    async def fetch_manifest(self) -> Path:
        return MANIFEST

    async def read_state(self) -> State:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return State(
            entered=self.entered,
            open=self.open,
            closed=self.closed,
            given=self.given,
            tasks=len(asyncio.all_tasks()),
            memory=memory,
        )


app = create_app(Wharf())
inner = create_app(Wharf())
starlette = Starlette(routes=[Mount("/port/v1", inner)], lifespan=inner.lifespan)
inner_fastapi = create_app(Wharf())
fastapi = FastAPI(lifespan=inner_fastapi.lifespan)
fastapi.mount("/p\u00f6rt", inner_fastapi)
