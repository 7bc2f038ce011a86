"""What fails in each answer in one way is not asked for as long as what fails now and then."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from schemathesis.core.failures import Failure

from bothends.prove import Budget, Credentials, causes, prove_url
from bothends.prove.fuzz.repetition import Repetition
from bothends.prove.target.serve import serve
from tests.packages import HEAD

from .packages import make_package

CONTRACT = (
    HEAD
    + "paths:\n"
    + "\n".join(
        f"""\
  /{name}:
    get:
      operationId: {name}
      parameters: [{{name: word, in: query, schema: {{type: string}}}}]
      responses: {{'200': {{description: A word., content: {{text/plain: {{}}}}}}}}"""
        for name in ("wrong", "wrongAtTimes", "right")
    )
    + "\n"
)
EXAMPLES = 60


class Server:
    """Answers in a media type that is not documented: always, for words of even length, never."""

    def __init__(self) -> None:
        self.asked = Counter[str]()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer as ASGI says."""
        if scope["type"] != "http":
            return
        name = scope["path"].strip("/")
        self.asked[name] += 1
        is_even = len(scope["query_string"]) % 2 == 0
        is_wrong = name == "wrong" or (name == "wrongAtTimes" and is_even)
        media = b"text/html" if is_wrong else b"text/plain"
        status = 200 if scope["method"] == "GET" else 405
        headers = [(b"content-type", media), (b"content-length", b"0"), (b"allow", b"GET")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.filterwarnings("ignore")
def test_fuzzing_ends_where_nothing_new_is_shown(tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(CONTRACT, "utf-8")
    package, server = make_package(tmp_path, "words", contract), Server()
    with serve(server) as address:
        evidence = prove_url(package, address, Budget(1, EXAMPLES), Credentials({}))

    ended = [text for _, _, text in evidence.untried if "failed as others before" in text]
    assert [text.partition(",")[0] for text in ended] == ["wrong"]
    assert server.asked["wrong"] < server.asked["right"] - EXAMPLES // 2
    assert server.asked["wrongAtTimes"] > server.asked["right"] - EXAMPLES // 4
    media = {
        name for cause in causes(evidence) for name in cause.operations if "media" in cause.headline
    }
    assert media == {"wrong", "wrongAtTimes"}


def failing(phase: str, label: str = "GET /words") -> SimpleNamespace:
    phase_of_case = SimpleNamespace(name=phase)
    return SimpleNamespace(
        meta=SimpleNamespace(phase=phase_of_case), operation=SimpleNamespace(label=label)
    )


def test_a_sequence_of_requests_does_not_begin_anew_for_what_is_known() -> None:
    repetition, failure = Repetition(), Failure(operation="GET /words", message="wrong")
    response, another = SimpleNamespace(status_code=200), SimpleNamespace(status_code=500)
    assert repetition.note(failure, failing("coverage"), response)
    assert repetition.note(failure, failing("fuzzing"), response)
    assert not repetition.note(failure, failing("stateful"), response)
    assert repetition.note(failure, failing("stateful"), another)
    assert repetition.note(failure, failing("stateful", "GET /others"), response)
