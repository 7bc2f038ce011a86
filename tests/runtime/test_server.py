"""What the server accepts and refuses, byte by byte, and in whose words."""

import gzip

import pytest

from bothends.runtime import App, Response

from .harbour.models import Failure, Problem, Tide, TidePage
from .harbour.operations import API, OPERATIONS
from .harbour.server import HarbourHandler
from .wire import send

JSON = [("Content-Type", "application/json")]
TIDE = b'{"at":"2026-01-02T03:04:05Z","level":"low"}'


class Harbour:
    def __init__(self):
        self.calls = 0
        self.given = None
        self.answer = Tide(id="12345678-1234-5678-1234-567812345678", level="low")

    def list_tides(self, **given):
        self.given = given
        return Response(TidePage(tides=[]), headers={"X-Total": 0})

    def add_tide(self, harbour_id, body):
        self.calls += 1
        self.given = body
        return self.answer

    def resend(self, ids, content_encoding):
        self.given = ids
        return {}

    def latest_tide(self):
        return self.answer

    def echo(self, **given):
        self.given = given

    def sink(self):
        return self.answer


@pytest.fixture
def harbour():
    return Harbour()


@pytest.fixture
def app(harbour):
    return App(API, OPERATIONS, harbour, max_body=2000)


def add(app, body, headers=JSON):
    return send(app, "POST", "/harbours/h1/tides", headers=headers, body=body)


class TestRouting:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/harbours/latest/tides", 200),
            ("GET", "/harbours/l%61test/tides", 200),
            ("HEAD", "/harbours/latest/tides", 200),
            ("GET", "/harbours/latest/tides/", 404),
            ("GET", "/harbours/latest%2Ftides", 404),
            ("GET", "//harbours/latest/tides", 404),
            ("GET", "/Harbours/latest/tides", 404),
            ("GET", "/harbours//tides", 404),
            ("GET", "/nothing", 404),
            ("PATCH", "/harbours/latest/tides", 405),
            ("POST", "/harbours/latest/tides", 405),
            ("BREW", "/harbours/latest/tides", 405),
            ("OPTIONS", "/harbours/latest/tides", 204),
            ("GET", "/vessels", 501),
        ],
    )
    def test_status(self, app, method, path, status):
        got = send(app, method, path)
        assert got.status == status
        assert "location" not in got.headers
        if status >= 400:
            assert got.headers["content-type"] == "application/problem+json"
            assert got.json["status"] == status

    def test_allow_is_exact(self, app):
        assert send(app, "PUT", "/harbours/h1/tides").headers["allow"] == "GET, POST, HEAD, OPTIONS"
        assert send(app, "OPTIONS", "/vessels").headers["allow"] == "GET, DELETE, HEAD, OPTIONS"
        assert send(app, "GET", "/resend").headers["allow"] == "POST, OPTIONS"

    def test_an_encoded_slash_stays_in_its_segment(self, app, harbour):
        assert (
            send(
                app, "GET", "/harbours/a%2Fb/tides", headers=[("authorization", "bearer t")]
            ).status
            == 200
        )
        assert harbour.given["harbour_id"] == "a/b"

    def test_mounted(self, app):
        assert send(app, "GET", "/port/harbours/latest/tides", root_path="/port").status == 200

    @pytest.mark.parametrize("origin", ["http://harbour.test", "HTTPS://user@other.test:8443"])
    def test_origin_before_the_path_is_cut(self, app, harbour, origin):
        target = f"{origin}/harbours/a%2Fb/tides"
        assert send(app, "GET", target, headers=[("authorization", "bearer t")]).status == 200
        assert harbour.given["harbour_id"] == "a/b"

    @pytest.mark.parametrize(
        "target",
        ["http://harbour.test", "/http://harbour.test/harbours/latest/tides", "ftp://x/vessels"],
    )
    def test_origin_elsewhere_is_no_path(self, app, target):
        assert send(app, "GET", target).status == 404

    def test_head_has_the_headers_and_no_body(self, app):
        got = send(app, "HEAD", "/harbours/latest/tides")
        assert got.body == b"" and int(got.headers["content-length"]) > 0


