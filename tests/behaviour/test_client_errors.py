"""Errors of a client: their common classes, their texts, and that no secret is in them."""

from __future__ import annotations

import pickle
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from tests.packages import Package

from bothends.emit.errors import STATUS_CLASSES
from bothends.runtime import (
    AnswerTooLarge,
    ClientError,
    NoAnswer,
    NotFoundError,
    RequestError,
    ServerError,
    ServiceUnavailableError,
    StatusError,
    TooManyRequestsError,
    UndocumentedStatus,
    UnexpectedAnswer,
    status_errors,
)

TIDES = """
components:
  securitySchemes:
    bearerAuth: {type: http, scheme: bearer}
    key: {type: apiKey, in: query, name: key}
security: [{bearerAuth: [], key: []}]
paths:
  /tides/{id}:
    get:
      operationId: getTide
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: A tide., content: {application/json: {schema: {type: object}}}}
        '404': {description: There is no such tide., content: {application/json: {schema: {type: object}}}}
        4XX: {description: Wrong.}
    put:
      operationId: putTide
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: level, in: query, schema: {enum: [low, high]}}
      requestBody: {required: true, content: {application/json: {schema: {oneOf: [{type: integer}, {type: number}]}}}}
      responses: {'200': {description: Put.}}
"""
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


def client_of(tides: Package, answer: Any, **options: Any) -> Any:
    transport = httpx2.MockTransport(answer if callable(answer) else lambda _: answer)
    settings = {"bearer_auth": "s3cret-token", "key": "k3y-secret", "retries": 0, **options}
    return tides.module.MadeClient(base_url="https://tides.test", transport=transport, **settings)


def error_of(tides: Package, answer: Any, **options: Any) -> Any:
    with pytest.raises(Exception) as caught:  # noqa: PT011  each test looks at its class
        client_of(tides, answer, **options).get_tide("7")
    return caught.value


class TestStatusClasses:
    def test_a_documented_error_has_both(self, tides: Package) -> None:
        error = error_of(tides, httpx2.Response(404, headers=JSON, content=b"{}"))
        assert type(error) is tides.errors.GetTideNotFound
        assert isinstance(error, NotFoundError)

    def test_an_error_of_a_range_has_that_of_its_status(self, tides: Package) -> None:
        error = error_of(tides, httpx2.Response(429))
        assert isinstance(error, tides.errors.GetTideClientError)
        assert isinstance(error, TooManyRequestsError)

    def test_an_undocumented_status_has_one(self, tides: Package) -> None:
        error = error_of(tides, httpx2.Response(503))
        assert isinstance(error, UndocumentedStatus)
        assert isinstance(error, ServiceUnavailableError)
        assert not isinstance(error, ClientError)

    def test_a_status_without_a_name_has_that_of_its_hundreds(self, tides: Package) -> None:
        assert isinstance(error_of(tides, httpx2.Response(599)), ServerError)
        assert isinstance(error_of(tides, httpx2.Response(418)), ClientError)

    def test_a_documented_error_that_cannot_be_read(self, tides: Package) -> None:
        page = httpx2.Response(404, headers=JSON, content=b"<html>gone</html>")
        error = error_of(tides, page)
        assert isinstance(error, UnexpectedAnswer)
        assert isinstance(error, NotFoundError)
        assert "<html>gone" in str(error)

    def test_the_generator_knows_the_same_names(self) -> None:
        assert {
            status: kind.__name__ for status, kind in status_errors.BY_STATUS.items()
        } == STATUS_CLASSES


class TestTexts:
    def test_status_method_url_and_what_the_server_said(self, tides: Package) -> None:
        answer = httpx2.Response(404, headers=JSON, content=b'{"title":\n "no tide"}')
        assert str(error_of(tides, answer)) == (
            "404: There is no such tide. (GET https://tides.test/tides/7; "
            'the server said: {"title": "no tide"})'
        )

    def test_of_an_undocumented_status(self, tides: Package) -> None:
        text = str(error_of(tides, httpx2.Response(500, content=b"database is down")))
        assert text.startswith("500: the contract documents no answer with this status")
        assert "GET https://tides.test/tides/7" in text
        assert "database is down" in text

    @pytest.mark.parametrize(
        ("charset", "content"),
        [
            ("iso-8859-1", "g\u00e9n\u00e9ral".encode("latin-1")),
            ("utf-16", "g\u00e9n\u00e9ral".encode("utf-16")),
            ("klingon", "g\u00e9n\u00e9ral".encode()),
        ],
    )
    def test_of_a_text_in_its_charset(self, tides: Package, charset: str, content: bytes) -> None:
        headers = {"content-type": f"text/html; charset={charset}"}
        error = error_of(tides, httpx2.Response(500, content=content, headers=headers))
        assert "g\u00e9n\u00e9ral" in str(error)

    def test_a_long_text_is_cut_and_bytes_are_counted(self, tides: Package) -> None:
        text = str(error_of(tides, httpx2.Response(500, content=b"x" * 5000)))
        assert len(text) < 600
        picture = httpx2.Response(500, content=b"\x89PNG", headers={"content-type": "image/png"})
        assert "4 bytes of image/png" in str(error_of(tides, picture))

    def test_no_secret_that_the_server_repeats(self, tides: Package) -> None:
        def answer(request: httpx2.Request) -> httpx2.Response:
            seen = f"{request.url} {request.headers['authorization']}"
            return httpx2.Response(500, content=f"bad: {seen}\x1b[31m".encode())

        error = error_of(tides, answer)
        assert "bad: https://tides.test" in str(error)
        for secret in ("s3cret-token", "k3y-secret", "\x1b"):
            assert secret not in str(error)
            assert secret not in repr(error)

    def test_no_answer_says_where_and_why(self, tides: Package) -> None:
        def refuse(_: httpx2.Request) -> httpx2.Response:
            raise httpx2.ConnectError("k3y-secret") from ConnectionRefusedError(111, "refused")

        error = error_of(tides, refuse)
        assert isinstance(error, NoAnswer)
        assert str(error) == (
            "no answer: no connection to the server (ConnectError: refused) (GET https://tides.test/tides/7)"
        )


