"""The strict reader of JSON text."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothends.runtime.json.text import MAX_DEPTH, MAX_DIGITS, JsonTextError, read_json, write_json

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))


def exact(one, other):
    return repr(one) == repr(other)  # tells 1, 1.0 and true apart, and -0.0 from 0.0


@given(values, st.booleans())
def test_reads_what_the_standard_library_reads(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert exact(read_json(text), json.loads(text))


@given(values)
def test_reads_what_it_wrote(value):
    assert exact(read_json(write_json(value)), value)


@given(
    st.binary() | st.text('{}[]",:0123456789.eE+-truefalsn \\ud8').map(lambda text: text.encode())
)
def test_refuses_in_one_way_only(data):
    try:
        value = read_json(data)
    except JsonTextError:
        return
    assert exact(value, json.loads(data))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'{"a":1,"\\u0061":1}', "twice"),
        (b'[{"b":{"a":1,"a":1}}]', "twice"),
        (b"\xef\xbb\xbf1", "byte order mark"),
        ("1".encode("utf-16"), "UTF-8"),
        (b'"\xff"', "UTF-8"),
        (b'"\xed\xa0\x80"', "UTF-8"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"-Infinity", "Infinity"),
        (b"1e400", "range"),
        (b"-1e400", "range"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\uDFFF":1}', "surrogate"),
        (b'"\\udc00\\ud800"', "surrogate"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "deeply"),
        (b"[" * 100_000, "deeply"),
        (b'{"a":' * 100_000, "deeply"),
        (b"1" * (MAX_DIGITS + 1), "digits"),
        (b"01", "not JSON"),
        (b"+1", "not JSON"),
        (b".5", "not JSON"),
        (b"1_000", "not JSON"),
        (b"'a'", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"1 2", "not JSON"),
        (b"// a\n1", "not JSON"),
        (b'"\n"', "not JSON"),
        (b"\x0c1", "not JSON"),
        ("\u00a01".encode(), "not JSON"),
        ("\u0661".encode(), "not JSON"),
        (b"", "not JSON"),
    ],
)
def test_refused(data, why):
    with pytest.raises(JsonTextError, match=why):
        read_json(data)


def test_bounds_are_inclusive():
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert read_json(b"9" * MAX_DIGITS) == 10**MAX_DIGITS - 1
    assert read_json(b'"\\ud83d\\ude00"') == "\U0001f600"
    assert math.isclose(read_json(b"1.7976931348623157e308"), 1.7976931348623157e308)


def test_what_json_cannot_say_is_not_written():
    for value in (float("nan"), float("inf"), "\ud800"):
        with pytest.raises(ValueError):  # noqa: PT011 any kind of it
            write_json(value)


@pytest.mark.parametrize("space", ["", " ", "\t", "\n", "\r", " \r\n\t"])
def test_repeated_name_is_seen_in_any_spacing(space):
    assert read_json(f'{{"a"{space}:{space}": \\":","b":1e3}}'.encode()) == {
        "a": ': ":',
        "b": 1000.0,
    }
    with pytest.raises(JsonTextError, match="twice"):
        read_json(f'[{{"a"{space}:1,"a":2}}]'.encode())


def test_a_number_beyond_a_double_is_seen_inside():
    with pytest.raises(JsonTextError, match="range"):
        read_json(b'{"a":[{"b":-1e400}]}')


@pytest.mark.parametrize(
    "text",
    [
        "0.1",
        "0.10000000000000001",
        "0.1000000000000000055511151231257827",
        "1e23",
        "5e-324",
        "0.0e-999",
        "1.50",
    ],
)
def test_number_that_a_double_holds_is_read(text):
    assert read_json(f"[{text}]".encode()) == [float(text)]


@pytest.mark.parametrize(
    "text",
    [
        "12345678901234567890.5",
        "0.100000000000000031",
        "9007199254740993.0",
        "1e-400",
        "3e-324",
        "1e-99999999999",
    ],
)
def test_number_is_never_rounded_silently(text):
    with pytest.raises(JsonTextError, match="digits than a double"):
        read_json(f"[{text}]".encode())
