"""`bothends serve` as people use it: a process, a port, a client."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bothends.runtime import DocumentedError
from capillary.client import CapillaryClient
from capillary.models import ResendRequest, ResentMessage
from leegality.client import LeegalityClient
from leegality.models import ResendRequest as LeegalityRequest
from zuora.client import ZuoraClient
from zuora.errors import (
    ResendEmailNotificationsBadRequest,
    ResendEmailNotificationsUnauthorized,
    ResendEmailNotificationsUnprocessableContent,
)

from .redis_server import redis_server

ZUORA = "/notifications/email-histories/resend"
KNOWN = "a02ea6d76931475bb73fcd339b5f6ht8g"
ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    url: str
    said: str
    log: Path

    def ask(self, method: str, path: str, **request: Any) -> httpx2.Response:
        return httpx2.request(method, self.url + path, **request)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bothends", "serve", *arguments]


@contextmanager
def serving(folder: Path, *arguments: str, cwd: Path = ROOT) -> Iterator[Served]:
    """A server on a free port, ended by Ctrl-C: that it ends well is held here, for every test."""
    log = folder / "log.txt"
    with log.open("a", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command(*arguments, "--port", "0"),
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        )
        assert process.stdout is not None

        try:
            said = process.stdout.readline() + process.stdout.readline()
            found = re.search(r"http://[0-9.:]+", said)
            assert found, log.read_text(encoding="utf-8")
            yield Served(found[0], said, log)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    assert "Traceback" not in log.read_text(encoding="utf-8")


def refused(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def zuora_client(served: Served, token: str = "token") -> ZuoraClient:
    return ZuoraClient(bearer_auth=token, base_url=served.url, responses="strict")


@pytest.fixture(scope="module")
def zuora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("zuora"), "zuora") as served:
        yield served


@pytest.fixture(scope="module")
def default_zuora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("default"), "zuora", "--default") as served:
        yield served


def test_client_reaches_the_vendors_stand_in(zuora: Served):
    assert "answered by stand_in.py" in zuora.said
    with zuora_client(zuora) as client:
        assert client.resend_email_notifications([KNOWN]) == {}
        with pytest.raises(ResendEmailNotificationsBadRequest):
            client.resend_email_notifications(["unknown"])


def test_default_replies_come_from_the_contract(default_zuora: Served):
    assert "answered by the default stand-in" in default_zuora.said
    with zuora_client(default_zuora) as client:
        assert list(client.resend_email_notifications(["whatever"])) == [
            "a00000000000000000000000000000000"
        ]
    headers = {"Authorization": "Bearer t", "Prefer": "code=429"}
    assert default_zuora.ask("POST", ZUORA, json=["a"], headers=headers).status_code == 429


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_reaches_it_too(zuora: Served):
    headers = [
        "-H",
        "Authorization: Bearer t",
        "-H",
        "Content-Type: application/json",
        "-H",
        "Expect: 100-continue",
    ]
    call = [
        "curl",
        "-sS",
        "-w",
        "%{http_code}",
        *headers,
        "-d",
        json.dumps([KNOWN, "x"]),
        zuora.url + ZUORA,
    ]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("202")
    assert '"ObjectNotFound"' in done.stdout


@pytest.mark.parametrize("vendor", ["zuora", "capillary", "leegality"])
def test_contract_and_page_are_served_too(tmp_path: Path, vendor: str):
    contract = (ROOT / "generated" / vendor / "contract.json").read_bytes()
    with serving(tmp_path, vendor) as served:
        assert served.ask("GET", "/__bothends__/contract.json").content == contract
        page = served.ask("GET", "/__bothends__/")
        assert served.ask("GET", "/__bothends__").headers["location"] == "/__bothends__/"
        assert served.ask("GET", "/__bothends__/other").status_code == 404
        assert served.ask("POST", "/__bothends__/").status_code == 405

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path, item in json.loads(contract)["paths"].items():
        assert path in page.text
        for operation in item.values():
            assert operation["operationId"] in page.text
            assert all(status in page.text for status in operation["responses"])

    loaded = re.findall(r"""(?:src="(?!page\.js")|url\(|@import|<link)""", page.text)
    assert loaded == []


def test_log_has_verdicts_and_no_secrets(tmp_path: Path):
    with serving(tmp_path, "zuora") as served:
        headers = {"Authorization": "Bearer my-secret"}
        served.ask("POST", ZUORA, json=[KNOWN], headers=headers)
        served.ask("POST", ZUORA + "?token=my-secret", json={"my-secret": 1}, headers=headers)
        served.ask("GET", "/nothing%1b%5B31m")

    log = served.log.read_text(encoding="utf-8")
    assert f"POST {ZUORA}: accepted, answered 202" in log
    assert f"POST {ZUORA}: refused: body: must be array, got object, answered 400" in log
    assert "(unknown): refused: the contract has no such path, answered 404" in log
    assert "my-secret" not in log
    assert "\x1b" not in log


def test_zuora_remembers_over_a_restart(tmp_path: Path):
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        "tenants:\n  good: {name: acme}\n  other: {name: other}\nnotifications:\n"
        "  mine: {}\n  full: {failure: {code: MailboxFull, message: The mailbox is full.}}\n",
        encoding="utf-8",
    )

    kept = ["zuora", "--state", str(tmp_path / "zuora.db")]
    with (
        serving(tmp_path, *kept, "--seed", str(seed)) as served,
        zuora_client(served, "good") as client,
    ):
        failed = client.resend_email_notifications(["mine", "full"], idempotency_key="k")
        assert {id_: why.code for id_, why in failed.items()} == {"full": "MailboxFull"}
        with pytest.raises(ResendEmailNotificationsBadRequest) as first:
            client.resend_email_notifications(["late"], idempotency_key="bad")

    with serving(tmp_path, *kept) as served:
        with zuora_client(served, "good") as client:
            assert client.resend_email_notifications(["whatever"], idempotency_key="k") == failed
            with pytest.raises(ResendEmailNotificationsBadRequest) as second:
                client.resend_email_notifications(["late"], idempotency_key="bad")

        assert second.value.headers["Zuora-Request-Id"] == first.value.headers["Zuora-Request-Id"]
        with (
            zuora_client(served, "other") as client,
            pytest.raises(ResendEmailNotificationsUnprocessableContent),
        ):
            client.resend_email_notifications(["mine"], idempotency_key="k")

        with (
            zuora_client(served, "stranger") as client,
            pytest.raises(ResendEmailNotificationsUnauthorized),
        ):
            client.resend_email_notifications(["mine"])


def test_capillary_never_gives_an_id_twice(tmp_path: Path):
    ids: list[int] = []
    for _ in range(2):
        with (
            serving(tmp_path, "capillary", "--state", str(tmp_path / "c.db")) as served,
            CapillaryClient(
                basic_auth=("till", "hash"), base_url=served.url, responses="strict"
            ) as client,
        ):
            for message in (1746061653596, *ids[-1:]):
                answer = client.resend_message(ResendRequest(message_id=message))
                assert isinstance(answer, ResentMessage)
                ids.append(answer.resent_message_id)

    assert len(set(ids)) == 3


def test_leegality_counts_resends_over_a_restart(tmp_path: Path):
    sign_url = "2bdcc3ef-661f-440c-b059-82c0ff6ce4d8"
    outcomes = []

    for _ in range(2):
        with (
            serving(tmp_path, "leegality", "--state", str(tmp_path / "l.db")) as served,
            LeegalityClient(auth_token="t", base_url=served.url, responses="strict") as client,
        ):
            for _ in range(3):
                reply = client.resend_notifications(LeegalityRequest(sign_urls=[sign_url]))
                assert reply.data is not None
                outcomes += [one.status for one in reply.data.invitations or []]

    assert outcomes == [1, 1, 1, 1, 1, 0]


def test_several_servers_share_idempotency_keys_in_redis(tmp_path: Path):
    with redis_server(tmp_path) as redis:
        arguments = ["zuora", "--idempotency", redis]
        (tmp_path / "b").mkdir()

        with serving(tmp_path, *arguments) as one, serving(tmp_path / "b", *arguments) as two:
            ids = []
            for served in (one, two):
                with (
                    zuora_client(served) as client,
                    pytest.raises(ResendEmailNotificationsBadRequest) as caught,
                ):
                    client.resend_email_notifications(["unknown"], idempotency_key="k")
                ids.append(caught.value.headers["Zuora-Request-Id"])
            assert ids[0] == ids[1]


def test_package_elsewhere_is_served_by_path(tmp_path: Path):
    shutil.copytree(ROOT / "generated" / "leegality", tmp_path / "moved" / "leegality")
    with serving(tmp_path, "moved/leegality", cwd=tmp_path) as served:
        assert "answered by the default stand-in" in served.said
        with LeegalityClient(auth_token="t", base_url=served.url, responses="strict") as client:
            assert client.resend_notifications(LeegalityRequest(sign_urls=["x"])).status == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["zuoro"], 2, "did you mean `zuora`?"),
        (["specs"], 2, "specs is no generated package"),
        (["none.yaml"], 2, "there is no file none.yaml hint: correct the path"),
        (["no/none.yaml"], 2, "there is no file no/none.yaml hint: there is no folder no either"),
        (["zuora", "--cors", "shop"], 2, "--cors shop: this is no origin hint: an origin is"),
        (
            ["zuora", "--default", "--state", "x.db"],
            2,
            "--state is for a stand_in.py, or with --remember; --idempotency for a stand_in.py",
        ),
        (
            ["zuora", "--idempotency", "redis://:pass@127.0.0.1:1/0"],
            2,
            "Redis at 127.0.0.1:1/0 cannot be used: connection",
        ),
        (
            ["zuora", "--idempotency", "unix:///nothing.sock"],
            2,
            "Redis at /nothing.sock cannot be used: no such file",
        ),
        (["zuora", "--host", "nothing.invalid"], 2, "port 8000: there is no host of this name"),
        (["zuora", "--idempotency", "localhost"], 2, "a URL such as redis://"),
        (["zuora", "--port", "70000"], 2, "65535"),
        (
            ["zuora", "--state", "README.md"],
            2,
            "README.md cannot hold the state: file is not a database hint: --state",
        ),
        (
            ["zuora", "--state", "tests"],
            2,
            "tests cannot hold the state: it is a folder hint: --state",
        ),
        (["zuora", "--state", ""], 2, ". cannot hold the state: it is a folder hint: --state"),
        (
            ["zuora", "--state", "nowhere/x.db"],
            2,
            "nowhere/x.db cannot hold the state: unable to open database file hint:",
        ),
        (["zuora", "--seed", "nothing.yaml"], 2, "there is no file nothing.yaml hint: --seed"),
        (["zuora", "--host", ""], 2, "no host is named hint: 127.0.0.1"),
        (
            [""],
            2,
            "no package is named: the argument is blank hint: there are: capillary, leegality, zuora",
        ),
        (["."], 2, ". is no generated package: it has no contract.json hint: there are: capillary"),
        (
            ["specs/zuora"],
            2,
            "specs/zuora is no generated package: it has no contract.json hint: did you mean `zuora`?",
        ),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], code: int, told: str):
    done = refused(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("argument", "hint"),
    [
        (".", "`bothends serve openapi.yaml` serves the contract in it"),
        ("openapy.yaml", "did you mean `openapi.yaml`?"),
        ("openapi", "`bothends serve openapi.yaml` serves that contract"),
    ],
)
def test_serve_finds_the_contract_that_is_meant(tmp_path: Path, argument: str, hint: str):
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    done = refused(argument, cwd=tmp_path)
    assert done.returncode == 2
    assert hint in " ".join(done.stderr.split())


def test_serve_names_contract_without_package(tmp_path: Path):
    (tmp_path / "specs/harbour").mkdir(parents=True)
    (tmp_path / "specs/harbour/openapi.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    done = refused("harbour", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no generated package harbour" in done.stderr
    assert "hint: `bothends generate harbour` makes it" in done.stderr


def test_a_port_in_use_is_told(zuora: Served):
    done = refused("zuora", "--port", zuora.url.rpartition(":")[2])
    assert done.returncode == 2
    assert "address already in use" in done.stderr
    assert "--port 0 takes any free port" in done.stderr


def test_default_stand_in_accepts_seeded_credentials(tmp_path: Path):
    seed = tmp_path / "seed.yaml"
    seed.write_text("credentials: {basicAuth: ['till:hash', 'bar:hash']}\n", encoding="utf-8")

    with serving(tmp_path, "capillary", "--default", "--seed", str(seed)) as served:
        body = ResendRequest(message_id=1)
        for name, accepted in (("till", True), ("bar", True), ("car", False)):
            with CapillaryClient(
                basic_auth=(name, "hash"), base_url=served.url, responses="strict"
            ) as client:
                if accepted:
                    client.resend_message(body)
                    continue
                with pytest.raises(DocumentedError) as caught:
                    client.resend_message(body)
                assert caught.value.status == 401

        # A scheme that is not named accepts whatever looks right.
        with CapillaryClient(
            access_token="anything", base_url=served.url, responses="strict"
        ) as client:
            client.resend_message(body)


@pytest.mark.parametrize(
    ("seed", "told"),
    [
        (
            "nothing: [x]",
            "nothing: the contract has no such security scheme; it has: basicAuth, accessToken",
        ),
        ("basicAuth: [till]", "basicAuth: basic authentication takes user:password"),
        ("basicAuth: ['']", "basicAuth: a credential cannot be empty"),
        ("basicAuth: till", "basicAuth: input should be a valid array"),
    ],
)
def test_impossible_credentials_are_reported_with_location(tmp_path: Path, seed: str, told: str):
    file = tmp_path / "seed.yaml"
    file.write_text(f"credentials:\n  {seed}\n", encoding="utf-8")
    done = refused("capillary", "--default", "--seed", str(file))
    assert (done.returncode, "seed.yaml:2:" in done.stderr) == (1, True)
    assert told in done.stderr


def test_wrong_redis_password_is_reported_masked(tmp_path: Path):
    with redis_server(tmp_path, "--requirepass", "another") as redis:
        done = refused("zuora", "--idempotency", redis.replace("redis://", "redis://:opensesame@"))
    assert done.returncode == 2
    assert "cannot be used: invalid username-password pair" in done.stderr
    assert "opensesame" not in done.stderr


def test_all_addresses_print_one_working_url(tmp_path: Path):
    with serving(tmp_path, "zuora", "--host", "0.0.0.0") as served:
        assert re.search(r"http://127\.0\.0\.1:\d+ and all addresses of this machine", served.said)
        assert served.ask("GET", "/__bothends__/").status_code == 200


def test_bad_seed_is_reported_with_location(tmp_path: Path):
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        "tenants:\n  t:\n    name: acme\n    colour: red\nnotification: {}\n", encoding="utf-8"
    )
    done = refused("zuora", "--seed", str(seed))
    assert done.returncode == 1
    assert "seed.yaml:4:13: error[seed] colour: unexpected" in done.stderr
    assert (
        "seed.yaml:5:15: error[seed] notification: there is no such thing to seed: did you mean notifications?"
        in done.stderr
    )


STAND_INS: Sequence[tuple[str, str]] = (
    ("1 / 0\n", "ZeroDivisionError"),
    ("x = 1\n", "has no class StandIn"),
    ("def broken(:\n", "SyntaxError"),
)


@pytest.mark.parametrize(("code", "told"), STAND_INS)
def test_broken_stand_in_is_reported_by_fixture(tmp_path: Path, code: str, told: str):
    shutil.copytree(ROOT / "generated" / "leegality", tmp_path / "generated" / "leegality")
    specs = tmp_path / "specs" / "leegality"
    shutil.copytree(ROOT / "specs" / "leegality", specs)
    (tmp_path / "pyproject.toml").touch()
    (specs / "stand_in.py").write_text(code, encoding="utf-8")
    done = refused("leegality", cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_extra_is_named(tmp_path: Path):
    hide = "import sys; sys.modules['uvicorn'] = None; from bothends.cli import main; sys.exit(main(['serve', 'zuora']))"
    done = subprocess.run(
        [sys.executable, "-c", hide], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'bothends[serve]'" in done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or os.name == "nt", reason="signals of POSIX")
def test_serve_ends_on_sigterm_and_frees_port(tmp_path: Path):
    process = subprocess.Popen(
        command("zuora", "--port", "0"), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None

    with process.stdout as said:
        port = int(re.findall(r":(\d+),", said.readline())[0])
        said.readline()
        process.terminate()
        process.wait(20)

    with socket.create_server(("127.0.0.1", port)):
        pass
