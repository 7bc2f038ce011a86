"""A caller, the proxy and a real server over sockets; what is kept of it, and what is said of it."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from bothends.cli.app import run
from bothends.openapi.pointer import split
from bothends.record import (
    Exchange,
    HarError,
    Judge,
    Recorder,
    read_har,
    suggestions,
    write_har,
)
from bothends.record.proxy import MOST_BYTES
from bothends.serve.listen import running
from tests.packages import Package, import_files, make
from tests.record.tides import CONTRACT, exchange
from tests.runtime.faulty_server import FaultyServer


class Vendor:
    """A real server: it answers with what it is given, in gzip if asked, and remembers what it got."""

    def __init__(self) -> None:
        self.answer: tuple[int, list[tuple[bytes, bytes]], bytes] = (200, [], b"")
        self.received: list[tuple[str, str, dict[bytes, bytes], bytes]] = []

    async def __call__(
        self, scope: Any, receive: Callable[[], Any], send: Callable[..., Any]
    ) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return

        message = await receive()
        target = scope["raw_path"].decode() + "?" + scope["query_string"].decode()
        self.received.append((scope["method"], target, dict(scope["headers"]), message["body"]))
        status, headers, body = self.answer
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class TestProxy:
    def test_exchange_passes_unchanged_both_ways(self) -> None:
        vendor, kept = Vendor(), list[Exchange]()
        vendor.answer = (409, [(b"x-one", b"1"), (b"x-one", b"2")], b"\x00busy")
        with running(vendor) as url, running(Recorder(url + "/v1", kept.append)) as proxy:
            answer = httpx2.post(
                f"{proxy}/tides%2F7?a=%20&a=", content=b"\xff", headers={b"X-Own": "é".encode()}
            )

        assert (answer.status_code, answer.content) == (409, b"\x00busy")
        assert answer.headers.get_list("x-one") == ["1", "2"]
        [(method, target, headers, body)] = vendor.received
        assert (method, target, body) == ("POST", "/v1/tides%2F7?a=%20&a=", b"\xff")
        assert headers[b"x-own"].decode("utf-8") == "é"
        [seen] = kept
        assert seen.url == f"{url}/v1/tides%2F7?a=%20&a="
        assert (seen.status, seen.answer_body, seen.request_body) == (409, b"\x00busy", b"\xff")

    def test_location_leads_to_the_proxy(self) -> None:
        vendor = Vendor()
        with running(vendor) as url, running(Recorder(url + "/v1", lambda _: None)) as proxy:
            for location, expected in [
                (f"{url}/v1/tides/8", f"{proxy}/tides/8"),
                ("/tides/8", "/tides/8"),
                ("https://elsewhere.example/", "https://elsewhere.example/"),
            ]:
                vendor.answer = (302, [(b"location", location.encode())], b"")
                assert httpx2.get(proxy).headers["location"] == expected

    @pytest.mark.parametrize("coding", [b"br", b"gzip"])
    def test_coded_answer_passes_as_it_came(self, coding: bytes) -> None:
        vendor, kept = Vendor(), list[Exchange]()
        content = b"\x8b\x00 brotli" if coding == b"br" else gzip.compress(b"busy")
        vendor.answer = (200, [(b"content-encoding", coding)], content)
        with (
            running(vendor) as url,
            running(Recorder(url, kept.append)) as proxy,
            httpx2.Client() as client,
            client.stream("GET", proxy) as answer,
        ):
            assert answer.headers["content-encoding"] == coding.decode()
            assert b"".join(answer.iter_raw()) == content
        assert kept[0].answer_body == (b"" if coding == b"br" else b"busy")
        assert kept[0].is_cut == (coding == b"br")

    @pytest.mark.parametrize(
        ("asked", "sent"),
        [
            ("gzip;q=0.5, deflate, br, zstd, *", "gzip;q=0.5, deflate"),
            ("GZip", "GZip"),
            ("br", "identity"),
            ("*", "identity"),
        ],
    )
    def test_only_readable_codings_are_asked_for(self, asked: str, sent: str) -> None:
        vendor, kept = Vendor(), list[Exchange]()
        with running(vendor) as url, running(Recorder(url, kept.append)) as proxy:
            httpx2.get(proxy, headers={"accept-encoding": asked})
        assert vendor.received[0][2][b"accept-encoding"].decode() == sent
        assert ("accept-encoding", asked) in kept[0].request_headers

    def test_header_outside_ascii_is_kept(self) -> None:
        vendor, kept = Vendor(), list[Exchange]()
        headers = [(b"x-own", b"\xe9"), (b"content-encoding", b"gzip")]
        vendor.answer = (200, headers, gzip.compress(b"busy"))
        with running(vendor) as url, running(Recorder(url, kept.append)) as proxy:
            assert httpx2.get(proxy).content == b"busy"
        assert ("x-own", "é") in kept[0].answer_headers
        assert kept[0].answer_body == b"busy"

    @pytest.mark.parametrize("surplus", [0, 1])
    def test_inflating_ends_at_the_limit(self, surplus: int) -> None:
        vendor, kept = Vendor(), list[Exchange]()
        content = gzip.compress(bytes(MOST_BYTES + surplus), compresslevel=1)
        vendor.answer = (200, [(b"content-encoding", b"gzip")], content)
        with (
            running(vendor) as url,
            running(Recorder(url, kept.append)) as proxy,
            httpx2.Client() as client,
            client.stream("GET", proxy) as answer,
        ):
            assert b"".join(answer.iter_raw()) == content
        assert (len(kept[0].answer_body), kept[0].is_cut) == ((MOST_BYTES, False), (0, True))[
            surplus
        ]

    def test_broken_answer_is_kept_as_cut(self) -> None:
        kept: list[Exchange] = []
        broken = b"HTTP/1.1 200 Fine\r\ncontent-length: 9\r\n\r\nhalf"
        with (
            FaultyServer(
                lambda connection: (connection.send(broken), connection.reset())
            ) as server,
            running(Recorder(server.url, kept.append)) as proxy,
            pytest.raises(httpx2.HTTPError),
        ):
            httpx2.get(proxy)
        assert (kept[0].status, kept[0].is_cut) == (200, True)

    def test_request_gets_no_headers_of_ours(self) -> None:
        vendor = Vendor()
        with running(vendor) as url, running(Recorder(url, lambda _: None)) as proxy:
            request = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
            host, port = proxy.removeprefix("http://").split(":")
            with socket.create_connection((host, int(port))) as plain:
                plain.sendall(request)
                while plain.recv(65536):
                    pass
        assert {b"user-agent", b"accept", b"accept-encoding"} & set(vendor.received[0][2]) == set()

    def test_silent_server_gives_bad_gateway(self) -> None:
        kept: list[Exchange] = []
        with running(Recorder("http://127.0.0.1:9", kept.append)) as proxy:
            answer = httpx2.get(proxy)
        assert answer.status_code == 502
        assert "no answer from http://127.0.0.1:9" in answer.text
        assert kept[0].status == 0


class TestHar:
    @pytest.mark.parametrize("body", [b"", b'{"a": 1}', "é".encode(), b"\xff\x00"])
    def test_exchange_survives_its_file(self, body: bytes) -> None:
        one = Exchange(
            "POST", "https://a.example/?b=1", (("A", "1"),), body, 200, (("B", "2"),), body
        )
        assert list(read_har(write_har([one, one]))) == [one, one]

    def test_cut_sides_survive_their_file(self) -> None:
        cut = [replace(exchange(), is_request_cut=True), replace(exchange(), is_answer_cut=True)]
        assert list(read_har(write_har(cut))) == cut

    def test_browser_entries_without_answer_have_no_status(self) -> None:
        document = json.loads(write_har([exchange(), exchange(status=0)]))
        document["log"]["entries"][0]["request"]["headers"].append({"name": ":path", "value": "/"})
        read, unanswered = read_har(json.dumps(document))
        assert unanswered.status == 0
        assert read.request_headers == (("Api-Key", "Zq7-x"),)

    @pytest.mark.parametrize("text", ["", "[]", '{"log": {"entries": [{}]}}', "[" * 100_000])
    def test_other_files_are_refused(self, text: str) -> None:
        with pytest.raises(HarError):
            list(read_har(text))


class TestJudge:
    @pytest.mark.parametrize(
        ("seen", "fragment"),
        [
            (exchange(answer={"height": 3.2}), "as the contract says"),
            (exchange(target="/tides/x", status=404), "must be integer"),
            (exchange(target="/tides/7?day=Monday", answer={"height": 1}), "at most 3"),
            (exchange(answer={}), "height"),
            (exchange(status=409), "status 409 is not documented"),
            (exchange(target="/else"), "no such operation"),
            (exchange("POST", "/tides", 204, body={"height": "x"}), "must be number"),
        ],
    )
    def test_both_directions_are_judged(self, judge: Judge, seen: Exchange, fragment: str) -> None:
        assert fragment in judge.judge(seen).text

    @pytest.mark.parametrize(
        ("seen", "text"),
        [
            (replace(exchange(), is_answer_cut=True), "getTide: not judged: a body was not kept"),
            (
                replace(exchange("POST", "/tides", 204, body={}), is_request_cut=True),
                "addTide: not judged: a body was not kept",
            ),
            (
                replace(exchange(target="/tides/7?day=Monday"), is_answer_cut=True),
                "; not judged: a body was not kept",
            ),
        ],
    )
    def test_cut_exchange_is_not_judged(self, judge: Judge, seen: Exchange, text: str) -> None:
        judged = judge.judge(seen)
        assert judged.text.endswith(text)
        assert judged.answer == ()
        assert ("at most 3" in judged.text) == ("Monday" in seen.url) == (not judged.is_right)

    def test_refused_request_is_right(self, judge: Judge) -> None:
        assert judge.judge(exchange(target="/tides/x", status=404)).is_right
        assert not judge.judge(exchange(target="/tides/x", answer={"height": 1})).is_right


class TestSuggestions:
    @pytest.mark.parametrize(
        "answers",
        [
            [(409, {"reason": "closed"}), (409, {"reason": None, "at": 3})],
            [(200, {"height": 1, "tags": [1, "b"]}), (200, {"height": 2, "tags": []})],
            [(200, {"height": 1, "n": n}) for n in (1, 2.5, None, [{"a": 1}, {"a": "b"}])],
        ],
    )
    def test_change_allows_what_was_seen(
        self, tmp_path: Path, judge: Judge, answers: list[tuple[int, Any]]
    ) -> None:
        seen = [exchange(status=status, answer=answer) for status, answer in answers]
        found = suggestions(map(judge.judge, seen))
        assert len(found) == 1

        contract = yaml.safe_load("openapi: 3.1.0\ninfo: {title: T, version: '1'}" + CONTRACT)
        for suggestion in found:
            node = contract
            for step in split(suggestion.pointer):
                node = node[step]
            node |= suggestion.value

        made = make(tmp_path / "specs", json.dumps(contract))
        part = Package(import_files(tmp_path, made.files), made).part("operations")
        changed = Judge(part.API, part.OPERATIONS)
        assert [changed.judge(one).answer for one in seen] == [()] * len(seen)
        assert suggestions(map(changed.judge, seen)) == []


class TestCommands:
    @pytest.fixture
    def project(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> Path:
        """A generated project. Its package has the name of the test: a process imports a name once."""
        contract = tmp_path / "specs" / request.node.originalname / "openapi.yaml"
        contract.parent.mkdir(parents=True)
        contract.write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}" + CONTRACT, "utf-8")
        monkeypatch.chdir(tmp_path)
        assert run(["generate"]) == 0
        return tmp_path

    def test_recordings_are_checked(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = project / "exchanges"
        folder.mkdir()
        (folder / "1.har").write_text(write_har([exchange(answer={"height": 1})]), "utf-8")
        capsys.readouterr()
        assert run(["check-exchanges", "test_recordings_are_checked", "exchanges"]) == 0
        text = capsys.readouterr().out
        assert "never seen: addTide, POST /tides" in text
        assert "never seen: getTide with 404" in text
        assert text.endswith("1 exchange, 0 not as the contract says\n")

        (folder / "2.har").write_text(write_har([exchange(status=409), exchange(target="/x")]))
        assert run(["check-exchanges", "test_recordings_are_checked", "exchanges"]) == 1
        text = capsys.readouterr().out
        assert "exchanges/2.har: GET /v1/tides/7 409 getTide: answer: status 409 is not" in text
        assert '{"409": {"description": "Seen, and not documented."}}' in text
        assert "1 of operations that it does not have" in text

    def test_other_methods_and_missing_answers_are_told(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        name = "test_other_methods_and_missing_answers_are_told"
        elsewhere = replace(
            exchange(status=204), method="DELETE", url="https://b.example/v1/tides/7"
        )
        seen = [
            exchange(answer={"height": 1}),
            exchange(status=0),
            replace(exchange(status=204), method="DELETE"),
            replace(exchange(status=405), method="PUT"),
            replace(exchange(status=204), method="OPTIONS"),
            elsewhere,
        ]
        (project / "1.har").write_text(write_har(seen), "utf-8")
        capsys.readouterr()
        assert run(["check-exchanges", name, "1.har"]) == 1
        text = capsys.readouterr().out
        assert "DELETE /v1/tides/7 204: the contract has this path, and no DELETE of it" in text
        assert text.endswith(
            "2 exchanges, 1 not as the contract says; 3 of operations that it does not have; "
            "1 without an answer, not judged\n"
        )

    def test_wrong_use_is_named(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "no.har").write_text("{}", "utf-8")
        assert run(["check-exchanges", "test_wrong_use_is_named", "no.har"]) == 2
        assert "no.har is no HAR file: the file: `log` is missing" in capsys.readouterr().err
        assert (
            run(["record", "test_wrong_use_is_named", "--url", "tides", "--to", "exchanges"]) == 2
        )
        assert "no base URL" in capsys.readouterr().err
