"""A caller, the proxy and a real server over sockets; what is kept of it, and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bothends.cli.app import run
from bothends.record import (
    Exchange,
    HarError,
    Judge,
    Judgement,
    Masking,
    Recorder,
    read_har,
    suggestions,
    write_har,
)
from bothends.serve.listen import running
from tests.packages import Package, import_files, make

CONTRACT = """
servers: [{url: 'https://tides.example/v1'}]
security: [{key: []}]
paths:
  /tides/{id}:
    get:
      operationId: getTide
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: day, in: query, schema: {type: string, maxLength: 3}}
      responses:
        '200':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
        '404': {description: None.}
  /tides:
    post:
      operationId: addTide
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
      responses: {'204': {description: Added.}, '401': {description: Who?}}
components:
  schemas:
    Tide: {type: object, required: [height], properties: {height: {type: number}, owner: {type: string}}}
  securitySchemes: {key: {type: apiKey, in: header, name: Api-Key}}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("record")
    generated = make(folder / "specs", CONTRACT)
    return Package(import_files(folder, generated.files), generated)


@pytest.fixture(scope="module")
def judge(package: Package) -> Judge:
    operations = package.part("operations")
    return Judge(operations.API, operations.OPERATIONS)


def exchange(
    method: str = "GET",
    target: str = "/tides/7",
    status: int = 200,
    answer: Any = None,
    body: Any = None,
) -> Exchange:
    json_type = (("content-type", "application/json"),)
    return Exchange(
        method,
        "https://tides.example/v1" + target,
        (("Api-Key", "Zq7-x"), *(json_type if body is not None else ())),
        b"" if body is None else json.dumps(body).encode(),
        status,
        json_type if answer is not None else (),
        b"" if answer is None else json.dumps(answer).encode(),
    )


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

    def test_browser_entries_without_answer_are_left_out(self) -> None:
        document = json.loads(write_har([exchange(), exchange(status=0)]))
        document["log"]["entries"][0]["request"]["headers"].append({"name": ":path", "value": "/"})
        [read] = read_har(json.dumps(document))
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

    def test_refused_request_is_right(self, judge: Judge) -> None:
        assert judge.judge(exchange(target="/tides/x", status=404)).is_right
        assert not judge.judge(exchange(target="/tides/x", answer={"height": 1})).is_right


class TestMasking:
    @pytest.fixture
    def masked(self, package: Package) -> Callable[[Exchange], str]:
        masking = Masking(package.part("operations").API, ["owner"])
        return lambda seen: write_har([masking.apply(seen)])

    def test_secrets_are_in_no_file(self, masked: Callable[[Exchange], str]) -> None:
        text = masked(exchange(answer={"height": 1.0, "owner": "Zq7-x", "access_token": "Zq7-x"}))
        assert "Zq7-x" not in text
        assert text.count("Aa0-a") == 3

    def test_forms_and_queries_are_masked(self, masked: Callable[[Exchange], str]) -> None:
        form = (("content-type", "application/x-www-form-urlencoded"),)
        seen = Exchange(
            "POST",
            "https://u:pw@a.example/?owner=me&b=%20",
            form,
            b"u[password]=x&b=+",
            200,
            (),
            b"",
        )
        text = masked(seen)
        assert "https://a.example/?owner=aa&b=%20" in text
        assert "u[password]=a&b=+" in text

    def test_bodies_without_secrets_keep_their_bytes(self, package: Package) -> None:
        seen = exchange()
        body = b'{"height":  1.0}'
        changed = Exchange("GET", seen.url, (), b"", 200, (("content-type", "text/plain"),), body)
        assert Masking(package.part("operations").API).apply(changed).answer_body == body


class TestSuggestions:
    def test_change_allows_what_was_seen(self, judge: Judge) -> None:
        judged: list[Judgement] = [
            judge.judge(exchange(status=409, answer={"reason": "closed"})),
            judge.judge(exchange(answer={"height": 1, "tags": ["a"]})),
            judge.judge(exchange(answer={"height": 2, "tags": ["b"]})),
        ]
        status, tags = suggestions(judged)
        assert status.pointer == "/paths/~1tides~1{id}/get/responses"
        properties = {"reason": {"type": "string"}}
        content = {"application/json": {"schema": {"type": "object", "properties": properties}}}
        assert status.value["409"]["content"] == content
        assert tags.pointer == "/components/schemas/Tide/properties"
        assert tags.value == {"tags": {"type": "array", "items": {"type": "string"}}}


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
        assert text.endswith("1 exchanges, 0 not as the contract says\n")

        (folder / "2.har").write_text(write_har([exchange(status=409), exchange(target="/x")]))
        assert run(["check-exchanges", "test_recordings_are_checked", "exchanges"]) == 1
        text = capsys.readouterr().out
        assert "exchanges/2.har: GET /v1/tides/7 409 getTide: answer: status 409 is not" in text
        assert '{"409": {"description": "Seen, and not documented."}}' in text
        assert "1 at paths that it does not have" in text

    def test_wrong_use_is_named(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (project / "no.har").write_text("{}", "utf-8")
        assert run(["check-exchanges", "test_wrong_use_is_named", "no.har"]) == 2
        assert "no.har is no HAR file: the file: `log` is missing" in capsys.readouterr().err
        assert (
            run(["record", "test_wrong_use_is_named", "--url", "tides", "--to", "exchanges"]) == 2
        )
        assert "no base URL" in capsys.readouterr().err
