"""The quick readers give what the exact ones give."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from itertools import count
from math import inf, nan
from types import GenericAlias, NoneType, UnionType
from typing import Any, ClassVar, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model

from bothends.runtime.json.text import (
    JsonTextError,
    read_json,
    read_strictly,
    write_exactly,
    write_json,
)
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.models import model as model_module
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.compiled_reader import compiled_reader
from bothends.runtime.models.model import Model
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract

WIRE_NAMES = ("a", "b", "from", "from_", "class")
TEXTS = st.text(max_size=4) | st.sampled_from(
    ["2026-01-02", "2026-01-02T03:04:05.100+02:00", "2016-12-31T23:59:60Z", str(UUID(int=5)), "red"]
)
NUMBERS = st.integers() | st.sampled_from([1.0, -0.0, 0.5, 1e300, 2.0**60])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*WIRE_NAMES, "other"]), inner, max_size=5)
    ),
    max_leaves=25,
)
SCALARS = st.sampled_from(
    [str, bool, float, int, NoneType, date, datetime, UUID, Any, Literal["red"], Literal[1, "red"]]
)
_numbers = count()


@st.composite
def classes(draw: st.DrawFn, depth: int = 2) -> type[BaseModel]:
    """A model, with models, lists and unions in its fields."""
    inner = classes(depth - 1) if depth else st.nothing()
    types = st.recursive(
        SCALARS | inner,
        lambda item: (
            item.map(lambda type_: GenericAlias(list, (type_,)))
            | item.map(lambda type_: GenericAlias(dict, (str, type_)))
            | item.map(lambda type_: type_ | None if type_ is not Any else Any)
            | st.tuples(item, item).map(lambda pair: pair[0] | pair[1] if Any not in pair else Any)
        ),
        max_leaves=3,
    )
    fields = dict[str, Any]()
    for wire_name in draw(st.sets(st.sampled_from(WIRE_NAMES))):
        name = {"from": "from_", "from_": "from_2", "class": "class_"}.get(wire_name, wire_name)
        type_ = draw(types)
        default = draw(st.sampled_from([..., None, 3]))
        fields[name] = (type_, Field(default, alias=wire_name))

    extras = draw(st.sampled_from([Any, int, datetime]))
    annotation: Any = ClassVar[GenericAlias(dict, (str, extras))]
    body = {"__annotations__": {"__extras__": annotation}, "__module__": __name__}
    owner = type(f"Owner{next(_numbers)}", (Model,), body)
    return create_model(f"Made{next(_numbers)}", __base__=owner, **fields)


class Tree(Model):
    """A class that leads back to itself."""

    a: "int | None" = None
    b: "list[Tree] | Tree | None" = None
    from_: "Tree | None" = Field(None, alias="from")
    class_: "dict[str, list[Tree]] | None" = Field(None, alias="class")


def exactly(value: Any) -> Any:
    """All that can be seen of a value, with its types."""
    if isinstance(value, BaseModel):
        inner = {name: exactly(item) for name, item in vars(value).items()}
        private = value.__pydantic_private__
        extra = exactly(value.__pydantic_extra__)
        return type(value), inner, set(value.model_fields_set), extra, private
    if is_object(value):
        return {name: exactly(item) for name, item in value.items()}
    if is_array(value):
        return [exactly(item) for item in value]
    return type(value), repr(value)


@cache
def codec() -> Codec:
    return Codec(Contract({}))


@cache
def read_tree() -> Callable[[Any], Any]:
    return compiled_reader(codec(), Tree)


class TestModels:
    """A compiled reader gives for each value, also an invalid one, what the decoder gives."""

    @settings(deadline=None)
    @given(classes(), st.data())
    def test_reader_and_decoder_agree(self, cls: type[BaseModel], data: st.DataObject) -> None:
        for type_ in (cls, GenericAlias(list, (cls,)), cls | None):
            value = data.draw(VALUES)
            own = Codec(Contract({}))
            assert exactly(compiled_reader(own, type_)(value)) == exactly(own.decode(type_, value))

    @given(VALUES)
    def test_recursive_class_is_read_alike(self, value: Any) -> None:
        assert exactly(read_tree()(value)) == exactly(codec().decode(Tree, value))


class Colour(Enum):
    """What is no JSON, and looks like a text or a number in some places."""

    RED = "red"
    ONE = 1


class Name(str):
    """A text of a user's own class."""

    __slots__ = ()


ODD: list[Any] = [
    MISSING,
    None,
    True,
    False,
    0,
    1,
    5,
    -(10**400),
    0.5,
    1.0,
    inf,
    nan,
    1 + 0j,
    Decimal(1),
    Colour.RED,
    Colour.ONE,
]
ODD += [
    *map(str, ("", "red", "2026-01-02", UUID(int=5))),
    Name("red"),
    b"a",
    (1,),
    [1, "a"],
    {"a": 1},
]
ODD += [date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC), UUID(int=5)]


