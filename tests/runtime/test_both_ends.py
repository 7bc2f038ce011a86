"""Client and server of one package reach each other in process: what one end says is what the other hears."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from bothends.runtime import (
    DocumentedError,
    RequestError,
    Response,
    UndocumentedStatus,
    UnexpectedAnswer,
)

from .harbour.client import AsyncHarbourClient, HarbourClient
from .harbour.errors import ListTidesClientError, ListTidesNotFound, ResendBadRequest, SinkDefault
from .harbour.models import Failure, Gauge, NewTide, Problem, Raft, Ship, Tide, TidePage
from .harbour.server import HarbourHandler, create_app

ID = UUID("12345678-1234-5678-1234-567812345678")
TIDE = Tide(id=ID, level="low")


class Harbour(HarbourHandler):
    """Remembers what it was asked, and answers what it is told to."""

    def __init__(self):
        self.heard = {}
        self.answer = None

    def list_tides(self, harbour_id, *, since, limit, x_trace):
        self.heard = {"harbour_id": harbour_id, "since": since, "limit": limit, "x_trace": x_trace}
        if harbour_id == "none":
            raise ListTidesNotFound(Problem(title="no such harbour"))
        return Response(TidePage(tides=[TIDE], next_page=None), headers={"X-Total": 1})

    async def add_tide(self, harbour_id, body):
        self.heard = {"harbour_id": harbour_id, "body": body}
        return TIDE

    def resend(self, ids, *, content_encoding):
        self.heard = {"ids": ids, "content_encoding": content_encoding}
        if ids == ["x"]:
            raise ResendBadRequest({"x": Failure(code="C", message="m")})
        return {one: Failure(code="C", message="m") for one in ids if one == "bad"}

    def echo(self, **arguments):
        self.heard = arguments

    def vessel(self):
        return self.answer

    def sink(self):
        if self.answer:
            raise self.answer


@pytest.fixture
def harbour():
    return Harbour()


@pytest.fixture
def client(harbour):
    with HarbourClient(app=create_app(harbour), bearer_auth="secret-token") as client:
        yield client


def test_arguments_and_value_arrive(client, harbour):
    page = client.list_tides("h 1/é", since=date(2026, 1, 2), limit=5, x_trace="a, b")
    assert page == TidePage(tides=[TIDE], next_page=None)
    assert harbour.heard == {
        "harbour_id": "h 1/é",
        "since": date(2026, 1, 2),
        "limit": 5,
        "x_trace": "a, b",
    }
    assert page.model_fields_set == {"tides", "next_page"}


def test_absent_arguments_are_none(client, harbour):
    client.list_tides("h1")
    assert harbour.heard == {"harbour_id": "h1", "since": None, "limit": None, "x_trace": None}


def test_body_keeps_absent_and_null_apart(client, harbour):
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert client.add_tide("h1", NewTide(at=at, level="high", note=None)) == TIDE
    assert harbour.heard["body"].model_fields_set == {"at", "level", "note"}
    client.add_tide("h1", NewTide(at=at, level="high"))
    assert harbour.heard["body"].model_fields_set == {"at", "level"}


def test_documented_error_is_typed(client):
    with pytest.raises(ListTidesNotFound) as caught:
        client.list_tides("none")

    error = caught.value
    assert (error.status, error.body) == (404, Problem(title="no such harbour"))
    assert error.operation.id == "listTides"
    assert error.request.url == "http://localhost/harbours/none/tides"
    assert error.response.status == 404
    assert "404" in str(error)
    assert "secret-token" not in repr(error.request) + str(error) + repr(error)


def test_blank_answer_stands_for_its_value(client):
    assert client.resend(["a"]) == {}
    assert client.resend(["bad", "a"]) == {"bad": Failure(code="C", message="m")}
    with pytest.raises(ResendBadRequest) as caught:
        client.resend(["x"])
    assert caught.value.body["x"].code == "C"


def test_gzip_is_real(client, harbour):
    client.resend(["a"], content_encoding="gzip")
    assert harbour.heard == {"ids": ["a"], "content_encoding": "gzip"}


@pytest.mark.parametrize(
    ("call", "argument", "place", "rule"),
    [
        (lambda c: c.resend(["a"] * 4), "ids", "body", "at most 3 items, got 4"),
        (lambda c: c.resend([1]), "ids", "body at /0", "must be string, got integer"),
        (
            lambda c: c.list_tides("h1", limit=101),
            "limit",
            "query parameter limit",
            "must be at most 100",
        ),
        (
            lambda c: c.list_tides("123456789"),
            "harbour_id",
            "path parameter harbourId",
            "at most 8 characters, got 9",
        ),
        (
            lambda c: c.list_tides("h1", x_trace="a\r\nb"),
            "x_trace",
            "header parameter X-Trace",
            "no header can carry a line break",
        ),
        (lambda c: c.list_tides(""), "harbour_id", "path parameter harbourId", "unchanged"),
        (lambda c: c.add_tide("h1", {"level": "low"}), "body", "body", "property 'at' is required"),
        (lambda c: c.add_tide("h1", {"at": float("nan")}), "body", "body", "NaN"),
        (lambda c: c.resend(["\ud800"]), "ids", "body", "surrogate"),
    ],
)
def test_a_wrong_request_is_not_sent(client, harbour, call, argument, place, rule):
    with pytest.raises(RequestError) as caught:
        call(client)
    assert (caught.value.argument, caught.value.place) == (argument, place)
    assert rule in caught.value.rule
    assert harbour.heard == {}


def test_all_styles_arrive(client, harbour):
    sent = {
        "simple": [1, 2],
        "label": Gauge(colour="a.b=c", depth=3),
        "matrix": ["x,y", "z;"],
        "form": ["a,b", "c&d", ""],
        "plain": [3, 4],
        "spaced": ["a", "b+c"],
        "piped": ["a", "b c"],
        "deep": Gauge(colour="é &", depth=0),
        "flag": True,
        "many": "one",
        "json": Gauge(depth=7),
        "x_ids": [5, 6],
        "crumb": "a; b",
    }
    client.echo(**sent)
    assert harbour.heard == sent


def test_a_value_that_would_arrive_as_another_is_refused(client):
    with pytest.raises(RequestError, match="many"):
        client.echo([1], Gauge(depth=1), ["a"], many="1")
    with pytest.raises(RequestError, match="piped"):
        client.echo([1], Gauge(depth=1), ["a"], piped=["a|b"])
    with pytest.raises(RequestError, match="form"):
        client.echo([1], Gauge(depth=1), ["a"], form=[])


def test_concrete_path_before_templated(client, harbour):
    with pytest.raises(UndocumentedStatus, match="501"):
        client.latest_tide()


def test_unions_and_recursion(client, harbour):
    for vessel in (
        Ship(kind="ship", masts=3),
        Raft(kind="raft", logs=[Raft(kind="raft")]),
        [Ship(kind="ship", masts=1)],
    ):
        harbour.answer = vessel
        assert client.vessel() == vessel


def test_an_answer_that_breaks_the_contract_is_a_500(client, harbour, caplog):
    harbour.answer = {"kind": "secret"}
    with pytest.raises(UndocumentedStatus) as caught:
        client.vessel()
    assert caught.value.status == 500
    assert b"secret" not in caught.value.response.content
    assert caplog.records[0].name == "bothends.harbour"


def test_range_and_default_errors_take_a_status(client, harbour):
    harbour.answer = SinkDefault(Problem(title="it floats"), status=409)
    with pytest.raises(SinkDefault) as caught:
        client.sink()

    assert caught.value.status == 409
    with pytest.raises(TypeError):
        SinkDefault(Problem(title="which?"))

    harbour.answer = None
    assert client.sink() is None


async def call_async(harbour):
    async with AsyncHarbourClient(app=create_app(harbour), bearer_auth="t") as client:
        assert await client.list_tides("h1") == TidePage(tides=[TIDE], next_page=None)
        assert await client.resend([]) == {}
        with pytest.raises(ListTidesNotFound):
            await client.list_tides("none")


@pytest.mark.parametrize("backend", ["asyncio"])
def test_async_client(harbour, backend):
    import anyio

    anyio.run(call_async, harbour, backend=backend)


class TestCredentials:
    def client(self, harbour, good, **credentials):
        heard = []

        def authenticate(presented):
            heard.append(presented)
            return {name: (one.username, one.secret) for name, one in presented.items()} in good

        return HarbourClient(
            app=create_app(harbour, authenticate=authenticate), **credentials
        ), heard

    def test_a_function_is_asked_again_after_a_401(self, harbour):
        tokens = iter(["old", "new"])
        client, heard = self.client(
            harbour, [{"bearerAuth": ("", "new")}], bearer_auth=lambda: next(tokens)
        )
        with client:
            client.list_tides("h1")
            client.list_tides("h1")
        assert [one["bearerAuth"].secret for one in heard] == ["old", "new", "new"]

    def test_a_value_is_not_tried_twice(self, harbour):
        client, heard = self.client(harbour, [], bearer_auth="not-the-one")
        with client, pytest.raises(ListTidesClientError) as caught:
            client.list_tides("h1")

        assert caught.value.status == 401
        assert caught.value.headers["WWW-Authenticate"].startswith(
            'Bearer realm="Harbour API", Basic'
        )
        assert len(heard) == 1
        assert "not-the-one" not in str(caught.value) + repr(heard)

    def test_a_set_of_schemes(self, harbour):
        good = [{"basicAuth": ("u", "p:w"), "token": ("", "k&y")}]
        client, _ = self.client(harbour, good, basic_auth=("u", "p:w"), token="k&y")
        with client:
            client.list_tides("h1")
            with pytest.raises(ListTidesNotFound) as caught:
                client.list_tides("none")

        assert "k%26y" not in caught.value.request.url

    def test_without_credentials_nothing_is_sent(self, harbour):
        client, heard = self.client(harbour, [], basic_auth=("u", "p"))
        with client, pytest.raises(RequestError, match="bearer_auth or basic_auth and token"):
            client.list_tides("h1")
        assert heard == []

    def test_async_function(self, harbour):
        import anyio

        async def fetch():
            return "t"

        async def main():
            async with AsyncHarbourClient(app=create_app(harbour), bearer_auth=fetch) as client:
                await client.list_tides("h1")

        anyio.run(main)


def test_errors_have_one_base():
    from bothends.runtime import BothendsError

    assert all(
        issubclass(error, BothendsError)
        for error in (DocumentedError, RequestError, UnexpectedAnswer)
    )
