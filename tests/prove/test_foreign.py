"""Foreign mode: a server that others wrote, wrong in a dozen ways, has exactly these causes, and each is found."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from bothends.cli.evidence import summarise_evidence
from bothends.prove import Budget, Credentials, Evidence, causes, prove_url
from bothends.prove.evidence.facts import ACCEPTED, REFUSED, UNGUARDED
from bothends.prove.target.serve import serve
from bothends.prove.wire.message import Request, curl

from .foreign_server import CONTRACT, SECRET, foreign_app
from .packages import make_package

pytestmark = pytest.mark.filterwarnings("ignore")
EXPECTED = {
    "the server fails with status 500": {"fails", "overflows", "wrongTwice"},
    "the body of an answer breaks its schema": {"otherBody", "otherError"},
    "status 202 is not documented": {"otherStatus", "wrongTwice"},
    "an answer has a media type that is not documented, or none": {"otherMedia"},
    "an answer lacks a documented header, or has it in another form": {"lacksHeader"},
    UNGUARDED: {"unguarded", "unguardedCount"},
    "401 without WWW-Authenticate (RFC 9110 §15.5.2)": {"noChallenge"},
    ACCEPTED: {"takesAnything", "takesAnyCount"},
    REFUSED: {"refusesNine", "unguardedCount"},
    "405 without Allow (RFC 9110 §15.5.6)": {"noAllow"},
    "an answer has a body where the contract describes none": {"bodyOfNone"},
}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("foreign")
    contract = folder / "contract.yaml"
    contract.write_text(CONTRACT, "utf-8")
    package = make_package(folder, "shop", contract)
    with serve(foreign_app) as address:
        return prove_url(package, address, Budget(1, 10), Credentials({"key": SECRET}))


def test_each_fault_is_one_cause_and_there_is_no_other(evidence: Evidence) -> None:
    assert {one.headline: set(one.operations) for one in causes(evidence)} == EXPECTED


def test_fault_of_every_answer_ends_no_fuzzing(evidence: Evidence) -> None:
    assert not [text for _, _, text in evidence.untried if "examples were sent" in text]


def test_report_is_short_and_folds_what_was_not_tried(evidence: Evidence) -> None:
    report = summarise_evidence(evidence)
    assert len(report.splitlines()) < 120
    untried = report.partition("not tried:\n")[2].splitlines()
    assert [line for line in untried if "only a few values" in line and " and " in line]


@pytest.mark.parametrize(
    ("fact", "status"),
    [
        ("the server fails with status 500", 500),
        ("status 202 is not documented", 202),
        (ACCEPTED, 200),
        (REFUSED, 422),
        (UNGUARDED, 200),
        ("401 without WWW-Authenticate (RFC 9110 §15.5.2)", 401),
    ],
)
def test_command_of_a_cause_shows_the_fault_again(
    evidence: Evidence, fact: str, status: int
) -> None:
    [item] = [one.smallest for one in causes(evidence) if one.headline == fact]
    with serve(foreign_app) as address:
        done = subprocess.run(
            ["sh", "-c", item.curl.replace(item.subject, address)],
            env={"PATH": "/usr/bin:/bin", "SECRET": SECRET},
            capture_output=True,
            check=True,
            text=True,
        )
    assert done.stdout.startswith(f"HTTP/1.1 {status} ")


def test_command_sends_two_hosts_and_chunks() -> None:
    request = Request("POST", "/x", (("content-type", "text/plain"),), b"100%")
    command = curl("http://127.0.0.1:1/v1", request.with_header("host", "other.example"))
    assert "\\r\\nhost: 127.0.0.1:1\\r\\n" in command
    assert "\\r\\nhost: other.example\\r\\n" in command
    assert command.endswith("100%%'; sleep 1) | curl -s telnet://127.0.0.1:1")
    assert "transfer-encoding: chunked" in curl("http://h", replace(request, chunked=True))
