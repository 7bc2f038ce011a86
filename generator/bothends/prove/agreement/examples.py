"""Send each request example and answer each reply example, through both ends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from bothends.prove.evidence.progress import Say, one_by_one, silent
from bothends.prove.evidence.record import Evidence, Failure
from bothends.prove.oracle.siblings import ANOTHER, rivals_of
from bothends.prove.target.packages import Package
from bothends.prove.values.successes import documented_answers, successes
from bothends.prove.values.valid_requests import example_arguments
from bothends.prove.wire.credentials import Credentials, is_credential
from bothends.runtime import App, DocumentedError
from bothends.runtime.client import Client
from bothends.runtime.json.value import same
from bothends.runtime.media.stream import is_items
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import MISSING, Basic, Operation

PART = "examples"


def prove_examples(
    package: Package,
    operations: tuple[Operation[Any], ...],
    evidence: Evidence,
    *,
    say: Say = silent,
) -> None:
    """Send every request example, and answer with every reply example.

    The generated client calls the generated server.
    """
    credentials = Credentials.made_up(package.api)
    for operation in one_by_one(operations, say):
        trial = _Trial(package, operation, credentials, evidence)
        arguments = list(example_arguments(operation))
        for name, values in arguments:
            trial.request(name, values)

        if arguments:
            for key in operation.replies:
                for index, answer in enumerate(documented_answers(operation, key)):
                    trial.reply(f"{key} #{index + 1}", arguments[0][1], answer)


class _Trial:
    def __init__(
        self,
        package: Package,
        operation: Operation[Any],
        credentials: Credentials,
        evidence: Evidence,
    ) -> None:
        self.package, self.operation, self.credentials, self.evidence = (
            package,
            operation,
            credentials,
            evidence,
        )
        self.rivals = rivals_of(operation, package.operations)
        self.by_another = False

    def request(self, name: str, arguments: dict[str, Any]) -> None:
        """What the client is given is what the handler receives."""
        calls: list[dict[str, Any]] = []
        answer = successes(self.operation)[0]
        replies = self.operation.replies

        def handle(**received: Any) -> Any:
            calls.append(received)
            return answer

        def attempt() -> str | None:
            with contextlib.suppress(
                *() if any(key.startswith("2") for key in replies) else (DocumentedError,)
            ):
                self._call(handle, arguments)

            # The client writes a key where it is a parameter too: the credential is its value.
            keys = {
                each.name
                for each in self.operation.parameters
                if is_credential(self.operation, each)
            }
            for argument, value in arguments.items():
                if argument in keys:
                    continue
                received = calls[0].get(argument) if calls else MISSING
                if received is MISSING or not _is_same_value(received, value):
                    return f"the handler received another {argument}"

            return None

        self._note(f"request example {name}", attempt)

    def reply(self, name: str, arguments: dict[str, Any], answer: Any) -> None:
        """What the handler answers is what the caller gets, as value or as documented error."""

        def handle(**_: Any) -> Any:
            return answer

        def attempt() -> str | None:
            try:
                received = self._call(handle, arguments)
            except DocumentedError as error:
                if error.status != answer.status:
                    return f"the caller got status {error.status}, not {answer.status}"
                received = error.body

            return None if _is_same_value(received, answer.body) else "the caller got another body"

        self._note(f"reply example {name}", attempt)

    def _call(self, handle: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        def another(**_: Any) -> Any:
            self.by_another = True
            raise NotImplementedError

        api = self.package.api
        methods = {rival.name: staticmethod(another) for rival in self.rivals}
        methods[self.operation.name] = staticmethod(handle)
        handler = type("Handler", (), methods)()
        app = App(
            api, self.package.operations, handler, authenticate=self.credentials.authenticate()
        )
        chosen = next(iter(self.operation.security), ())
        secrets: dict[str, Any] = {}
        for name, secret in self.credentials.secrets.items():
            if name in chosen:
                is_basic = isinstance(api.security[name], Basic)
                username, _, password = secret.partition(":")
                secrets[name] = (username, password) if is_basic else secret

        address: dict[str, str] = {}
        for first in api.servers[:1]:
            address = {variable.wire_name: variable.default for variable in first.variables}

        server = api.servers[0].name if api.servers else ""
        with Client(api, server, address, secrets, app=app, responses="strict") as client:
            # What each generated method returns.
            call: Callable[..., Any] = getattr(client, "_call")  # noqa: B009
            answer = call(self.operation, **arguments)
            # All of a stream, while its client is open.
            return list(answer) if is_items(answer) else answer

    def _note(self, check: str, attempt: Callable[[], str | None]) -> None:
        self.by_another = False
        try:
            wrong = attempt()
        except Exception as error:  # noqa: BLE001 (whatever either end does is evidence)
            wrong = f"{type(error).__name__}: {error}"

        if self.by_another:
            message = f"{self.operation.id}, {check}: {ANOTHER}"
            self.evidence.skip(self.package.name, "both ends", message)
            return

        key = (self.package.name, "both ends", self.operation.id, PART, check)
        if wrong is None:
            self.evidence.count(key)
        else:
            self.evidence.fail(Failure(*key, wrong))


def _is_same_value(first: Any, second: Any) -> bool:
    """Whether two values are the same as JSON.

    Files and bytes, which have no such form, by what they hold.
    """
    try:
        return same(encode(first), encode(second))
    except ValueError:
        return bool(first == second)