def test_errors_survive_a_pickle(tides: Package) -> None:
    for answer in (
        httpx2.Response(404, headers=JSON, content=b'{"title":"no"}'),
        httpx2.Response(429),
        httpx2.Response(503, content=b"busy"),
    ):
        error = error_of(tides, answer)
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert (str(again), again.status) == (str(error), error.status)
        assert isinstance(again, StatusError)


class TestAnonymous:
    def test_the_error_of_missing_credentials_names_it(self, tides: Package) -> None:
        error = error_of(tides, httpx2.Response(200), bearer_auth=None)
        assert isinstance(error, RequestError)
        assert "set anonymous=True" in str(error)

    @pytest.mark.parametrize("credential", ["", lambda: "", lambda: None])
    def test_so_does_the_error_of_empty_ones(self, tides: Package, credential: Any) -> None:
        error = error_of(tides, httpx2.Response(200), bearer_auth=credential)
        assert "set anonymous=True" in str(error)

    def test_nothing_is_sent_with_it(self, tides: Package) -> None:
        requests: list[httpx2.Request] = []

        def answer(request: httpx2.Request) -> httpx2.Response:
            requests.append(request)
            return httpx2.Response(200, headers=JSON, content=b"{}")

        assert (
            client_of(tides, answer, bearer_auth=None, key=None, anonymous=True).get_tide("7") == {}
        )
        client_of(tides, answer).with_options(anonymous=True).get_tide("7")
        for request in requests:
            assert "authorization" not in request.headers
            assert "key" not in str(request.url)


class TestRequestsThatBreakTheContract:
    def test_strict_is_the_default_and_names_the_option(self, tides: Package) -> None:
        with pytest.raises(RequestError, match='set requests="warn" or "off"'):
            client_of(tides, httpx2.Response(200)).put_tide("7", 1)

    @pytest.mark.parametrize("requests", ["warn", "off"])
    def test_the_others_send_it(
        self, tides: Package, requests: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        sent: list[httpx2.Request] = []

        def answer(request: httpx2.Request) -> httpx2.Response:
            sent.append(request)
            return httpx2.Response(200)

        client = client_of(tides, answer, requests=requests)
        client.put_tide("7", 1, level="middle")
        client.put_tide("7", {"a": 1})
        assert [request.content for request in sent] == [b"1", b'{"a":1}']
        assert "level=middle" in str(sent[0].url)
        assert ("level" in caplog.text) == (requests == "warn")


class TestLongAnswers:
    def test_more_than_max_answer_is_an_error(self, tides: Package) -> None:
        long = httpx2.Response(200, headers=JSON, content=b'{"a":"' + b"x" * 1000 + b'"}')
        error = error_of(tides, long, max_answer=100)
        assert isinstance(error, AnswerTooLarge)
        assert "more than 100 bytes" in str(error)
        assert "max_answer" in str(error)
        assert client_of(tides, long, max_answer=None).get_tide("7")["a"] == "x" * 1000


INFLATED = """
paths:
  /tides:
    get:
      operationId: listTides
      responses: {'200': {description: Tides., content: {text/plain: {schema: {type: string}}}}}
  /lines:
    get:
      operationId: watch
      responses:
        '200': {description: Tides., content: {application/jsonl: {schema: {type: array, items: {type: string}}}}}
"""


class Body(httpx2.SyncByteStream):
    """A body that counts how much of it was read."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.read = pieces, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.read += 1
            yield piece


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bytes_are_counted_while_they_are_inflated(
    made_once: Callable[[str], Package], coding: str
) -> None:
    bits = 31 if coding == "gzip" else 15
    deflater = zlib.compressobj(9, wbits=bits)
    bomb = deflater.compress(bytes(50_000_000)) + deflater.flush()
    body = Body(bomb[:20_000], *[bomb[i : i + 1000] for i in range(20_000, len(bomb), 1000)])
    headers = {"content-encoding": coding, "content-type": "text/plain"}

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=headers, stream=body)

    client = made_once(INFLATED).module.MadeClient(
        base_url="https://tides.test", transport=httpx2.MockTransport(answer), max_answer=1_000_000
    )
    tracemalloc.start()
    with pytest.raises(AnswerTooLarge, match="more than 1,000,000 bytes"):
        client.list_tides()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_an_item_without_end_is_an_error(made_once: Callable[[str], Package]) -> None:
    body = Body(b'"low"\n', *[b"x" * 1000] * 50)

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "application/jsonl"}, stream=body)

    client = made_once(INFLATED).module.MadeClient(
        base_url="https://tides.test", transport=httpx2.MockTransport(answer), max_answer=10_000
    )
    lines = client.watch()
    assert next(lines) == "low"
    with pytest.raises(AnswerTooLarge):
        next(lines)
    assert body.read < 15
