"""A bug in what the server and the proof share is seen: the proof has a judge of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bothends.prove import Package
from bothends.runtime import style, text_value
from bothends.runtime.explain import Fault
from bothends.runtime.media.codec import MediaCodec
from bothends.runtime.parameter import ParameterCodec, ParameterError
from bothends.runtime.style import Style
from bothends.runtime.styled import Styled
from tests.making import HEAD

from .ferry import Bug, make_package, prove_bug

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
      responses: {'200': {description: Found.}, '400': {description: Refused.}}
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
"""
)
Plant = Callable[[pytest.MonkeyPatch], None]


def _read(change: Callable[[Any], Any]) -> Plant:
    """The server reads a valid parameter in another way; an exception refuses it."""
    right = ParameterCodec.read
    return lambda patch: patch.setattr(ParameterCodec, "read", lambda self, wire: change(right(self, wire)))


def _refused(when: Callable[[Any], bool]) -> Plant:
    def change(value: Any) -> Any:
        if when(value):
            raise ParameterError("refused")
        return value

    return _read(change)


def _any_pattern(patch: pytest.MonkeyPatch) -> None:
    right = ParameterCodec.read

    def read(self: ParameterCodec, wire: Any) -> Any:
        try:
            return right(self, wire)
        except ParameterError:
            if "pattern" in self.contract.at(self.pointer):
                return "abc"
            raise

    patch.setattr(ParameterCodec, "read", read)


def _fault(change: Callable[[Fault | None, Any], Fault | None]) -> Plant:
    right = MediaCodec.fault
    return lambda patch: patch.setattr(MediaCodec, "fault", lambda self, value: change(right(self, value), value))


def _scalar(type_: str, lax: Callable[[str], Iterator[Any]]) -> Plant:
    return lambda patch: patch.setitem(text_value._READ, type_, lax)


def _integers(text: str) -> Iterator[int]:
    if re.fullmatch(r"[+-]?[0-9]+", text):
        yield int(text)


def _unquoted(self: Style, raw: str) -> str:
    return raw if self.location == "header" else style.percent_decode(raw)


PLANTS: dict[str, Plant] = {
    "large integers are refused": _refused(lambda value: type(value) is int and value > 300),
    "long texts are refused": _refused(lambda value: isinstance(value, str) and len(value) > 3),
    "a list of one is refused": _refused(lambda value: isinstance(value, list) and len(value) == 1),
    "a header of any pattern": _any_pattern,
    "a sign before an integer": _scalar("integer", _integers),
    "a boolean in any case": _scalar(
        "boolean",
        lambda text: iter([text.lower() == "true"] if text.lower() in ("true", "false") else []),
    ),
    "pipes are commas": lambda patch: patch.setitem(style._SEPARATORS, "pipeDelimited", (",", ",")),
    "a plus is a plus": lambda patch: patch.setattr(Style, "unquote", _unquoted),
    "a label without its dot": lambda patch: patch.setattr(
        Styled, "_read", lambda self, wire, shape, right=Styled._read: _undotted(self, wire, shape, right)
    ),
    "long texts in a body are refused": _fault(
        lambda fault, value: (
            fault or (Fault("/note", "too long", "maxLength") if len(value.get("note", "")) > 6 else None)
        )
    ),
    "a body of any pattern": _fault(
        lambda fault, _: None if fault is not None and "pattern" in fault.keyword else fault
    ),
    "a body without a bound": _fault(
        lambda fault, _: None if fault is not None and "maximum" in fault.keyword else fault
    ),
}


def _undotted(self: Styled, wire: Any, shape: Any, right: Any) -> Any:
    if self.style.style == "label" and not wire.path[self.style.wire_name].startswith("."):
        wire.path[self.style.wire_name] = "." + wire.path[self.style.wire_name]
    return right(self, wire, shape)


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
