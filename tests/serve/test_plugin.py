"""The pytest fixture: a stand-in of one's own, in process or on a port."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

import zuora
from bothends.pytest_plugin import StandIns
from bothends.runtime import DocumentedError, InternalServerError
from bothends.runtime.stand_in import DefaultStandIn, SeedError
from capillary import create_app as capillary_app
from capillary.client import CapillaryClient
from capillary.models import MessageNotFound, ResendRequest, ResentMessage
from zuora.client import ZuoraClient

KNOWN = "a02ea6d76931475bb73fcd339b5f6ht8g"


def test_fixture_takes_stand_in_beside_contract(bothends_stand_in: StandIns):
    vendor = bothends_stand_in(zuora)
    assert ZuoraClient(bearer_auth="t", app=vendor.app).resend_email_notifications([KNOWN]) == {}
    assert vendor.handler.sent == [KNOWN]


def test_fixture_url_is_a_real_server(bothends_stand_in: StandIns):
    vendor = bothends_stand_in("zuora", seed={"notifications": {"mine": {}}})
    with ZuoraClient(bearer_auth="t", base_url=vendor.url) as client:
        assert client.resend_email_notifications(["mine", KNOWN]).keys() == {KNOWN}
    assert vendor.handler.sent == ["mine"]
    assert vendor.url == vendor.url


def test_the_default_one_answers_from_the_contract(bothends_stand_in: StandIns):
    vendor = bothends_stand_in("capillary", default=True)
    assert isinstance(vendor.handler, DefaultStandIn)
    with CapillaryClient(access_token="t", base_url=vendor.url, responses="strict") as client:
        assert isinstance(
            client.resend_message(ResendRequest(message_id=174606165)), MessageNotFound
        )


def test_a_failing_handler_says_why_in_the_error_of_the_client(bothends_stand_in: StandIns):
    class Failing:
        def resend_message(self, body: ResendRequest) -> ResentMessage:
            raise KeyError("nothing")

    class Wrong:
        def resend_message(self, body: ResendRequest) -> object:
            return ["no message"]

    for handler, reason in (
        (Failing(), r"the handler failed: KeyError: 'nothing' \(test_plugin.py:\d+\)"),
        (Wrong(), "the handler's answer breaks the contract"),
    ):
        vendor = bothends_stand_in("capillary", stand_in=handler)
        with (
            CapillaryClient(access_token="t", app=vendor.app) as client,
            pytest.raises(InternalServerError, match=reason),
        ):
            client.resend_message(ResendRequest(message_id=5))


def test_a_failing_handler_keeps_its_reason_to_the_log_elsewhere():
    class Failing:
        def resend_message(self, body: ResendRequest) -> ResentMessage:
            raise KeyError("a secret")

    with (
        CapillaryClient(access_token="t", app=capillary_app(Failing())) as client,
        pytest.raises(InternalServerError) as caught,
    ):
        client.resend_message(ResendRequest(message_id=5))
    assert "secret" not in str(caught.value)


def test_a_handler_of_the_tests_own(bothends_stand_in: StandIns):
    class Mine:
        async def resend_message(self, body: ResendRequest) -> ResentMessage:
            return ResentMessage(
                org_id=1, undelivered_message_id=body.message_id, resent_message_id=2
            )

    vendor = bothends_stand_in("capillary", stand_in=Mine())
    client = CapillaryClient(access_token="t", app=vendor.app, responses="strict")
    answer = client.resend_message(ResendRequest(message_id=5))
    assert isinstance(answer, ResentMessage)
    assert (answer.undelivered_message_id, answer.resent_message_id) == (5, 2)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("capilary", "did you mean `capillary`?"),
        ("vltava", "`bothends generate vltava` makes it"),
    ],
)
def test_unknown_package_is_named(bothends_stand_in: StandIns, name: str, hint: str):
    with pytest.raises(ModuleNotFoundError, match=re.escape(hint)):
        bothends_stand_in(name)


def test_state_is_kept_in_a_file(bothends_stand_in: StandIns, tmp_path: Path):
    ids = []
    for _ in range(2):
        vendor = bothends_stand_in("capillary", state=tmp_path / "state.db")
        client = CapillaryClient(access_token="t", app=vendor.app)
        answer = client.resend_message(ResendRequest(message_id=1746061653596))
        assert isinstance(answer, ResentMessage)
        ids.append(answer.resent_message_id)

    assert ids[1] == ids[0] + 1


def test_unfit_seed_is_reported_by_serve(bothends_stand_in: StandIns):
    with pytest.raises(SeedError, match="/notifications/x/org"):
        bothends_stand_in("zuora", seed={"notifications": {"x": {"org": 7}}})


def test_unfit_seed_names_the_stand_in(tmp_path: Path, repository: Path):
    seed: object = {"notifications": {"mine": {}}}
    with ExitStack() as stack:
        elsewhere = StandIns(tmp_path, stack)
        with pytest.raises(SeedError) as refused:
            elsewhere("zuora", seed=seed)

        assert refused.value.faults[0][0] == "/notifications"
        assert "for the stand-in that answers from the contract" in str(refused.value)
        assert (
            f"there is no {tmp_path / 'specs/zuora/stand_in.py'}; to name another: stand_in="
            in str(refused.value)
        )
        file = repository / "specs/zuora/stand_in.py"
        assert elsewhere("zuora", seed=seed, stand_in=file).handler.sent == []
        with pytest.raises(SeedError, match=re.escape(f"(this is a seed for {file})")):
            elsewhere("zuora", seed={"x": 1}, stand_in=file)

        with pytest.raises(
            SeedError, match=r"\(this is a seed for the stand-in that answers from the contract\)"
        ):
            elsewhere("zuora", seed=seed, default=True)


def test_default_stand_in_obeys_seeded_credentials(bothends_stand_in: StandIns):
    vendor = bothends_stand_in(
        "capillary", default=True, seed={"credentials": {"accessToken": ["mine"]}}
    )
    CapillaryClient(access_token="mine", app=vendor.app).resend_message(ResendRequest(message_id=1))
    with pytest.raises(DocumentedError, match="401"):
        CapillaryClient(access_token="another", app=vendor.app).resend_message(
            ResendRequest(message_id=1)
        )
    with pytest.raises(SeedError, match="/credentials/token"):
        bothends_stand_in("capillary", default=True, seed={"credentials": {"token": ["mine"]}})


INNER = """
def test_it(bothends_stand_in):
    with open("url.txt", "w") as file:
        file.write(bothends_stand_in("zuora", default=True).url)
"""


def test_the_server_is_gone_with_the_test(tmp_path: Path, repository: Path):
    (tmp_path / "test_inner.py").write_text(INNER, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        f"pythonpath={repository / 'generated'}",
    ]
    done = subprocess.run(
        [*command, "-p", "bothends.pytest_plugin"] if not _is_installed() else command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    address = urlsplit((tmp_path / "url.txt").read_text(encoding="utf-8"))
    with (
        pytest.raises(OSError),  # noqa: PT011
        socket.create_connection((address.hostname or "", address.port or 0), timeout=1),
    ):
        pass

    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address.geturl())


def _is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(one.name == "bothends" for one in entry_points(group="pytest11"))
