"""What is secret, or chosen with `--mask`, is in no recording and on no terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bothends.cli.record import ExchangeWriter
from bothends.record import (
    Exchange,
    Judge,
    Masking,
    write_har,
)
from tests.packages import Package
from tests.record.tides import exchange


class TestMasking:
    @pytest.fixture
    def masked(self, package: Package) -> Callable[[Exchange], str]:
        masking = Masking(package.part("operations").API, ["owner"])
        return lambda seen: write_har([masking.apply(seen)])

    def test_secrets_are_in_no_file(self, masked: Callable[[Exchange], str]) -> None:
        text = masked(exchange(answer={"height": 1.0, "owner": "Zq7-x", "access_token": "Zq7-x"}))
        assert "Zq7-x" not in text
        assert text.count("Aa0-a") == 3

    @pytest.mark.parametrize(
        "name", ["accessToken", "refresh-token", "clientSecret", "apiKey", "token", "OWNER"]
    )
    def test_names_are_masked_however_they_are_spelt(
        self, masked: Callable[[Exchange], str], name: str
    ) -> None:
        assert "Zq7-x" not in masked(exchange(answer={"height": 1.0, name: "Zq7-x"}))
        assert "Zq7-x" not in masked(exchange(target=f"/tides/7?{name}=Zq7-x"))

    @pytest.mark.parametrize("name", ["X-Auth-Token", "x-api-key", "X-CSRF-Token", "X_Api_Key"])
    def test_customary_headers_are_masked(
        self, masked: Callable[[Exchange], str], name: str
    ) -> None:
        headers = ((name, "Zq7-x"),)
        assert "Zq7-x" not in masked(replace(exchange(), request_headers=headers))
        assert "Zq7-x" not in masked(replace(exchange(), answer_headers=headers))

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

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("owner[]=Zq7-x&owner[0]=Zq7-x", "owner[]=Aa0-a&owner[0]=Aa0-a"),
            ("u[owner][first]=Zq7-x", "u[owner][first]=Aa0-a"),
            ("u%5Bowner%5D%5B%5D=Zq7-x", "u%5Bowner%5D%5B%5D=Aa0-a"),
            ("a=%7B%22owner%22%3A%5B%22Zq7-x%22%5D%7D", "a=%7B%22owner%22%3A+%5B%22Aa0-a%22%5D%7D"),
            ("a=%20%7B%22height%22%3A1%7D&b=%7B", "a=%20%7B%22height%22%3A1%7D&b=%7B"),
        ],
    )
    def test_nested_fields_of_queries_and_forms(
        self, package: Package, query: str, expected: str
    ) -> None:
        form = (("Content-Type", "application/x-www-form-urlencoded"), ("A", '{"owner": "Zq7-x"}'))
        url = "https://a.example/?"
        seen = Exchange("POST", url + query, form, query.encode(), 200, (), b"")
        masked = Masking(package.part("operations").API, ["Owner"]).apply(seen)
        assert masked.url == url + expected
        assert masked.request_body == expected.encode()
        assert masked.request_headers[1] == ("A", '{"owner": "Aa0-a"}')

    def test_chosen_fields_are_not_printed(
        self, package: Package, judge: Judge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        masking = Masking(package.part("operations").API, ["id"])
        writer = ExchangeWriter(tmp_path, judge, masking)
        writer.keep(exchange(target="/tides/77", answer={"height": 1.0}))
        assert capsys.readouterr().out.startswith("GET /v1/tides/00 200 ")
        assert "77" not in "".join(file.read_text("utf-8") for file in tmp_path.iterdir())

    def test_field_that_nothing_has_is_known(self, package: Package, judge: Judge) -> None:
        fields = ["Height", "ownr", "id", "API-KEY"]
        masking = Masking(package.part("operations").API, fields)
        assert masking.unmatched == fields
        seen = exchange(target="/tides/77", answer={"height": 1.0})
        masking.apply(seen, judge.judge(seen).operation)
        assert masking.unmatched == ["ownr"]

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("text/csv", b"height,password\n1,Zq7-x\n"),
            ("text/xml", b"<password>Zq7-x</password>"),
            ("text/yaml", b"password: Zq7-x"),
            ("application/json", b'\xef\xbb\xbf{"password": "Zq7-x"}'),
            ("application/json", b'{"password": "Zq7-x", "n": %s}' % (b"9" * 5000)),
            ("application/json", b'{"password": "Zq7-x"'),
            ("application/json", b'{"password": "Zq7-x", "password": ""}'),
            ("application/x-ndjson", b'{"a": 1}\n{"password": "Zq7-x"}\n'),
            ("text/event-stream", b'data: {"password": "Zq7-x"}\n\n'),
            ("multipart/form-data; boundary=b", b"--b\r\n\r\nZq7-x\r\n--b--\r\n"),
            ("application/xml", b"<password>Zq7-x</password>"),
        ],
    )
    def test_bodies_of_every_kind_are_masked_or_left_out(
        self, masked: Callable[[Exchange], str], content_type: str, body: bytes
    ) -> None:
        headers = (("content-type", content_type),)
        text = masked(Exchange("POST", "https://a.example/", headers, body, 200, headers, body))
        assert "Zq7-x" not in text

    def test_addresses_are_masked(self, package: Package, judge: Judge) -> None:
        masking = Masking(package.part("operations").API, ["id", "owner"])
        seen = exchange(target="/tides/77")
        headers = (("Location", "https://a.example/?access_token=Zq7-x#access_token=Zq7-x"),)
        seen = replace(seen, answer_headers=headers)
        text = write_har([masking.apply(seen, judge.judge(seen).operation)])
        assert "Zq7-x" not in text
        assert "https://tides.example/v1/tides/00" in text

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            (
                "Link",
                '<https://a.example/?access_token=Zq7-x>; rel="next", <//u:Zq7-x@b/?code=Zq7-x>; rel=up',
                '<https://a.example/?access_token=Aa0-a>; rel="next", <//b/?code=Aa0-a>; rel=up',
            ),
            (
                "Link",
                '</a>; rel="up"; anchor="/b?x;y&access_token=Zq7-x"; title="t"',
                '</a>; rel="up"; anchor="/b?x;y&access_token=Aa0-a"; title="t"',
            ),
            ("Link", "</?b=1&code=Zq7-x", "</?b=1&code=Aa0-a"),
            ("Link", "<http://[Zq7-x>; rel=next, </b>", "<aaaa://[Aa0-a>; rel=next, </b>"),
            ("Location", "http://[bad/Zq7-x", "aaaa://[aaa/Aa0-a"),
        ],
    )
    def test_urls_of_headers_are_masked(
        self, package: Package, name: str, value: str, expected: str
    ) -> None:
        seen = replace(exchange(), answer_headers=((name, value),))
        masked = Masking(package.part("operations").API).apply(seen)
        assert masked.answer_headers == ((name, expected),)

    def test_code_is_secret_outside_json_only(
        self, masked: Callable[[Exchange], str], package: Package
    ) -> None:
        masking = Masking(package.part("operations").API)
        error = exchange(status=404, answer={"code": "not_found", "assertion": "height"})
        assert masking.apply(error) == replace(error, request_headers=(("Api-Key", "Aa0-a"),))

        form = (("content-type", "application/x-www-form-urlencoded"),)
        sent = b"code=Zq7-x&assertion=Zq7-x"
        url = "https://a.example/?code=Zq7-x&assertion=Zq7-x"
        answered = (*form, ("Location", "https://b.example/?code=Zq7-x"))
        assert "Zq7-x" not in masked(Exchange("POST", url, form, sent, 302, answered, sent))

    def test_bodies_without_secrets_keep_their_bytes(self, package: Package) -> None:
        seen = exchange()
        body = b'{"height":  1.0}'
        changed = Exchange("GET", seen.url, (), b"", 200, (("content-type", "text/plain"),), body)
        assert Masking(package.part("operations").API).apply(changed).answer_body == body
