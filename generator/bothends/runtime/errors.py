"""The errors of both ends, by cause.

    BothendsError
    ├── RequestError             the request breaks the contract; nothing was sent
    ├── NoToken                  no token could be had for the request, so it was not sent
    ├── NoAnswer                 the request was sent or tried, and no answer came
    │   └── NoAnswerInTime       because the time ran out
    ├── DocumentedError          an answer that the contract documents as an error; one subclass per operation and status
    ├── UnexpectedAnswer         an answer that breaks the contract
    └── UndocumentedStatus       an answer whose status the contract does not know

Each carries the operation, the request and the response as far as there are any. None shows a secret in text or repr.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, overload

from typing_extensions import TypeVar, override

from .exchange import Headers, ReceivedResponse, SentRequest

if TYPE_CHECKING:
    from .operation import Operation

BodyT_co = TypeVar("BodyT_co", covariant=True, default=Any)


class BothendsError(Exception):
    """Anything that goes wrong in a call of a generated client."""

    operation: Operation[Any] | None = None
    request: SentRequest | None = None
    response: ReceivedResponse | None = None

    def about(
        self,
        operation: Operation[Any],
        request: SentRequest | None = None,
        response: ReceivedResponse | None = None,
    ) -> BothendsError:
        """The same error, told which operation and exchange it belongs to."""
        self.operation, self.request, self.response = operation, request, response
        return self


class RequestError(BothendsError):
    """The request breaks the contract, so it was not sent.

    `argument` is the Python argument, `place` its place on the wire ("query parameter since", "body at /0/name"), `rule`
    what the contract asks for ("at most 1000 items, got 1001"). `unsendable`: the contract allows the value, but the wire
    has no form for it that arrives unchanged.
    """

    def __init__(self, argument: str, place: str, rule: str, *, unsendable: bool = False) -> None:
        super().__init__(f"{argument} ({place}): {rule}")
        self.argument, self.place, self.rule, self.unsendable = argument, place, rule, unsendable


class NoToken(BothendsError):
    """No token could be had for the request, so it was not sent."""


class NoAnswer(BothendsError):
    """No answer came: no connection, a connection that broke off, or no more time."""


class NoAnswerInTime(NoAnswer):
    """No answer came in the time that was given."""


class UnexpectedAnswer(BothendsError):
    """The answer breaks the contract; `rule` says how."""

    def __init__(self, status: int, rule: str) -> None:
        super().__init__(f"the answer with status {status} breaks the contract: {rule}")
        self.status, self.rule = status, rule


class UndocumentedStatus(BothendsError):
    """The contract documents no answer with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the contract documents no answer with status {status}")
        self.status = status


class DocumentedError(BothendsError, Generic[BodyT_co]):
    """An error that the contract documents: raised by handlers, and by clients when it is the answer.

    A subclass for one status has it as class attribute; one for a range or for `default` is raised with `status=`.
    Headers go by their wire names; `given_headers` are as they were given, in their types.
    """

    status: int | None = None

    @overload
    def __init__(
        self: DocumentedError[None],
        body: None = None,
        *,
        headers: Mapping[str, object] | None = None,
        status: int | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self,
        body: BodyT_co,
        *,
        headers: Mapping[str, object] | None = None,
        status: int | None = None,
    ) -> None: ...

    def __init__(
        self,
        body: Any = None,
        *,
        headers: Mapping[str, object] | None = None,
        status: int | None = None,
    ) -> None:
        if status is not None:
            self.status = status

        if self.status is None:
            raise TypeError(
                f"{type(self).__name__} stands for several statuses: say which with status="
            )

        super().__init__()
        self.body: BodyT_co = body
        self.headers = Headers((headers or {}).items())
        self.given_headers = dict(headers or {})

    @override
    def __str__(self) -> str:
        meaning = inspect.cleandoc(type(self).__doc__ or "").partition("\n\n")[0]
        told = " ".join(meaning.split()) or type(self).__name__
        return told if told.startswith(f"{self.status}:") else f"{self.status}: {told}"

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"
