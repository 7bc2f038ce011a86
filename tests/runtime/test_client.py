"""What a client makes of what comes back, or does not, and where it sends what."""

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from bothends.runtime import (
    NoAnswer,
    NoAnswerInTime,
    RequestError,
    UndocumentedStatus,
    UnexpectedAnswer,
)

from .harbour.client import HarbourClient
from .harbour.errors import AddTideContentTooLarge, ListTidesNotFound
from .harbour.models import NewTide, Ship, Tide

ROOT = Path(__file__).parents[2]
ID = "12345678-1234-5678-1234-567812345678"
JSON = {"content-type": "application/json"}


def client(reply, **options):
    """A client whose every request is answered by `reply`: a response, or a function of the request."""
    answer = reply if callable(reply) else lambda _: reply
    return HarbourClient(transport=httpx2.MockTransport(answer), bearer_auth="t0ken", **options)


def json(text, status=200, **headers):
    return httpx2.Response(status, content=text, headers=JSON | headers)


class TestAnswersThatBreakTheContract:
    MORE = b'{"id":"%s","level":"middle","height":1.0,"more":[1]}' % ID.encode()

    def test_warn_is_the_default_and_keeps_all(self, caplog):
        tide = client(json(self.MORE)).latest_tide()
        assert (tide.id, tide.level, tide.height, tide.more) == (UUID(ID), "middle", 1, [1])
        assert type(tide.height) is int
        assert [record.name for record in caplog.records] == ["bothends.harbour"]
        assert "/level" in caplog.text
        assert "middle" not in caplog.text

    def test_off_says_nothing(self, caplog):
        assert client(json(self.MORE), responses="off").latest_tide().level == "middle"
        assert caplog.text == ""

    def test_strict_raises(self):
        with pytest.raises(UnexpectedAnswer, match="/level") as caught:
            client(json(self.MORE), responses="strict").latest_tide()
        assert caught.value.response.content == self.MORE
        assert caught.value.operation.id == "latestTide"

    NOT_JSON = (
        (b"", None),
        (b"<html>", "<html>"),
        (b"\xff", b"\xff"),
    )
    TWICE = b'{"id":1,"id":1}'

    @pytest.mark.parametrize(("content", "value"), NOT_JSON)
    def test_what_is_not_json_is_kept_as_it_came(self, content, value):
        for responses in ("warn", "off"):
            assert client(json(content), responses=responses).latest_tide() == value

    def test_a_name_twice_is_read_as_most_readers_do(self, caplog):
        assert client(json(self.TWICE)).latest_tide().id == 1
        assert "breaks the contract" in caplog.text

    @pytest.mark.parametrize("content", [*(content for content, _ in NOT_JSON), TWICE])
    def test_what_is_not_json_breaks_the_contract(self, content):
        with pytest.raises(UnexpectedAnswer) as caught:
            client(json(content), responses="strict").latest_tide()
        assert caught.value.response.content == content

    def test_another_media_type(self, caplog):
        good = httpx2.Response(
            200, content=b'{"kind":"ship","masts":3}', headers={"content-type": "text/plain"}
        )
        assert client(good).vessel() == Ship(kind="ship", masts=3)
        assert "Content-Type" in caplog.text
        with pytest.raises(UnexpectedAnswer, match="Content-Type"):
            client(good, responses="strict").vessel()

    def test_a_required_header_that_is_missing(self):
        with pytest.raises(UnexpectedAnswer, match="X-Total: is required"):
            client(json(b'{"tides":[]}'), responses="strict").list_tides("h1")
        with pytest.raises(UnexpectedAnswer, match="X-Total: must be integer"):
            client(json(b'{"tides":[]}', **{"x-total": "many"}), responses="strict").list_tides(
                "h1"
            )

    def test_an_unknown_member_of_a_union_is_kept(self):
        assert client(json(b'{"kind":"canoe"}')).vessel() == {"kind": "canoe"}

    def test_a_member_that_is_only_nearly_right_is_recognised(self):
        vessel = client(json(b'{"kind":"ship","masts":"three"}')).vessel()
        assert isinstance(vessel, Ship)
        assert vessel.masts == "three"

    def test_a_coding_that_is_not(self):
        with pytest.raises(UnexpectedAnswer, match="content coding"):
            client(
                lambda _: httpx2.Response(
                    200, stream=Plain(b"{}"), headers={"content-encoding": "gzip"}
                )
            ).latest_tide()

    def test_leap_seconds_stay_text(self):
        got = client(
            json(b'{"id":"%s","level":"low","seen":"2026-12-31T23:59:60Z"}' % ID.encode())
        ).latest_tide()
        assert got.seen == "2026-12-31T23:59:60Z"


