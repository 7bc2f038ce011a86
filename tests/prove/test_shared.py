"""A bug in what the server and the proof share is seen: the proof has a judge of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bothends.prove import Budget, Evidence, Package
from bothends.prove.fuzz import verdict_filter
from bothends.prove.fuzz.run import prove_conformance
from bothends.prove.oracle.answers import faults
from bothends.prove.target.serve import default_app, serve
from bothends.prove.target.subject import Subject
from bothends.prove.wire.credentials import Credentials
from bothends.prove.wire.message import Answer
from bothends.runtime.media.codec import MediaCodec
from bothends.runtime.media.error import MediaError
from bothends.runtime.media.form import FormCodec, FormField
from bothends.runtime.media.multipart.part import PartCodec
from bothends.runtime.media.multipart.part_headers import PartHeaders
from bothends.runtime.parameters import style, text_value
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError
from bothends.runtime.parameters.style import Style
from bothends.runtime.parameters.styled import Styled
from bothends.runtime.schema.explain import Fault
from tests.packages import HEAD

from .packages import Bug, make_package, prove_bug

pytestmark = pytest.mark.filterwarnings("ignore")
CONTRACT = (
    HEAD
    + """
paths:
  /things/{place}:
    get:
      operationId: listThings
      parameters:
        - {name: place, in: path, required: true, style: label, schema: {type: string, minLength: 1}}
        - {name: n, in: query, schema: {type: integer, minimum: 0, maximum: 100000}}
        - {name: colour, in: query, schema: {type: string, enum: [red, dark green]}}
        - {name: full, in: query, schema: {type: boolean}}
        - {name: ids, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string, enum: [a, b c]}}}
        - {name: X-Tag, in: header, schema: {type: string, pattern: '^[a-z]+$'}}
      responses:
        '200': {description: Found., headers: {X-Total: {required: true, schema: {type: integer, maximum: 9}, example: 3}}}
        '400': {description: Refused.}
  /things:
    post:
      operationId: addThing
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [note]
              properties:
                note: {type: string}
                code: {type: string, pattern: '^[a-z]{2}$'}
                size: {type: integer, maximum: 9}
      responses: {'200': {description: Added.}, '400': {description: Refused.}}
  /orders:
    post:
      operationId: order
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [amount]
              properties:
                amount: {type: integer, minimum: 1}
                name: {type: string, maxLength: 9}
                sizes: {type: array, maxItems: 4, items: {type: string, enum: [s, m]}}
                place: {type: object, required: [x], properties: {x: {type: integer}}}
      responses: {'200': {description: Ordered.}, '400': {description: Refused.}}
  /letters:
    post:
      operationId: post
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [address]
              properties:
                address: {type: string, maxLength: 9}
                stamps: {type: array, maxItems: 2, items: {type: integer, minimum: 1}}
                scan: {type: string, format: binary, maxLength: 99}
            encoding: {scan: {contentType: image/png, headers: {X-Pages: {schema: {type: integer, minimum: 1}}}}}
      responses: {'200': {description: Posted.}, '400': {description: Refused.}}