def instance(draw: st.DrawFn, type_: Any) -> Any:
    """A Python value as a caller passes it for a type; one in eight is of another."""
    if draw(st.integers(0, 7)) == 0:
        return draw(st.sampled_from(ODD))
    if get_origin(type_) is Literal and draw(st.booleans()):
        # Equal to an option, and of another type: Python's 1, 1.0 and True.
        return draw(st.sampled_from([True, False, 0, 1, 0.0, 1.0]))
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        return codec().decode(type_, {})

    origin, arguments = get_origin(type_), get_args(type_)
    count = range(draw(st.integers(0, 2)) if origin in (list, dict) else 0)
    if origin is list:
        return [instance(draw, arguments[0]) for _ in count]
    if origin is dict:
        return {"ab"[index]: instance(draw, arguments[1]) for index in count}
    if origin is Literal:
        return draw(st.sampled_from(arguments))
    if origin in (Union, UnionType):
        return instance(draw, draw(st.sampled_from(arguments)))
    return draw(st.sampled_from([item for item in ODD if type_ in (Any, type(item))] or [None]))


@st.composite
def keywords(draw: st.DrawFn, cls: type[BaseModel]) -> dict[str, Any]:
    """Keywords of a constructor: fields by their names, with values of their types and others."""
    values = {
        name: instance(draw, field.annotation)
        for name, field in cls.model_fields.items()
        if field.is_required() or draw(st.booleans())
    }
    if draw(st.integers(0, 3)) == 0:
        values[draw(st.sampled_from([*WIRE_NAMES, "other"]))] = draw(st.sampled_from(ODD))
    return values


def built(cls: type[BaseModel], values: dict[str, Any]) -> Any:
    """All that can be seen of what a constructor makes."""
    try:
        return exactly(cls(**values))
    except (TypeError, ValueError) as error:
        return type(error), str(error)


def built_exactly(cls: type[BaseModel], values: dict[str, Any]) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_module, "quick_constructor", lambda *_: None)
        return built(cls, values)


class Choices(Model):
    """Values that Python holds for equal to some of another type."""

    number: Literal[1, 5] | None = None
    flag: Literal[False] | None = None
    many: list[Literal[0, "red", True]] | None = None


class TestConstructors:
    """A compiled constructor builds for any keywords what the exact way builds."""

    @settings(deadline=None)
    @given(classes(), st.data())
    def test_quick_and_exact_build_alike(self, cls: type[BaseModel], data: st.DataObject) -> None:
        values = data.draw(keywords(cls))
        assert built(cls, values) == built_exactly(cls, values)

    @pytest.mark.parametrize("value", [True, False, 0, 1, 0.0, 1.0, "red", Name("red"), Colour.ONE])
    @pytest.mark.parametrize("name", ["number", "flag", "many"])
    def test_equal_literals_build_alike(self, name: str, value: Any) -> None:
        values = {name: [value] if name == "many" else value}
        assert built(Choices, values) == built_exactly(Choices, values)


def outcome(read: Any, data: bytes) -> Any:
    try:
        return exactly(read(data))
    except JsonTextError as error:
        return str(error)


TOKENS = st.sampled_from(
    [
        r"{",
        r"}",
        r"[",
        r"]",
        r",",
        r":",
        r'"a"',
        r'"b"',
        r'":"',
        r'"\u0061"',
        r'"\":"',
        r'"',
        r':"',
        r"1",
        r"1e5",
        r"1E2",
        r"1e999",
        r"-0",
        r"0.1",
        r"0.10",
        r"1.5",
        r"true",
        r"NaN",
        r'"é"',
        r"0.1000000000000000055",
        r"12345678901234567890",
        r'"\ud800"',
        r'{"a":1,"a":1}',
        r'{"a":0.1}',
    ]
) | st.sampled_from([" ", "\n"])
HOSTILE = st.lists(TOKENS, max_size=12).map("".join)


def written(value: Any, ascii_only: bool, indent: int | None) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)


WRITTEN = st.builds(written, VALUES, st.booleans(), st.sampled_from([None, 1]))


@st.composite
def respelled(draw: st.DrawFn) -> str:
    """A text that was written, with one token put in, or one twice."""
    text = draw(WRITTEN)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return text[:end] + draw(TOKENS | st.just(text[start:end])) + text[end:]


def text_of(write: Callable[[Any], bytes], value: Any) -> Any:
    """What a writer gives: a value to the last digit, or that JSON has no form for it."""
    try:
        return exactly(json.loads(write(value)))
    except ValueError:
        return None


ANY_TEXTS = st.text(st.characters(), max_size=3) | st.sampled_from(["NaN", "-Infinity", "\ud800"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXTS, inner, max_size=3),
    max_leaves=8,
)


class TestText:
    """A text is read, or refused, as the strict parser does it; and written alike."""

    @given(JSON_VALUES)
    def test_quick_writer_and_exact_agree(self, value: Any) -> None:
        assert text_of(write_json, value) == text_of(write_exactly, value)

    @given(HOSTILE | WRITTEN | respelled())
    def test_quick_parser_and_strict_agree(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        assert outcome(read_json, data) == outcome(read_strictly, data)

    @given(
        st.lists(st.sampled_from(["a", '":', '\\":', ":", " ", "\\u003a"]), max_size=3), st.data()
    )
    def test_repeated_name_is_never_hidden(self, parts: list[str], data: st.DataObject) -> None:
        space = data.draw(st.sampled_from(["", " ", "\n"]))
        text = json.dumps("".join(parts)).replace("\\\\u", "\\u")
        value = data.draw(TOKENS)
        written = f"{{{text}{space}:{value},{text}:{space}{value}}}".encode(
            "utf-8", "surrogatepass"
        )
        assert isinstance(outcome(read_json, written), str)
