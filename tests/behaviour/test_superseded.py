"""An error in the media type of a stream is followed by another attempt, and nothing of it stays.

Only a success is read as it comes. An error is read whole, whatever its media type, before the next attempt.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.packages import Package, import_files, make
from tests.runtime.faulty_server import FaultyServer, answer, sends

from bothends.runtime import Retries

TIDES = """
paths:
  /tides:
    get:
      operationId: tides
      security: [{token: []}]
      responses:
        '200':
          description: The tides.
          content: {application/json: {schema: {type: string}}, text/event-stream: {schema: {type: object}}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
"""


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """A package whose errors have the media type of a stream."""
    generated = make(tmp_path / "specs", TIDES)
    files = {name: text.replace('"200"', '"default"') for name, text in generated.files.items()}
    return Package(import_files(tmp_path, files), generated)


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("status", [503, 401])
def test_the_answer_of_the_last_attempt_is_the_one(
    package: Package, is_async: bool, status: int
) -> None:
    tokens = iter(["old", "new"])
    options: dict[str, Any] = {"token": lambda: next(tokens, "newest"), "retries": Retries(base=0)}

    async def main(url: str) -> Any:
        async with package.module.AsyncMadeClient(base_url=url, **options) as client:
            return await client.tides()

    first = answer(status, b"data: {}\n\n", content_type="text/event-stream")
    with FaultyServer(sends(first), sends(answer(200, b'"high"'))) as server:
        if is_async:
            assert asyncio.run(main(server.url)) == "high"
        else:
            with package.module.MadeClient(base_url=server.url, **options) as client:
                assert client.tides() == "high"
        assert (len(server.requests), server.open_connections()) == (2, 0)
