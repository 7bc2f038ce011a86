"""The steps of a call, written once for the sync and the async client.

    answer      prepare → exchange in time → value, stream or download
    _exchange   credentials → attempt; again with fresh credentials after a 401, again after a pause
    _attempt    hook → send → hook
    _send       send, follow redirects, read the body up to `max_answer`

Whatever waits is a method of `Waiting`; a sync client's coroutine never suspends (see
`waiting.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from bothends.runtime.errors import BothendsError, UnexpectedAnswer
from bothends.runtime.exchange import Headers, ReceivedResponse
from bothends.runtime.json.budget import MAX_ANSWER, BudgetError, reading
from bothends.runtime.operation import Operation
from bothends.runtime.transfer.source import SourceError

from .auth.authorize import choose_schemes
from .auth.credentials import Credentials
from .bodies.received import BodyReader, check_size, headers_of, no_answer
from .call import Call, response_of
from .call_mode import CallMode
from .hooks import Attempt
from .log import shown_as
from .redirects import MOST_REDIRECTS
from .retry import AttemptResult
from .settings import Settings
from .waiting import Waiting


async def answer(
    operation: Operation[Any],
    arguments: Mapping[str, Any],
    settings: Settings,
    credentials: Credentials,
    waiting: Waiting,
    mode: CallMode,
) -> tuple[Call, ReceivedResponse, Any]:
    """One call from its arguments to what the caller gets.

    Args:
        operation: The operation to call.
        arguments: Its arguments by Python name.
        settings: The settings of the client.
        credentials: The credentials of the client.
        waiting: How the client waits.
        mode: What the caller gets.

    Returns:
        The call, its last response, and what the caller gets of it.

    Raises:
        BothendsError: With the operation, the request and the response as far as there are any.
    """
    call: Call | None = None
    try:
        call = Call(operation, settings, arguments, mode)
        flow = _Flow(call, settings, credentials, waiting)
        response = await flow.exchange_in_time()
        return call, response, await flow.result(response)
    except BothendsError as error:
        if call is None:
            error.about(operation)
        else:
            call.about(error)
        raise


class _Flow:
    def __init__(
        self, call: Call, settings: Settings, credentials: Credentials, waiting: Waiting
    ) -> None:
        self._call, self._settings = call, settings
        self._credentials, self._waiting = credentials, waiting

    async def exchange_in_time(self) -> ReceivedResponse:
        """The last response of the call, within its deadline."""
        try:
            return await self._waiting.in_time(self._call.deadline, self._exchange())
        except BaseException:
            await self._leave()
            raise

    async def result(self, response: ReceivedResponse) -> Any:
        """What the caller gets of a response.

        A body that he was to read is closed when he does not get it.
        """
        try:
            return self._value(response)
        except BaseException:
            await self._leave()
            raise

    def _value(self, response: ReceivedResponse) -> Any:
        call, reader = self._call, self._settings.reader
        if call.opened is not None and call.is_download:
            return self._waiting.download(reader.download(call.operation, response, call.opened))
        if call.mode.is_download:
            raise reader.not_binary(call.operation, response)
        if call.opened is None:
            with reading(response.content, self._settings.max_answer, MAX_ANSWER):
                try:
                    return reader.read(call.operation, response, call.sent.url)
                except BudgetError as error:
                    raise UnexpectedAnswer(response.status, str(error)) from None
        return self._waiting.stream(call.opened, *reader.items(call.operation, response))

    async def _exchange(self) -> ReceivedResponse:
        call = self._call
        schemes: tuple[str, ...] = ()
        if not self._settings.anonymous:
            content, headers = self._credentials.sources, self._settings.headers
            schemes = choose_schemes(call.operation, content, headers)

        while True:
            values = await self._credentials.take(schemes, self._waiting)
            result = await self._attempt(values)
            if call.may_renew(result) and await self._credentials.renew(values, self._waiting):
                await self._leave()
                continue

            pause = call.pause(result)
            if pause is None:
                return response_of(result)

            await self._leave()
            await self._waiting.sleep(self._settings.clock, pause)

    async def _attempt(self, values: Mapping[str, Any]) -> AttemptResult:
        hooks = self._settings.hooks
        attempt = self._call.attempt()
        if hooks.request is not None:
            await self._waiting.result_of(hooks.request(attempt))

        result = await self._send(attempt, values)
        outcome = self._call.ended(attempt, result)
        if hooks.response is not None:
            await self._waiting.result_of(hooks.response(outcome))

        return result

    async def _send(self, attempt: Attempt, values: Mapping[str, Any]) -> AttemptResult:
        request = self._call.request(attempt, values)
        try:
            response = await self._follow(request, attempt, values)
            headers = headers_of(response)
            if self._call.opens(response, headers):
                return ReceivedResponse(response.status_code, headers, b"")

            try:
                return await self._read(response, headers)
            finally:
                await self._waiting.close(response)
        except httpx2.TransportError as fault:
            return no_answer(fault)
        except SourceError as fault:
            return self._call.unsendable(fault)
        except BothendsError as error:
            return error

    async def _follow(
        self, request: httpx2.Request, attempt: Attempt, values: Mapping[str, Any]
    ) -> httpx2.Response:
        """The response to a request, or to the one that redirects within the origin lead to."""
        redirects = 0
        while True:
            with shown_as(self._call.sent.url):
                response = await self._signed(request, attempt, values)

            following = self._call.redirected(attempt, values, response)
            if following is None or redirects == MOST_REDIRECTS:
                return response

            await self._waiting.close(response)
            request, redirects = following, redirects + 1

    async def _signed(
        self, request: httpx2.Request, attempt: Attempt, values: Mapping[str, Any]
    ) -> httpx2.Response:
        """The response to a request, or to the same one with the digest that it asks for."""
        digest = self._credentials.digests.find(self._call.operation, values) if values else None
        if digest is None:
            return await self._waiting.send(request)

        steps = digest.auth_flow(request)
        response = await self._waiting.send(next(steps))
        try:
            signed = steps.send(response)
        except (StopIteration, ValueError):  # none was asked for, or by a broken challenge
            return response

        following = self._call.again(request, attempt, values)
        if following is None:
            return response

        following.headers["authorization"] = signed.headers["authorization"]
        await self._waiting.close(response)
        return await self._waiting.send(following)

    async def _read(self, response: httpx2.Response, headers: Headers) -> ReceivedResponse:
        most = self._settings.max_answer
        if response.is_stream_consumed:
            # A transport that is no network has read and decoded it already.
            check_size(response, len(response.content), most)
            return ReceivedResponse(response.status_code, headers, response.content)

        body = BodyReader(response, headers, most)
        await self._waiting.read(response, self._call.deadline, body.feed)
        return body.received()

    async def _leave(self) -> None:
        response = self._call.leave()
        if response is not None:
            await self._waiting.close(response)