class Plain(httpx2.SyncByteStream):
    def __init__(self, content):
        self.content = content

    def __iter__(self):
        yield self.content


class TestStatus:
    def test_unknown(self):
        with pytest.raises(UndocumentedStatus) as caught:
            client(
                httpx2.Response(302, headers={"location": "https://elsewhere.example/"})
            ).latest_tide()
        assert (caught.value.status, caught.value.response.status) == (302, 302)

    def test_an_error_without_a_body(self):
        tide = NewTide(at="2026-01-02T03:04:05Z", level="low")
        with pytest.raises(AddTideContentTooLarge) as caught:
            client(httpx2.Response(413, content=b"<html>")).add_tide("h1", tide)
        assert caught.value.body is None

    def test_a_blank_body_stands_for_its_value_whatever_its_type(self):
        for headers in ({}, JSON, {"content-type": "text/plain"}):
            assert (
                client(httpx2.Response(202, headers=headers), responses="strict").resend([]) == {}
            )

    def test_headers_of_an_error(self):
        with pytest.raises(ListTidesNotFound) as caught:
            client(json(b'{"title":"no"}', 404, **{"X-Why": "gone"})).list_tides("h1")
        assert caught.value.headers["x-why"] == "gone"


class TestNoAnswer:
    @pytest.mark.parametrize(
        ("fault", "error"),
        [(httpx2.ConnectError("t0ken"), NoAnswer), (httpx2.ReadTimeout("t0ken"), NoAnswerInTime)],
    )
    def test_faults_of_the_transport(self, fault, error):
        def fail(_):
            raise fault

        with pytest.raises(error) as caught:
            client(fail).latest_tide()

        assert caught.value.request.url == "https://tides.example/v1/harbours/latest/tides"
        assert "t0ken" not in str(caught.value) + repr(caught.value)


class TestWhereRequestsGo:
    def sent(self, **options):
        seen = []

        def answer(request):
            seen.append(request)
            return json(b'{"id":"%s","level":"low"}' % ID.encode())

        client(answer, **options).latest_tide()
        return seen[0]

    def test_the_server_of_the_contract(self):
        assert (
            str(self.sent(host="test.tides.example").url)
            == "https://test.tides.example/v1/harbours/latest/tides"
        )

    def test_a_base_url(self):
        assert (
            str(self.sent(base_url="http://127.0.0.1:8000/").url)
            == "http://127.0.0.1:8000/harbours/latest/tides"
        )

    def test_headers(self):
        request = self.sent(headers={"User-Agent": "mine", "X-More": "1"})
        assert dict(request.headers) == {
            "host": "tides.example",
            "user-agent": "mine",
            "x-more": "1",
            "accept": "application/json",
            "accept-encoding": "gzip",
        }

    @pytest.mark.parametrize(
        "options",
        [
            {"host": "evil.example"},
            {"server": "nowhere"},
            {"base_url": "ftp://a"},
            {"base_url": "/v1"},
            {"base_url": "https://user:pass@a"},
            {"base_url": "https://a?b"},
        ],
    )
    def test_addresses_that_are_none(self, options):
        with pytest.raises(ValueError):  # noqa: PT011 the message is for a person
            HarbourClient(**options)

    def test_dots_are_no_steps(self):
        seen = []

        def answer(request):
            seen.append(request.url.raw_path)
            return json(b'{"tides":[]}', **{"x-total": "0"})

        client(answer).list_tides("..")
        client(answer).list_tides("a/../b")
        assert seen == [b"/v1/harbours/%2E%2E/tides", b"/v1/harbours/a%2F..%2Fb/tides"]


def test_credentials_that_cannot_be_sent_are_not_told():
    with pytest.raises(RequestError) as caught:
        HarbourClient(bearer_auth="se\ncret", base_url="http://127.0.0.1:1").list_tides("h1")
    assert "cret" not in str(caught.value)


def test_importing_a_package_is_cheap():
    code = "import sys, tests.runtime.harbour.operations; print([m for m in ('httpx2', 'jsonschema_rs') if m in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
        == "[]\n"
    )


def test_a_client_that_nobody_closed_lets_the_program_end():
    code = """
from tests.runtime.harbour.client import HarbourClient
from tests.runtime.harbour.server import create_app
class Harbour:
    def sink(self): ...
client = HarbourClient(app=create_app(Harbour()))
client.sink()
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20, cwd=ROOT)


def test_clients_are_used_from_threads():
    from concurrent.futures import ThreadPoolExecutor

    from .harbour.server import create_app

    class Harbour:
        def latest_tide(self):
            return Tide(id=ID, level="low")

    with HarbourClient(app=create_app(Harbour())) as one, ThreadPoolExecutor(8) as pool:
        assert len({tide.id for tide in pool.map(lambda _: one.latest_tide(), range(50))}) == 1
