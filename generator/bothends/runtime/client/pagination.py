"""From page to page: the arguments of the next call, and when there is none.

by page     ?page=1, ?page=2, … until a page has no items
by offset   ?offset=0, ?offset=20, … by the number of items so far
by cursor   the value at the contract's pointer, or of its header, until it is absent, null or ""
by link     the query of `Link: <…>; rel=next` (RFC 8288)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, urljoin, urlsplit

from pydantic import BaseModel

from bothends.runtime.errors import BothendsError, UnexpectedAnswer
from bothends.runtime.exchange import ReceivedResponse, SentRequest
from bothends.runtime.json.budget import MAX_ANSWER, reading
from bothends.runtime.json.pointer import split
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.models.codec import codec_for
from bothends.runtime.models.model_fields import ModelFields
from bothends.runtime.operation import MISSING, ApiKey, Operation
from bothends.runtime.pages import first_page

from .call_mode import CallMode

_LINK = re.compile(r'<([^<>]*)>((?:[ \t]*;[ \t]*[^\s=;,"]+(?:=(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)')
_PARAMETER = re.compile(r';[ \t]*([^\s=;,"]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?')

_MOST_REPEATS, _MOST_REPEATS_OF_LIKE = 3, 1000
_SCALAR = (str, int, float, type(None))


class Paginator:
    """The pages of one iteration. `arguments` and `mode` are those of the next call."""

    def __init__(self, operation: Operation[Any], arguments: Mapping[str, Any]) -> None:
        if operation.pages is None:
            raise TypeError(f"the contract does not describe pages of {operation.id}")

        self.arguments = dict(arguments)
        self.mode = CallMode(is_page=True)
        self.has_more = True
        self.operation, self._pages = operation, operation.pages
        self._seen: set[bytes] = set()
        self._last, self._repeats = b"", 0
        self._count = first_page(operation)
        if self._pages.by == "page":
            self.arguments[self._pages.parameter] = self._count

    def take(self, page: Any, response: ReceivedResponse, request: SentRequest) -> Iterator[Any]:
        """Yield the items of a page, and see where the next one is.

        Raises:
            UnexpectedAnswer: It leads back to a page that was there before, or to another address.
        """
        found = _value_at(page, self._pages.items)
        items: list[Any] = found if is_array(found) else []
        # However wrong the way to the next page is, these items are here. A page that a count does
        # not change has none that are new.
        is_counted = self._pages.by in ("page", "offset")
        if not is_counted:
            yield from items

        try:
            self._turn(items, response, request)
        except BothendsError as error:
            raise error.about(self.operation, request, response) from None

        if is_counted:
            yield from items

    def _turn(self, items: list[Any], response: ReceivedResponse, request: SentRequest) -> None:
        if self._pages.by == "link":
            self._follow(response, request)
        elif self._pages.by == "cursor":
            cursor = self._cursor(response)
            self.has_more = cursor not in (MISSING, None, "")
            if self.has_more:
                # A cursor that was there before would lead round for ever.
                self._remember(write_json(cursor), response)
                self.arguments[self._pages.parameter] = self._typed(cursor)
        else:
            self.has_more = bool(items)
            if self.has_more:
                self._check_turned(items, response)
                self._count += len(items) if self._pages.by == "offset" else 1
                self.arguments[self._pages.parameter] = self._count

    def _check_turned(self, items: list[Any], response: ReceivedResponse) -> None:
        """UnexpectedAnswer when a server ignores the count and gives the same page each time.

        Data may repeat itself, numbers and texts more than objects that differ; pages of those are
        not the same for long.
        """
        self._repeats = self._repeats + 1 if response.content == self._last else 0
        self._last = response.content
        is_telling = any(item != items[0] for item in items) and not isinstance(items[0], _SCALAR)
        if self._repeats >= (_MOST_REPEATS if is_telling else _MOST_REPEATS_OF_LIKE):
            raise UnexpectedAnswer(response.status, "it leads to a page that was there before")

    def _cursor(self, response: ReceivedResponse) -> Any:
        header = self._pages.cursor.removeprefix("$response.header.")
        if header != self._pages.cursor:
            return response.headers.get(header, MISSING)

        if not response.content:
            return None

        try:
            # What is too much was refused when the page was read.
            with reading(response.content, None, MAX_ANSWER):
                page = read_json(response.content)
        except JsonTextError:
            return MISSING
        return _value_at(page, self._pages.cursor.partition("#")[2])

    def _typed(self, cursor: Any) -> Any:
        parameter = next(
            entry for entry in self.operation.parameters if entry.name == self._pages.parameter
        )
        return codec_for(self.operation.api).decode(parameter.type, cursor)

    def _follow(self, response: ReceivedResponse, request: SentRequest) -> None:
        """Follow `Link: <…>; rel=next` (RFC 8288 §3), to a page of the same operation."""
        target = next_link(response.headers.get("link", ""))
        self.has_more = target is not None
        if target is None:
            return

        current = urlsplit(request.url)
        try:
            following = urlsplit(urljoin(request.url, target))
        except ValueError as error:
            raise UnexpectedAnswer(response.status, f"header Link: {error}") from None

        # Credentials go along with each page, and a link may name any host.
        if (current.scheme, current.netloc, current.path) != (
            following.scheme,
            following.netloc,
            following.path,
        ):
            raise UnexpectedAnswer(
                response.status, "header Link: the next page is at another address"
            )

        query = self._without_keys(following.query)
        self._seen.add(self._without_keys(current.query).encode())
        self._remember(query.encode(), response)
        self.mode = CallMode(is_page=True, query=query)

    def _without_keys(self, query: str) -> str:
        """A query without credentials: a vendor may put those of the caller into its links."""
        keys: set[str] = set()
        for scheme in self.operation.api.security.values():
            if isinstance(scheme, ApiKey) and scheme.location == "query":
                keys.add(scheme.wire_name)
        pairs = query.split("&")
        return "&".join(pair for pair in pairs if unquote_plus(pair.partition("=")[0]) not in keys)

    def _remember(self, key: bytes, response: ReceivedResponse) -> None:
        if key in self._seen:
            raise UnexpectedAnswer(response.status, "it leads to a page that was there before")
        self._seen.add(key)


def next_link(text: str) -> str | None:
    """The target of the first link with the relation `next`."""
    for target, parameters in _LINK.findall(text):
        relations = [
            quoted or plain
            for name, quoted, plain in _PARAMETER.findall(parameters)
            if name.lower() == "rel"
        ]
        # Of several `rel` the first counts (RFC 8288 §3.3).
        if relations and "next" in relations[0].lower().split():
            return str(target)
    return None


def _value_at(value: Any, pointer: str) -> Any:
    """Return the value at a pointer in a body, decoded or not, or MISSING."""
    for part in split(pointer):
        fields = dict(ModelFields.items(value)) if isinstance(value, BaseModel) else value
        if not is_object(fields) or part not in fields:
            return MISSING
        value = fields[part]

    return value