class TestRepresentation:
    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain",
            "application/vnd.x+json",
            "application",
            "application/json; charset=utf-16",
            "application/json;q",
            "",
        ],
    )
    def test_only_documented_media_types(self, app, harbour, content_type):
        got = add(app, TIDE, [("content-type", content_type)])
        assert got.status == 400  # the contract documents no 415, but a 400
        assert "Content-Type" in got.json["detail"]
        assert harbour.calls == 0

    def test_a_body_needs_a_media_type(self, app):
        assert "is required" in add(app, TIDE, []).json["detail"]
        assert add(app, TIDE, [*JSON, *JSON]).status == 400

    @pytest.mark.parametrize(
        "content_type", ["application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"']
    )
    def test_parameters_of_the_media_type(self, app, content_type):
        assert add(app, TIDE, [("content-type", content_type)]).status == 201

    def test_size(self, app):
        assert add(app, b" " * 2001).status == 413
        assert add(app, [b" " * 1500] * 2).status == 413
        assert add(app, TIDE, [*JSON, ("content-length", "9" * 30)]).status == 413

    def test_gzip(self, app, harbour):
        coded = [*JSON, ("content-encoding", "gzip")]
        assert add(app, gzip.compress(TIDE), coded).status == 201
        assert harbour.given.level == "low"
        assert add(app, TIDE, coded).status == 400
        assert add(app, gzip.compress(TIDE) + b"x", coded).status == 400
        assert add(app, gzip.compress(TIDE)[:-3], coded).status == 400
        assert add(app, gzip.compress(b" " * 1_000_000), coded).status == 413
        assert add(app, TIDE, [*JSON, ("content-encoding", "br")]).status == 400
        assert add(app, TIDE, [*JSON, ("content-encoding", "gzip, gzip")]).status == 400
        assert add(app, TIDE, [*JSON, ("content-encoding", "identity")]).status == 201


class TestBody:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"null",
            b"\xef\xbb\xbf" + TIDE,
            TIDE.decode().encode("utf-16"),
            b'{"at":"2026-01-02T03:04:05Z","level":"low","level":"low"}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","note":"\\ud800"}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","height":NaN}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","height":1e999}',
            b'{"at":"2026-01-02T03:04:05Z","level":"LOW"}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","height":0.25}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","height":"1"}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","height":true}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","tags":null}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","tags":["a","a"]}',
            b'{"at":"2026-01-02 03:04:05","level":"low"}',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","more":1}',
            b'{"at":0,"level":"low"}',
            b"[" * 100_000,
        ],
    )
    def test_refused(self, app, harbour, body):
        app._max_body = 1_000_000
        got = add(app, body)
        assert got.status == 400
        assert got.headers["content-type"] == "application/json"
        assert got.json["detail"].startswith("body")
        assert harbour.calls == 0

    @pytest.mark.parametrize(
        "body",
        [
            b' {"level":"low","at":"2026-01-02T03:04:05.123456789+01:00"} ',
            b'{"at":"2026-01-02T03:04:05Z","level":"low","height":0.3,"note":null,"tags":[]}',
            b'{"at":"2026-01-02T03:04:60Z","level":"low","note":"\\ud83d\\ude00"}'.replace(
                b"03:04:60", b"23:59:60"
            ),
        ],
    )
    def test_accepted(self, app, harbour, body):
        assert add(app, body).status == 201

    def test_nothing_of_the_input_comes_back(self, app):
        got = add(app, b'{"at":"2026-01-02T03:04:05Z","level":"hush","secret-name":1}')
        assert b"hush" not in got.body and b"secret-name" not in got.body


