"""Laws of the two directions: what one writes, the other reads."""

from datetime import timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothends.runtime import App, RequestError
from bothends.runtime.json.value import same
from bothends.runtime.models.codec import codec_for
from bothends.runtime.models.encoding import encode
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError
from bothends.runtime.parameters.style import Style
from bothends.runtime.schema.contract import Contract

from .harbour.client import HarbourClient
from .harbour.models import Gauge, Level, NewTide, Raft, Ship, Tide, TidePage, Vessel
from .harbour.operations import API, OPERATIONS
from .harbour.server import create_app
from .wire import send

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WORD = TEXT.filter(bool)
PRINTABLE = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
    .map(str.strip)
    .filter(bool)
)
INTEGERS = st.integers()
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
STRING, INTEGER, NUMBER, BOOLEAN = (
    {"type": name} for name in ("string", "integer", "number", "boolean")
)
OBJECT = {
    "type": "object",
    "properties": {"a": STRING, "b": INTEGER, "c": BOOLEAN},
    "additionalProperties": NUMBER,
}
CLOSED = {**OBJECT, "additionalProperties": False}


def objects(text):
    fields = {"a": text, "b": INTEGERS, "c": st.booleans()}
    return st.fixed_dictionaries({}, optional=fields).filter(bool)


# location, style, explode, schema, and the values that must get through
CARRIED = {
    "path text": ("path", None, None, STRING, WORD),
    "path integer": ("path", None, None, INTEGER, INTEGERS),
    "path number": ("path", None, None, NUMBER, NUMBERS),
    "path boolean": ("path", None, None, BOOLEAN, st.booleans()),
    "path list": ("path", "simple", False, {"type": "array", "items": STRING}, st.lists(WORD, min_size=1)),
    "path object": ("path", "simple", False, OBJECT, objects(TEXT)),
    "path object exploded": ("path", "simple", True, OBJECT, objects(TEXT)),
    "label text": ("path", "label", None, STRING, WORD),
    "label list": ("path", "label", False, {"type": "array", "items": STRING}, st.lists(WORD, min_size=1)),
    "label list exploded": ("path", "label", True, {"type": "array", "items": STRING}, st.lists(WORD, min_size=1)),
    "label object exploded": ("path", "label", True, OBJECT, objects(TEXT)),
    "matrix text": ("path", "matrix", None, STRING, TEXT),
    "matrix list": ("path", "matrix", False, {"type": "array", "items": INTEGER}, st.lists(INTEGERS, min_size=1)),
    "matrix list exploded": ("path", "matrix", True, {"type": "array", "items": STRING}, st.lists(TEXT, min_size=1)),
    "matrix object exploded": ("path", "matrix", True, OBJECT, objects(TEXT)),
    "query text": ("query", None, None, STRING, TEXT),
    "query number": ("query", None, None, NUMBER, NUMBERS),
    "query list": ("query", None, None, {"type": "array", "items": STRING}, st.lists(TEXT, min_size=1)),
    "query list joined": ("query", "form", False, {"type": "array", "items": STRING}, st.lists(WORD)),
    "query object": ("query", None, None, CLOSED, objects(TEXT)),
    "query object joined": ("query", "form", False, OBJECT, objects(TEXT)),
    "query spaced": ("query", "spaceDelimited", False, {"type": "array", "items": INTEGER}, st.lists(INTEGERS)),
    "query piped": ("query", "pipeDelimited", False, {"type": "array", "items": INTEGER}, st.lists(INTEGERS)),
    "query deep": ("query", "deepObject", True, OBJECT, objects(TEXT)),
    "header text": ("header", None, None, STRING, PRINTABLE),
    "header list": ("header", None, None, {"type": "array", "items": NUMBER}, st.lists(NUMBERS, min_size=1)),
    "header object": ("header", None, True, {"type": "object", "additionalProperties": INTEGER},
                      st.dictionaries(st.sampled_from("abc"), INTEGERS, min_size=1)),
    "cookie text": ("cookie", None, None, STRING, TEXT),
    "cookie list": ("cookie", "form", False, {"type": "array", "items": STRING}, st.lists(WORD)),
}  # fmt: skip


class TestStyles:
    """A value that a style can carry arrives as it left; one that it cannot is refused, never changed."""

    @pytest.mark.parametrize("case", CARRIED)
    @settings(max_examples=60)
    @given(data=st.data())
    def test_carried(self, case, data):
        location, style, explode, schema, values = CARRIED[case]
        codec = ParameterCodec(
            Contract({"p": {"schema": schema}}), "/p", Style.of("p", location, style, explode)
        )
        value = data.draw(values)
        assert same(codec.read(codec.write(value)), value)

    @pytest.mark.parametrize(
        "style",
        ["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"],
    )
    @pytest.mark.parametrize("explode", [False, True])
    @settings(max_examples=60)
    @given(
        value=st.lists(TEXT)
        | st.dictionaries(TEXT, TEXT)
        | TEXT
        | INTEGERS
        | st.none()
        | st.booleans()
    )
    def test_unchanged_or_refused(self, style, explode, value):
        location = "path" if style in ("simple", "label", "matrix") else "query"
        texts = {
            "oneOf": [
                {"type": "array", "items": STRING},
                {"type": "object"},
                {"type": ["string", "integer", "null", "boolean"]},
            ]
        }

        codec = ParameterCodec(
            Contract({"p": {"schema": texts}}), "/p", Style.of("p", location, style, explode)
        )
        try:
            wire = codec.write(value)
        except ParameterError:
            return

        assert same(codec.read(wire), value) or self.is_list_of_the_text(value, codec.read(wire))

    @staticmethod
    def is_list_of_the_text(value, read):
        """The one exception, which the README names: where a text and a list of texts are allowed."""
        return isinstance(value, list) and len(value) == 1 and same(read, value[0])


