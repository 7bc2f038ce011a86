"""Check before a proof that the server is there, knows the paths, and lets us in.

For example, the contract's server is `/v1` and the address is `http://127.0.0.1:8000`. A valid `GET
/tides` is answered 404, in the same words as `GET /undeclared-path-of-no-operation`, so no path of
the contract is known there: `Unreachable`, with the hint to try `http://127.0.0.1:8000/v1`. A 404
in other words would be one of the operation: the proof begins.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from bothends.prove.oracle.refusal import CREDENTIALS, refusal_statuses
from bothends.prove.target.subject import Subject
from bothends.prove.values.valid_requests import ValidRequest, valid_requests
from bothends.prove.wire.message import Answer, Request, exchange, send
from bothends.runtime.operation import Api, Operation
from bothends.runtime.url import url_parts

_NOWHERE = "/undeclared-path-of-no-operation"


class Unreachable(Exception):
    """A server cannot be put to the proof: why, and what may help."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def check_reachable(subject: Subject, operations: Iterable[Operation[Any]]) -> None:
    """Check that something answers, knows a path, and accepts the credentials.

    Raises:
        Unreachable: If not, with a hint.
    """
    nowhere = _first_answer(subject.address)
    result = [
        valid
        for operation in operations
        if (valid := next(valid_requests(operation, subject.credentials), None))
    ]
    refused: list[str] = []

    for valid in result:
        answer = send(subject.address, valid.request)
        if not _is_unknown(subject.address, valid, answer, nowhere):
            if not _is_unauthorised(valid.operation, answer):
                return
            refused += subject.credentials.chosen(valid.operation)

    if refused:
        names = ", ".join(dict.fromkeys(refused))
        raise Unreachable(
            f"{subject.address} refuses the credentials of {names}",
            "is the secret right, and still valid?",
        )

    if result:
        raise Unreachable(
            f"{subject.address} knows no path of the contract: each is answered 404",
            _base_path(subject),
        )


def _first_answer(address: str) -> Answer:
    """The answer to a request that no operation has."""
    try:
        return exchange(address, Request("GET", _NOWHERE))
    except socket.gaierror:
        raise Unreachable(f"{address}: there is no host of this name") from None
    except ConnectionRefusedError:
        raise Unreachable(
            f"nothing listens at {address}", "is the server running, and is this its port?"
        ) from None
    except TimeoutError:
        raise Unreachable(f"{address} does not answer in time") from None
    except ssl.SSLError as error:
        raise Unreachable(f"{address}: no secure connection: {error.reason or error}") from None
    except HTTPException:
        hint = "a server with TLS has an https:// address" if address.startswith("http://") else ""
        raise Unreachable(f"what listens at {address} does not speak HTTP", hint) from None
    except OSError as error:
        raise Unreachable(f"{address} cannot be reached: {error.strerror or error}") from None


def _is_unknown(address: str, valid: ValidRequest, answer: Answer, nowhere: Answer) -> bool:
    """Whether an answer says that there is no such path, rather than no such thing."""
    # A server that answers everything with 200 or 401 tells nothing by its status.
    if answer.status != 404 or nowhere.status != 404:
        return False
    if "404" not in valid.operation.replies:
        return True
    if send(address, valid.request.with_method("MADEUP").with_body(b"")).status != 404:
        return False

    prefix = urlsplit(address).path.rstrip("/")
    # Frameworks repeat the path in their 404 page, a handler's own "no such id" does not look like
    # it.
    return _without_path(answer, prefix + valid.request.target) == _without_path(
        nowhere, prefix + _NOWHERE
    )


def _without_path(answer: Answer, target: str) -> tuple[list[str], bytes]:
    """What a 404 says, without the path that it may repeat."""
    return answer.values("content-type"), answer.body.replace(
        target.partition("?")[0].encode(), b""
    )


def _is_unauthorised(operation: Operation[Any], answer: Answer) -> bool:
    needs = bool(operation.security) and () not in operation.security
    return (
        needs
        and answer.status in (401, 403)
        and answer.status in refusal_statuses(operation, CREDENTIALS)
    )


def _base_path(subject: Subject) -> str:
    """The base path that the contract's servers have and the address does not."""
    for path in dict.fromkeys(_server_paths(subject.package.api)):
        if path and not subject.address.endswith(path):
            return f"by the contract, all paths begin with {path}: try {subject.address}{path}"

    declared = urlsplit(subject.address).path
    return (
        f"is {declared} its base path?"
        if declared
        else "an address may have a base path, such as http://127.0.0.1:8000/v1"
    )


def _server_paths(api: Api) -> Iterator[str]:
    for server in api.servers:
        path = url_parts(server.url).path.rstrip("/")
        if "{" not in path:
            yield path