class TestParameters:
    TOKEN = ("authorization", "Bearer t")

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0", "limit=1_0", "limit=+5", "limit=%205", "limit=5.0", "limit=05", "limit=true", "limit=", "limit",
            "limit=1&limit=1", "since=2026-13-01", "since=20260101", "since=2026-01-01&since=2026-01-01", "since=%FF",
        ],
    )  # fmt: skip
    def test_refused(self, app, query):
        got = send(app, "GET", f"/harbours/h1/tides?{query}", headers=[self.TOKEN])
        assert got.status == 400
        assert got.json["title"] == "Bad Request"
        assert got.json["detail"].startswith(f"query parameter {query[:5]}")

    def test_accepted(self, app, harbour):
        assert (
            send(app, "GET", "/harbours/h1/tides?other=1&limit=7&", headers=[self.TOKEN]).status
            == 200
        )
        assert harbour.given["limit"] == 7

    def test_headers_go_by_name_without_case_and_only_once(self, app, harbour):
        assert (
            send(app, "GET", "/harbours/h1/tides", headers=[self.TOKEN, ("x-TRACE", "a")]).status
            == 200
        )
        assert harbour.given["x_trace"] == "a"
        twice = [self.TOKEN, ("x-trace", "a"), ("X-Trace", "a")]
        assert send(app, "GET", "/harbours/h1/tides", headers=twice).status == 400

    @pytest.mark.parametrize(
        ("query", "name", "value"),
        [
            ("form=a&form=b%2Cc", "form", ["a", "b,c"]),
            ("form=a,b", "form", ["a,b"]),
            ("plain=1,2", "plain", [1, 2]),
            ("spaced=a%20b", "spaced", ["a", "b"]),
            ("spaced=a+b", "spaced", ["a", "b"]),
            ("piped=a|b", "piped", ["a", "b"]),
            ("piped=a%7Cb", "piped", ["a", "b"]),
            ("flag=true", "flag", True),
            ("flag=null", "flag", None),
            ("many=5", "many", 5),
            ("many=five", "many", "five"),
        ],
    )
    def test_styles(self, app, harbour, query, name, value):
        assert send(app, "GET", f"/echo/1,2/.depth=1/;matrix=a?{query}").status == 200
        assert harbour.given[name] == value
        assert type(harbour.given[name]) is type(value)

    @pytest.mark.parametrize(
        "target",
        [
            "/echo/1,x/.depth=1/;matrix=a", "/echo/1/depth=1/;matrix=a", "/echo/1/.deep=1/;matrix=a",
            "/echo/1/.depth=1/matrix=a", "/echo/1/.depth=1/;other=a", "/echo/1/.depth=1/;matrix=a?flag=0",
            "/echo/1/.depth=1/;matrix=a?deep[depth]=x", "/echo/1/.depth=1/;matrix=a?deep[other]=1",
            "/echo/1/.depth=1/;matrix=a?plain=1,,2", "/echo/1/.depth=1/;matrix=a?json={",
            "/echo/1/.depth=1/;matrix=a?json={%22depth%22:1,%22depth%22:1}",
        ],
    )  # fmt: skip
    def test_wrong_styles(self, app, harbour, target):
        assert send(app, "GET", target).status == 400
        assert harbour.given is None


class TestSecurity:
    @pytest.mark.parametrize(
        ("headers", "query"),
        [
            ([], ""),
            ([("authorization", "Basic dTpw")], ""),
            ([("authorization", "Basic !")], "?key=k"),
            ([("authorization", "Bearer")], ""),
            ([("authorization", "Bearer a"), ("authorization", "Bearer a")], ""),
            ([], "?key=k"),
        ],
    )
    def test_refused_before_anything_else(self, app, headers, query):
        got = send(app, "GET", f"/harbours/h1-is-too-long/tides{query}", headers=headers)
        assert got.status == 401
        assert got.headers["www-authenticate"].startswith(
            'Bearer realm="Harbour API", Basic realm='
        )
        assert got.headers["content-type"] == "application/json"

    def test_a_handlers_own_401_has_a_challenge(self, app, harbour):
        harbour.list_tides = lambda **_: Response(Problem(title="no"), 401)
        got = send(app, "GET", "/harbours/h1/tides", headers=[("authorization", "Bearer t")])
        assert got.status == 401
        assert "www-authenticate" in got.headers

    def test_a_set_is_needed_whole(self, app):
        headers = [("authorization", "basic dTpw")]
        assert send(app, "GET", "/harbours/h1/tides?key=k", headers=headers).status == 200