"""
)
Plant = Callable[[pytest.MonkeyPatch], None]
Right = Any  # the method that the bug stands in for

# As untyped, for the bugs are planted in what is private.
_text_value: Any = text_value
_style: Any = style


def _wrong(of: Any, name: str, change: Callable[..., Any]) -> Plant:
    """Puts `change(the right method, *arguments)` in the place of a method."""
    right = getattr(of, name)

    def method(*arguments: Any, **options: Any) -> Any:
        return change(partial(right, **options), *arguments)

    return lambda patch: patch.setattr(of, name, method)


def _refused(when: Callable[[Any], bool]) -> Plant:
    """The server refuses some valid parameters."""

    def read(right: Right, codec: ParameterCodec, wire: Any) -> Any:
        value = right(codec, wire)
        if when(value):
            raise ParameterError("refused")
        return value

    return _wrong(ParameterCodec, "read", read)


def _any_pattern(right: Right, codec: ParameterCodec, wire: Any) -> Any:
    try:
        return right(codec, wire)
    except ParameterError:
        if "pattern" in codec.contract.node_at(codec.pointer):
            return "abc"
        raise


def _without(keyword: str) -> Plant:
    """The server takes a body that breaks a keyword."""

    def fault(right: Right, codec: MediaCodec, value: Any) -> Fault | None:
        found: Fault | None = right(codec, value)
        return None if found is not None and keyword in found.keyword else found

    return _wrong(MediaCodec, "fault", fault)


def _short_notes(right: Right, codec: MediaCodec, value: Any) -> Fault | None:
    found: Fault | None = right(codec, value)
    return found or (
        Fault("/note", "too long", "maxLength") if len(value.get("note", "")) > 6 else None
    )


def _scalar(type_: str, lax: Callable[[str], Iterator[Any]]) -> Plant:
    return lambda patch: patch.setitem(_text_value._READ, type_, lax)


def _integers(text: str) -> Iterator[int]:
    if re.fullmatch(r"[+-]?[0-9]+", text):
        yield int(text)


def _booleans(text: str) -> Iterator[bool]:
    if text.lower() in ("true", "false"):
        yield text.lower() == "true"


def _unquoted(_: Right, of: Style, raw: str) -> str:
    return raw if of.location == "header" else style.percent_decode(raw)


def _undotted(right: Right, styled: Styled, wire: Any, shape: str) -> Any:
    if styled.style.style == "label" and not wire.path[styled.style.wire_name].startswith("."):
        wire.path[styled.style.wire_name] = "." + wire.path[styled.style.wire_name]
    return right(styled, wire, shape)


def _bracketed(patch: pytest.MonkeyPatch) -> None:
    """`name[]=x` is read as `name=x`, of a field that may be absent beside undeclared ones."""

    def match(right: Right, field: FormField, name: str) -> Any:
        return right(field, "name" if name == "name[]" else name)

    def read(right: Right, field: FormField, wire: Any) -> Any:
        bare = [("name" if name == "name[]" else name, raw) for name, raw in wire.query]
        return right(field, replace(wire, query=bare))

    _wrong(FormField, "match_name", match)(patch)
    _wrong(FormField, "readings", read)(patch)


def _first_of(right: Right, field: FormField, wire: Any) -> Any:
    own = [pair for pair in wire.query if pair[0] == field.style.wire_name]
    return right(field, replace(wire, query=own[:1] or wire.query))


def _few(right: Right, codec: FormCodec, content: bytes, content_type: Any) -> Any:
    if content.count(b"&") > 1:
        raise MediaError("too many")
    return right(codec, content, content_type)


def _small_parts(right: Right, codec: PartCodec, part: Any, view: Any) -> Any:
    if len(part.content) > 6:
        raise MediaError("too long")
    return right(codec, part, view)


def _no(*_: object) -> bool:
    return False


PLANTS: dict[str, Plant] = {
    "large integers are refused": _refused(lambda value: type(value) is int and value > 300),
    "long texts are refused": _refused(lambda value: isinstance(value, str) and len(value) > 3),
    "a list of one is refused": _refused(lambda value: value in (["a"], ["b c"])),
    "a header of any pattern": _wrong(ParameterCodec, "read", _any_pattern),
    "a sign before an integer": _scalar("integer", _integers),
    "a boolean in any case": _scalar("boolean", _booleans),
    "pipes are commas": lambda patch: patch.setitem(
        _style._SEPARATORS, "pipeDelimited", (",", ",")
    ),
    "a plus is a plus": _wrong(Style, "unquote", _unquoted),
    "a label without its dot": _wrong(Styled, "_read", _undotted),
    "long texts in a body are refused": _wrong(MediaCodec, "fault", _short_notes),
    "a body of any pattern": _without("pattern"),
    "a body without a bound": _without("maximum"),
    "a form takes brackets": _bracketed,
    "a form takes the first of several": _wrong(FormField, "readings", _first_of),
    "a form of more than two fields is refused": _wrong(FormCodec, "read", _few),
    "a part of any media type": _wrong(PartCodec, "_check_type", _no),
    "long parts are refused": _wrong(PartCodec, "_read", _small_parts),
    "a part with any headers": _wrong(PartHeaders, "read", lambda *_: {}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def package(folder: Path) -> Package:
    file = folder / "contract.yaml"
    file.write_text(CONTRACT, encoding="utf-8")
    return make_package(folder, "shared", file)


def test_without_a_bug_nothing_is_seen(folder: Path, package: Package) -> None:
    evidence = prove_bug(folder, package, Bug("none", max_examples=30))
    assert evidence.failures == []
    assert evidence.is_proved


@pytest.mark.parametrize("name", PLANTS)
def test_a_bug_in_shared_code_is_seen(
    folder: Path, package: Package, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    PLANTS[name](monkeypatch)
    assert prove_bug(folder, package, Bug(name, max_examples=30)).failures


def test_reply_header_is_judged_by_another_reader(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    [operation] = (one for one in package.operations if one.id == "listThings")
    _wrong(ParameterCodec, "read", lambda *_: 3)(monkeypatch)
    assert list(faults(operation, Answer(200, (("X-Total", "3"),)))) == []
    assert list(faults(operation, Answer(200, (("X-Total", "+3"),)))) == [
        "header X-Total is not as its schema says: +3"
    ]
    assert list(faults(operation, Answer(200))) == ["header X-Total is missing"]


def test_a_judge_that_overrules_too_often_is_no_proof(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refused(lambda _: True)(monkeypatch)
    monkeypatch.setattr(verdict_filter, "judge_parameters", _no)

    credentials, evidence = Credentials.made_up(package.api), Evidence()
    with serve(default_app(package, credentials)) as address:
        subject = Subject(
            package, "wrong", address, credentials, always_succeeds=True, remembers=False
        )
        prove_conformance(subject, package.operations[:1], Budget(1, 60), evidence)

    assert [one.message for one in evidence.failures if one.check == "excuses"]
