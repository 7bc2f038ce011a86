"""Tokens of OAuth 2.0 (RFC 6749), kept until they expire or a server answers 401.

    HarbourClient(bearer_auth=ClientCredentials("https://login.example/token", "my-id", "my-secret",
    scopes=("read",)))

They stand wherever a client takes a `Secret` or an `AsyncSecret`.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypedDict
from urllib.parse import quote_plus, urlencode, urlsplit

import anyio
import httpx2
from typing_extensions import Unpack, override

from bothends.runtime.client.bodies.received import no_answer
from bothends.runtime.client.log import shown_as
from bothends.runtime.client.transport.deadline import (
    Clock,
    Deadline,
    Timeout,
    limited,
    out_of_time,
)
from bothends.runtime.client.transport.network import obey_deadlines
from bothends.runtime.client.transport.per_loop import PerLoop
from bothends.runtime.errors import NoToken
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.json.value import is_object

# A token is not used in its last seconds: it must be valid when the server looks at it.
_EARLY = 30.0
_CODE = re.compile(r"[a-z_]{1,60}")


class TokenOptions(TypedDict, total=False):
    """What every source of tokens takes."""

    client_auth: Literal["basic", "body"]
    """Where the client's id and secret stand: in the Authorization header (`basic`, the default) or
    in the body."""
    timeout: float | Timeout
    """Limits of one fetch, which also ends with the call that needs the token.

    30 seconds in all if not given.
    """
    transport: httpx2.BaseTransport
    """What carries the requests of sync clients, instead of the network."""
    async_transport: httpx2.AsyncBaseTransport
    """What carries the requests of async clients, instead of the network."""
    clock: Clock
    """Where time comes from: for tests."""


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    text: str
    end: float | None


class TokenSource:
    """What fetches tokens from an authorization server.

    Shared by clients, it still fetches once for all of them.
    """

    def __init__(
        self, token_url: str, client_id: str, client_secret: str, **options: Unpack[TokenOptions]
    ) -> None:
        if urlsplit(token_url).scheme not in ("http", "https"):
            raise ValueError("token_url must be a whole http or https URL")

        self._url, self._client = token_url, (client_id, client_secret)
        self._in_body = options.get("client_auth", "basic") == "body"
        timeout = options.get("timeout", 30.0)
        self._timeout = timeout if isinstance(timeout, Timeout) else Timeout(total=timeout)
        self._options = options
        self._clock = options.get("clock", Clock())
        self._token: _Token | None = None
        self._lock = threading.Lock()
        self._async_locks = PerLoop(anyio.Lock)

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {urlsplit(self._url).hostname}>"

    def __call__(self) -> str:
        """A token that has not expired."""
        with self._lock:
            return self._fresh() or self._take(*self._fetch())

    async def token_async(self) -> str:
        """The same for async clients."""
        async with self._async_locks.get():
            return self._fresh() or self._take(*await self._fetch_async())

    def forget(self, token: str) -> None:
        """Fetch another next time, in place of this one: a server has refused it."""
        # Another call may have renewed it since the server refused this one.
        current = self._token
        if current is not None and current.text == token:
            self._token = None

    def grant(self) -> dict[str, str]:
        """The parameters of the grant (RFC 6749 §4.4.2, §6)."""
        raise NotImplementedError

    def granted(self, answer: dict[str, Any]) -> None:
        """Take what an answer says beside the token."""

    def _fresh(self) -> str | None:
        token = self._token
        is_fresh = token is not None and (token.end is None or self._clock.monotonic() < token.end)
        return token.text if token is not None and is_fresh else None

    def _request(self, deadline: Deadline) -> httpx2.Request:
        form = self.grant()
        # RFC 6749 §5.1 says JSON, and some servers send a form to whoever does not ask for it.
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        client_id, secret = self._client

        # RFC 6749 §2.3.1: servers need not support it, and credentials go in one place only.
        if self._in_body:
            form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        elif client_id:
            # Both are form-encoded before they are joined (RFC 6749 §2.3.1).
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()

        headers["content-type"] = "application/x-www-form-urlencoded"
        content, limits = urlencode(form).encode(), deadline.limits()
        return httpx2.Request(
            "POST", self._url, headers=headers, content=content, extensions={"timeout": limits}
        )

    def _fetch(self) -> tuple[int, bytes]:
        http = obey_deadlines(httpx2.Client(transport=self._options.get("transport")))
        deadline = Deadline(self._timeout, self._clock)
        try:
            with http, shown_as(self._url_without_query()), deadline.applied():
                response = http.send(self._request(deadline), follow_redirects=False)
                return response.status_code, response.content
        except httpx2.TransportError as fault:
            if limited(None) == 0:
                raise out_of_time() from fault
            raise self._unanswered(fault) from fault

    async def _fetch_async(self) -> tuple[int, bytes]:
        http = httpx2.AsyncClient(transport=self._options.get("async_transport"))
        deadline = Deadline(self._timeout, self._clock)
        try:
            with shown_as(self._url_without_query()):
                async with http:
                    with anyio.fail_after(deadline.remaining()):
                        response = await http.send(self._request(deadline), follow_redirects=False)
                        return response.status_code, response.content
        except (httpx2.TransportError, TimeoutError) as fault:
            raise self._unanswered(fault) from fault

    def _unanswered(self, fault: Exception) -> NoToken:
        reason = f"no answer: {type(fault).__name__}"
        if isinstance(fault, httpx2.TransportError):
            reason = no_answer(fault).message()
        return NoToken(f"the token server {self._url_without_query()} gave {reason}")

    def _url_without_query(self) -> str:
        return self._url.partition("?")[0]

    def _take(self, status: int, content: bytes) -> str:
        """The token of an answer (RFC 6749 §5).

        NoToken when there is none; its text holds nothing but the error's code.
        """
        try:
            answer = read_json(content)
        except JsonTextError:
            answer = None

        answer = answer if is_object(answer) else {}
        token, lifetime, code = (
            answer.get(name) for name in ("access_token", "expires_in", "error")
        )
        if status != 200 or not isinstance(token, str) or not token:
            message = f" ({code})" if isinstance(code, str) and _CODE.fullmatch(code) else ""
            raise NoToken(f"the token server gave no token: it answered {status}{message}")

        self._token = _Token(token, self._end(lifetime))
        self.granted(answer)
        return token

    def _end(self, lifetime: Any) -> float | None:
        try:
            seconds = float(lifetime)  # some servers write the number as text
        except (TypeError, ValueError, OverflowError):
            return None
        return self._clock.monotonic() + seconds - min(_EARLY, seconds / 10)


class ClientCredentials(TokenSource):
    """Tokens for the client itself (RFC 6749 §4.4)."""

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        scopes: Iterable[str] = (),
        **options: Unpack[TokenOptions],
    ) -> None:
        super().__init__(token_url, client_id, client_secret, **options)
        self._scope = " ".join(scopes)

    @override
    def grant(self) -> dict[str, str]:
        return {"grant_type": "client_credentials"} | (
            {"scope": self._scope} if self._scope else {}
        )


class RefreshToken(TokenSource):
    """Tokens for a user who has agreed, by the refresh token that came of it (RFC 6749 §6).

    A server may replace the refresh token each time: `keep` is called with the new one, so that it
    can be stored.
    """

    def __init__(
        self,
        token_url: str,
        refresh_token: str,
        client_id: str = "",
        client_secret: str = "",
        scopes: Iterable[str] = (),
        *,
        keep: Callable[[str], object] | None = None,
        **options: Unpack[TokenOptions],
    ) -> None:
        super().__init__(token_url, client_id, client_secret, **options)
        self._refresh, self._scope, self._keep = refresh_token, " ".join(scopes), keep

    @override
    def grant(self) -> dict[str, str]:
        scope = {"scope": self._scope} if self._scope else {}
        # RFC 6749 §6: without a scope, the token has the one that the user granted.
        return {"grant_type": "refresh_token", "refresh_token": self._refresh} | scope

    @override
    def granted(self, answer: dict[str, Any]) -> None:
        # RFC 6749 §6: the client must discard the old refresh token once it has a new one.
        fresh = answer.get("refresh_token")
        if isinstance(fresh, str) and fresh and fresh != self._refresh:
            self._refresh = fresh
            if self._keep is not None:
                self._keep(fresh)