class TestRefusalsInTheContractsWords:
    def test_x_on_invalid_names_the_reply_and_its_example(self, app):
        got = send(app, "POST", "/resend", headers=JSON, body=b"[1]")
        assert got.status == 400
        assert got.json["request"]["code"] == "Invalid"
        assert got.json["request"]["message"] == "body at /0: must be string, got integer"

    def test_a_reply_without_a_body(self, app):
        got = add(app, b" " * 2001)
        assert (got.status, got.body) == (413, b"")

    def test_where_nothing_is_documented(self, app):
        got = send(app, "GET", "/echo/x/.depth=1/;matrix=a")
        assert got.headers["content-type"] == "application/problem+json"
        assert got.json["detail"].startswith("path parameter simple")


class TestReplies:
    @pytest.mark.parametrize(
        "answer",
        [
            {"id": 7, "level": "low"},
            {"level": "low"},
            None,
            object(),
            float("nan"),
            Response(Tide(id="12345678-1234-5678-1234-567812345678", level="low"), 299),
            Response(None, 201, {"content-type": "text/plain"}),
            Response(Problem(title="x"), 400, {"X": "a\r\nb"}),
        ],
    )
    def test_a_wrong_one_is_a_500_that_tells_nothing(self, app, harbour, answer, caplog):
        harbour.answer = answer
        got = add(app, TIDE)
        assert got.status == 500
        assert got.json == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
        assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1

    def test_a_required_header(self, app, harbour, caplog):
        harbour.list_tides = lambda **given: TidePage(tides=[])
        assert (
            send(app, "GET", "/harbours/h1/tides", headers=[("authorization", "Bearer t")]).status
            == 500
        )
        assert "X-Total" in caplog.text

    def test_checking_can_be_switched_off(self, harbour):
        harbour.answer = {"level": "low"}
        app = App(API, OPERATIONS, harbour, check_replies=False)
        assert add(app, TIDE).status == 201

    def test_a_whole_answer(self, app, harbour):
        harbour.answer = Response(Problem(title="no"), 400, {"X-Why": 5})
        got = add(app, TIDE)
        assert (got.status, got.headers["x-why"], got.json) == (400, "5", {"title": "no"})

    def test_204_and_empty_value_have_no_type(self, app, harbour):
        harbour.answer = None
        got = send(app, "DELETE", "/vessels")
        assert (got.status, got.headers) == (204, {})
        got = send(app, "POST", "/resend", headers=JSON, body=b"[]")
        assert (got.status, got.headers, got.body) == (202, {"content-length": "0"}, b"")

    def test_values_that_are_not_empty_have_a_body(self, app, harbour):
        harbour.resend = lambda **given: {"a": Failure(code="c", message="m")}
        got = send(app, "POST", "/resend", headers=JSON, body=b"[]")
        assert got.json == {"a": {"code": "c", "message": "m"}}


def test_method_given_to_a_class_later_answers(monkeypatch):
    class Later(HarbourHandler):
        pass

    app = App(API, OPERATIONS, Later())
    assert send(app, "GET", "/harbours/latest/tides").status == 501
    monkeypatch.setattr(Later, "latest_tide", Harbour.latest_tide, raising=False)
    monkeypatch.setattr(
        Later, "answer", Tide(id="12345678-1234-5678-1234-567812345678", level="low"), raising=False
    )
    assert send(app, "GET", "/harbours/latest/tides").status == 200


def test_lifespan_enters_the_handler():
    import asyncio

    entered = []

    class Handler:
        async def __aenter__(self):
            entered.append("in")

        async def __aexit__(self, *_):
            entered.append("out")

    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = []

    async def receive():
        return messages.pop(0)

    async def take(message):
        sent.append(message["type"])

    asyncio.run(App(API, OPERATIONS, Handler())({"type": "lifespan"}, receive, take))
    assert entered == ["in", "out"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
