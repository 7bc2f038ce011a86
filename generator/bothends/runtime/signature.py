"""Signatures of requests by a shared secret, as senders of webhooks make them.

    create_webhook_app(Receiver(), signed_by=StandardWebhooks(SECRET))     # 401 for another one
    HarbourWebhookClient(app=app, signed_by=StandardWebhooks(SECRET))      # signs what it sends

    webhook-id: msg_2KWPBgLlAfxdpx2AI54pPJ85f4W
    webhook-timestamp: 1674087231
    webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

A signature is of the bytes as they were sent, so it is judged before anything is read in them.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from typing import Literal, Protocol

from typing_extensions import override

_TOLERANCE = 300
_TIMESTAMP = "webhook-timestamp"


class Signature(Protocol):
    """How requests are signed. Headers have lower-case names; `now` is in seconds since 1970."""

    def sign(self, headers: Mapping[str, str], content: bytes, now: float) -> dict[str, str]:
        """Return the headers that sign a request with these headers and this body."""
        ...

    def fault(self, headers: Mapping[str, str], content: bytes, now: float) -> str | None:
        """Return why a request is not signed as it has to be, or None."""
        ...


class StandardWebhooks(Signature):
    """Standard Webhooks 1.0.0, with symmetric secrets (`whsec_…` in base64).

    Several secrets are for a rotation: the first one signs, and each is taken. `tolerance` is how
    many seconds a timestamp may be off, so that nobody sends a request again later.
    """

    def __init__(self, *keys: str, tolerance: float = _TOLERANCE) -> None:
        if not keys:
            raise TypeError("StandardWebhooks() needs a secret")
        self._keys = [_decoded(key) for key in keys]
        self._tolerance = tolerance

    @override
    def sign(self, headers: Mapping[str, str], content: bytes, now: float) -> dict[str, str]:
        """Return the three headers; an id that the request has already stays."""
        message = headers.get("webhook-id") or f"msg_{secrets.token_urlsafe(20)}"
        timestamp = str(int(now))
        signature = self._signature(self._keys[0], message, timestamp, content)
        return {
            "webhook-id": message,
            _TIMESTAMP: timestamp,
            "webhook-signature": f"v1,{signature}",
        }

    @override
    def fault(self, headers: Mapping[str, str], content: bytes, now: float) -> str | None:
        """Return why a request is not signed as it has to be, or None."""
        message, timestamp = headers.get("webhook-id", ""), headers.get(_TIMESTAMP, "")
        sent = headers.get("webhook-signature", "").split(" ")
        if not (message and timestamp and any(sent)):
            return "needs webhook-id, webhook-timestamp and webhook-signature"
        # Cut, because `int` raises ValueError beyond 4,300 digits.
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 20):
            return "the timestamp is no number of seconds"
        if abs(now - int(timestamp)) > self._tolerance:
            return "the timestamp is too old, or in the future"

        known = [f"v1,{self._signature(key, message, timestamp, content)}" for key in self._keys]
        is_known = [_is_same(one, another) for one in sent for another in known]
        return None if any(is_known) else "is not made with the secret"

    def _signature(self, key: bytes, message: str, timestamp: str, content: bytes) -> str:
        signed = f"{message}.{timestamp}.".encode("utf-8", "surrogateescape") + content
        return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class HmacSignature(Signature):
    """An HMAC of the body in one header (RFC 2104), as many vendors document it.

    HmacSignature(SECRET, header="X-Hub-Signature-256", prefix="sha256=")

    It says nothing of when it was made: whoever has seen a request can send it again.
    """

    def __init__(
        self,
        secret: str | bytes,
        *,
        header: str,
        algorithm: Literal["sha1", "sha256", "sha384", "sha512"] = "sha256",
        encoding: Literal["hex", "base64"] = "hex",
        prefix: str = "",
    ) -> None:
        if not secret:
            raise ValueError("HmacSignature() needs a secret")
        self._key = secret.encode() if isinstance(secret, str) else secret
        self._header, self._prefix = header.lower(), prefix
        self._algorithm, self._encoding = algorithm, encoding

    @override
    def sign(self, headers: Mapping[str, str], content: bytes, now: float) -> dict[str, str]:
        """Return the header of the signature."""
        digest = hmac.digest(self._key, content, self._algorithm)
        in_base64 = self._encoding == "base64"
        text = base64.b64encode(digest).decode() if in_base64 else digest.hex()
        return {self._header: self._prefix + text}

    @override
    def fault(self, headers: Mapping[str, str], content: bytes, now: float) -> str | None:
        """Return why a request is not signed as it has to be, or None."""
        sent = headers.get(self._header, "")
        if not sent:
            return f"needs the header {self._header}"
        expected = self.sign(headers, content, now)[self._header]
        # Digits of a hexadecimal number have no case.
        if self._encoding == "hex":
            sent, expected = sent.lower(), expected.lower()
        return None if _is_same(sent, expected) else "is not made with the secret"


def _decoded(key: str) -> bytes:
    """The bytes of a secret in base64; the error is without its text."""
    try:
        decoded = base64.b64decode(key.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise ValueError("a secret of Standard Webhooks is base64, after `whsec_`") from None
    return decoded


def _is_same(sent: str, expected: str) -> bool:
    # Time must not tell how much of it is right.
    return hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode())