class Echo:
    def echo(self, **arguments):
        self.heard = arguments


class TestAgreement:
    """What the caller passes is what the handler receives, over the whole wire."""

    @settings(max_examples=150, deadline=None)
    @given(
        st.fixed_dictionaries(
            {
                "simple": st.lists(INTEGERS, min_size=1),
                "label": st.builds(Gauge, colour=TEXT, depth=INTEGERS),
                "matrix": st.lists(WORD, min_size=1),
            },
            optional={
                "form": st.lists(TEXT, min_size=1),
                "plain": st.lists(INTEGERS, min_size=1),
                "spaced": st.lists(WORD, min_size=1),
                "deep": st.builds(Gauge, colour=TEXT),
                "many": st.integers() | TEXT,
                "flag": st.booleans(),
                "json": st.builds(Gauge, colour=TEXT),
                "x_ids": st.lists(INTEGERS, min_size=1),
                "crumb": TEXT,
            },
        )
    )
    def test_parameters(self, arguments):
        echo = Echo()
        with HarbourClient(app=create_app(echo)) as client:
            try:
                client.echo(**arguments)
            except RequestError as error:
                assert error.argument in ("spaced", "many")
                return

        assert {name: value for name, value in echo.heard.items() if value is not None} == arguments


LEVELS = st.sampled_from(["low", "high"])
TIDES = st.recursive(
    st.builds(Tide, id=st.uuids(), level=LEVELS),
    lambda inner: st.builds(
        Tide, id=st.uuids(), level=LEVELS, height=st.integers() | st.none(), next_tide=inner
    ),
    max_leaves=4,
)
VESSELS = st.recursive(
    st.builds(Ship, kind=st.just("ship"), masts=INTEGERS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(Raft, kind=st.just("raft"), logs=st.lists(inner, max_size=3))
    ),
    max_leaves=6,
)


class TestCodec:
    """Encoding and decoding undo each other; validity is not their matter."""

    @given(
        st.builds(TidePage, tides=st.lists(TIDES), next_page=st.none() | TEXT)
        | st.builds(TidePage, tides=st.just([]))
    )
    def test_models(self, page):
        arrived = codec_for(API).decode(TidePage, encode(page))
        assert arrived == page
        assert arrived.model_fields_set == page.model_fields_set

    @given(VESSELS)
    def test_unions(self, vessel):
        assert codec_for(API).decode(Vessel, encode(vessel)) == vessel

    @given(
        st.datetimes(
            timezones=st.integers(-1439, 1439).map(
                lambda minutes: timezone(timedelta(minutes=minutes))
            )
        )
    )
    def test_times(self, at):
        tide = NewTide(at=at, level="low")
        assert codec_for(API).decode(NewTide, encode(tide)).at == at

    @given(
        st.recursive(
            st.none() | st.booleans() | INTEGERS | NUMBERS | TEXT,
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(TEXT | st.sampled_from(["id", "level", "next-tide"]), inner)
            ),
        )
    )
    def test_nothing_is_rejected_and_nothing_is_lost(self, value):
        for type_ in (
            Tide,
            TidePage,
            Vessel,
            Level,
            list[Tide],
            dict[str, UUID],
            int | str | None,
            NewTide,
        ):
            assert same(encode(codec_for(API).decode(type_, value)), value)


class TestServer:
    """No bytes make the server fail: each request gets an answer below 500, or 501."""

    @settings(max_examples=300, deadline=None)
    @given(
        st.sampled_from(["GET", "POST", "HEAD", "DELETE"]),
        st.sampled_from(
            [
                "/harbours/{}/tides",
                "/resend",
                "/echo/{}/{}/{}",
                "/{}",
                "/vessels?{}",
                "/harbours/h/tides?{}={}",
            ]
        ),
        st.lists(
            st.text(st.characters(max_codepoint=126, min_codepoint=33, exclude_characters="?#")),
            min_size=3,
            max_size=3,
        ),
        st.lists(
            st.tuples(
                st.sampled_from(
                    [
                        "content-type",
                        "authorization",
                        "cookie",
                        "content-encoding",
                        "content-length",
                        "x-ids",
                    ]
                ),
                st.text(st.characters(max_codepoint=255))
                | st.sampled_from(["application/json", "Bearer x", "Basic eDp5", "gzip"]),
            )
        ),
        st.binary() | st.sampled_from([b"[]", b"{}", b'["a"]']),
    )
    def test_never_fails(self, method, path, parts, headers, body):
        class Handler:
            def resend(self, ids, content_encoding):
                return {}

        got = send(
            App(API, OPERATIONS, Handler()), method, path.format(*parts), headers=headers, body=body
        )
        assert got.status < 500 or got.status == 501
