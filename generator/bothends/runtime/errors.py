"""The errors of both ends, by cause.

    BothendsError
    ├── RequestError             the request breaks the contract; nothing was sent
    ├── NoToken                  no token could be had for the request, so it was not sent
    ├── NoAnswer                 the request was sent or tried, and no answer came
    │   └── NoAnswerInTime       because the time ran out
    ├── AnswerTooLarge           the body of the answer is longer than `max_answer`
    ├── UnexpectedAnswer         an answer that breaks the contract
    └── StatusError              an answer that is not a success; subclasses in `status_errors`
        ├── DocumentedError      the contract documents it; one subclass per operation and status
        └── UndocumentedStatus   the contract does not know its status

Each carries the operation, the request and the response as far as there are any. Its text says
method, URL, status and the beginning of the answer's body:

    404: No harbour has this id. (GET https://api.example/harbours/h1; the server said:
        {"title":"unknown"})

None shows a secret in text or repr: the URL is without credentials, and credentials that the server
repeats read `***`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, overload

from typing_extensions import TypeVar, override

from .exchange import Headers, ReceivedResponse, SentRequest
from .media_type import parse_content_type
from .url import redirect_target, without_secrets

if TYPE_CHECKING:
    from .operation import Operation

BodyT_co = TypeVar("BodyT_co", covariant=True, default=Any)

_EXCERPT = 300
_READ = 4 * _EXCERPT  # bytes: a character of UTF-8 has at most four
_TEXTUAL = re.compile(r"text/|json|xml|javascript|x-www-form-urlencoded|yaml|csv", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\U0010ffff]+")


class BothendsError(Exception):
    """Anything that goes wrong in a call of a generated client."""

    operation: Operation[Any] | None = None
    request: SentRequest | None = None
    response: ReceivedResponse | None = None
    _excerpt: str = ""

    def about(
        self,
        operation: Operation[Any],
        request: SentRequest | None = None,
        response: ReceivedResponse | None = None,
        secrets: Iterable[str] = (),
    ) -> BothendsError:
        """The same error with the operation and the exchange that it belongs to.

        Args:
            operation: The operation that was called.
            request: What was sent, without credentials.
            response: The answer, if there is one.
            secrets: Texts that the error must not show, such as the credentials of the call.
        """
        self.operation, self.request, self.response = operation, request, response
        self._excerpt = excerpt(response, secrets) if response is not None else ""
        return self

    def message(self) -> str:
        """What went wrong, without the exchange."""
        return Exception.__str__(self)

    @override
    def __str__(self) -> str:
        parts = [f"{self.request.method} {self.request.url}"] if self.request else []
        parts += [f"the server said: {self._excerpt}"] if self._excerpt else []
        return f"{self.message()} ({'; '.join(parts)})" if parts else self.message()

    @override
    def __reduce__(self) -> Any:
        # The usual way calls the class with `args`, which are not those of its constructor.
        return _restore, (type(self), self.args, self.__dict__)


class RequestError(BothendsError):
    """The request breaks the contract, so it was not sent.

    `argument` is the Python argument, `place` its place on the wire ("query parameter since", "body
    at /0/name"), `rule` what the contract asks for ("at most 1000 items, got 1001"). `unsendable`:
    the contract allows the value, but the wire has no form for it that arrives unchanged. `hint`
    names the option that sends the request all the same.
    """

    def __init__(
        self, argument: str, pointer: str, rule: str, *, unsendable: bool = False, hint: str = ""
    ) -> None:
        # Most arguments have the same name in Python and on the wire: it is said once.
        head = re.split(" at |, ", pointer, maxsplit=1)[0]
        is_same = head.rpartition(" ")[2] == argument
        named = pointer if is_same else f"{argument} ({pointer})"
        super().__init__(f"{named}: {rule}" + (f". {hint}" if hint else ""))
        self.argument, self.place, self.rule = argument, pointer, rule
        self.unsendable, self.hint = unsendable, hint

    @override
    def __str__(self) -> str:
        # Nothing was sent, so there is no URL; the method tells which of many calls it was.
        return f"{self.operation.name}: {self.message()}" if self.operation else self.message()


class NoToken(BothendsError):
    """No token could be had for the request, so it was not sent."""

    @override
    def __str__(self) -> str:
        return self.message()


class NoAnswer(BothendsError):
    """No answer came: no connection, a connection that broke off, or no more time."""


class NoAnswerInTime(NoAnswer):
    """No answer came in the time that the call may take."""


class AnswerTooLarge(BothendsError):
    """The body of the answer has more bytes, after inflating, than `max_answer` allows.

    The rest was not read.
    """

    def __init__(self, status: int, most: int) -> None:
        super().__init__(
            f"the answer with status {status} has more than {most:,} bytes. "
            "Set max_answer=… to allow more (None for no limit), or use with_streaming_response"
        )
        self.status, self.most = status, most


class UnexpectedAnswer(BothendsError):
    """The answer breaks the contract; `rule` says how. `response` has the answer."""

    status: int | None = None

    def __init__(self, status: int, rule: str) -> None:
        super().__init__(f"the answer with status {status} breaks the contract: {rule}")
        self.status, self.rule = status, rule


class StatusError(BothendsError):
    """An answer that is not a success.

    `bothends.runtime.status_errors` has a subclass for each common status.
    """

    status: int | None = None


class UndocumentedStatus(StatusError):
    """The contract documents no answer with this status.

    `detail` says more, such as the target of a redirect.
    """

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(
            f"{status}: the contract documents no answer with this status"
            + (f". {detail}" if detail else "")
        )
        self.status = status
        self.detail = detail


class DocumentedError(StatusError, Generic[BodyT_co]):
    """An error that the contract documents, raised by handlers and by clients.

    A subclass for one status has it as class attribute; one for a range or for `default` is raised
    with `status=`. `headers` are by wire name and as text; `typed_headers` are the same as they
    were passed, in their types.
    """

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
        self.typed_headers = dict(headers or {})

    @override
    def message(self) -> str:
        meaning = inspect.cleandoc(type(self).__doc__ or "").partition("\n\n")[0]
        text = " ".join(meaning.split()) or type(self).__name__
        text = text if text.startswith(f"{self.status}:") else f"{self.status}: {text}"
        return f"{text.rstrip('.')}. {leads_to}" if (leads_to := self._describe_target()) else text

    def _describe_target(self) -> str:
        """Where a redirect leads; empty for another answer, or one without an address."""
        asked = self.request.url if self.request else ""
        location = self.headers.get("location", "") if (self.status or 0) // 100 == 3 else ""
        target = redirect_target(asked, location)
        return f"It redirects to {without_secrets(target)}" if target else ""

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"


def excerpt(response: ReceivedResponse, secrets: Iterable[str] = ()) -> str:
    """The beginning of a body as one line of text; its size where it is not text.

    Secrets read `***`.
    """
    content, media_type = response.content, response.headers.get("content-type", "")
    if not content:
        return ""
    if media_type and not _TEXTUAL.search(media_type):
        return f"{len(content):,} bytes of {_UNPRINTABLE.sub(' ', media_type)[:80]}"

    declared = parse_content_type(media_type)
    text = declared.decode(content[:_READ], "replace") if declared is not None else None
    if text is None:  # no charset that Python knows
        text = content[:_READ].decode("utf-8", "replace")

    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")

    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"


def _restore(
    kind: type[BothendsError], args: tuple[Any, ...], state: dict[str, Any]
) -> BothendsError:
    """An error from its pickle."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error
