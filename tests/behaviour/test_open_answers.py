"""Answers that the caller is to read: closed when he does not get them, and given as bytes where bytes can be expected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx2
import pytest
from tests.packages import Package
from typing_extensions import override

from bothends.runtime import (
    DocumentedError,
    Hooks,
    NoAnswerInTime,
    UndocumentedStatus,
    UnexpectedAnswer,
)

CHARTS = """
paths:
  /chart:
    get:
      operationId: getChart
      responses:
        '200':
          description: The chart.
          headers: {X-Pages: {schema: {type: integer}}}
          content: {image/png: {schema: {type: string, format: binary}}}
        '202': {description: Later., content: {application/json: {schema: {type: string}}}}
        '204': {description: None.}
        default: {description: A fault.}
  /levels:
    get:
      operationId: listLevels
      responses:
        '200':
          description: Levels.
          headers: {X-Pages: {schema: {type: integer}}}
          content: {application/jsonl: {schema: {type: integer}}}
"""
PNG = {"content-type": "image/png"}
LINES = {"content-type": "application/jsonl"}
WRONG = {"x-pages": "many"}


class Body(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self.content, self.is_closed = content, False

    @override
    def __iter__(self) -> Iterator[bytes]:
        yield self.content

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.content

    @override
    def close(self) -> None:
        self.is_closed = True

    @override
    async def aclose(self) -> None:
        await asyncio.sleep(0)  # as a connection is closed: not where the task is cancelled
        self.is_closed = True


class Ends:
    """A client whose server gives one answer only. The answer may be read as a download, and is closed in the end."""

    def __init__(self, package: Package, is_async: bool) -> None:
        self.package, self.is_async = package, is_async
        self.sent = 0

    def _transport(self, answer: Callable[[], httpx2.Response]) -> httpx2.MockTransport:
        def answered(request: httpx2.Request) -> httpx2.Response:
            self.sent += 1
            return answer()

        return httpx2.MockTransport(answered)

    def call(
        self,
        name: str,
        status: int,
        headers: dict[str, str],
        content: bytes,
        *,
        is_streamed: bool,
        **options: Any,
    ) -> Any:
        body = Body(content)
        made = self._transport(lambda: httpx2.Response(status, headers=headers, stream=body))

        options = {"base_url": "https://charts.test", "transport": made, "retries": 0, **options}
        try:
            return (
                asyncio.run(self._async(name, is_streamed, options))
                if self.is_async
                else self._sync(name, is_streamed, options)
            )
        finally:
            assert body.is_closed or not self.sent

    def _sync(self, name: str, is_streamed: bool, options: dict[str, Any]) -> Any:
        client = self.package.module.MadeClient(
            **options
        )  # its connections are not closed: that would close the answer
        if not is_streamed:
            return getattr(client, name)()

        with getattr(client.with_streaming_response, name)() as download:
            return download.read()

    async def _async(self, name: str, is_streamed: bool, options: dict[str, Any]) -> Any:
        client = self.package.module.AsyncMadeClient(**options)
        if not is_streamed:
            return await getattr(client, name)()
        async with getattr(client.with_streaming_response, name)() as download:
            return await download.read()


@pytest.fixture(params=["sync", "async"])
def ends(request: Any, made_once: Callable[[str], Package]) -> Ends:
    return Ends(made_once(CHARTS), request.param == "async")


class TestClosed:
    """An answer that the caller does not get is closed."""

    def test_when_a_header_breaks_the_contract(self, ends: Ends) -> None:
        with pytest.raises(UnexpectedAnswer, match="X-Pages"):
            ends.call("get_chart", 200, PNG | WRONG, b"x", is_streamed=True, responses="strict")
        with pytest.raises(UnexpectedAnswer, match="X-Pages"):
            ends.call(
                "list_levels", 200, LINES | WRONG, b"1\n", is_streamed=False, responses="strict"
            )

    def test_when_a_hook_fails(self, ends: Ends) -> None:
        def fail(_outcome: object) -> None:
            raise LookupError("the hook")

        with pytest.raises(LookupError, match="the hook"):
            ends.call(
                "list_levels", 200, LINES, b"1\n", is_streamed=False, hooks=Hooks(response=fail)
            )

    def test_when_the_time_ends_within_a_hook(self, ends: Ends) -> None:
        if not ends.is_async:
            pytest.skip("nobody waits for a hook of a synchronous client")

        async def wait(_outcome: object) -> None:
            await asyncio.sleep(20)

        with pytest.raises(NoAnswerInTime):
            ends.call(
                "list_levels",
                200,
                LINES,
                b"1\n",
                is_streamed=False,
                hooks=Hooks(response=wait),
                timeout=0.1,
            )


class TestStreamed:
    def test_the_bytes_of_a_documented_answer(self, ends: Ends) -> None:
        assert ends.call("get_chart", 200, PNG, b"chart", is_streamed=True) == b"chart"

    def test_a_documented_answer_without_a_body_is_empty(self, ends: Ends) -> None:
        assert ends.call("get_chart", 204, {}, b"", is_streamed=True, responses="strict") == b""

    @pytest.mark.parametrize("headers", [{"content-type": "application/octet-stream"}, {}])
    def test_bytes_of_another_type_are_bytes(self, ends: Ends, headers: dict[str, str]) -> None:
        assert ends.call("get_chart", 200, headers, b"chart", is_streamed=True) == b"chart"
        with pytest.raises(UnexpectedAnswer, match="Content-Type must be one of image/png"):
            ends.call("get_chart", 200, headers, b"chart", is_streamed=True, responses="strict")

    def test_documented_answer_without_bytes_is_an_error(self, ends: Ends) -> None:
        with pytest.raises(UnexpectedAnswer, match="its body is not binary") as caught:
            ends.call(
                "get_chart", 202, {"content-type": "application/json"}, b'"later"', is_streamed=True
            )
        assert caught.value.response is not None
        assert caught.value.response.content == b'"later"'

    def test_an_error_is_raised_as_ever(self, ends: Ends) -> None:
        with pytest.raises(DocumentedError):
            ends.call("get_chart", 500, PNG, b"", is_streamed=True)
        with pytest.raises(UndocumentedStatus):
            ends.call("list_levels", 500, PNG, b"", is_streamed=False)

    def test_an_operation_that_never_answers_bytes_is_not_called(self, ends: Ends) -> None:
        with pytest.raises(AttributeError, match="list_levels"):
            ends.call("list_levels", 200, LINES, b"1\n", is_streamed=True)
        assert ends.sent == 0
