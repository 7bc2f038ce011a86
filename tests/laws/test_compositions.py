"""Models of composed schemas hold every value that the contract accepts."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import types
import typing
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

import typing_extensions
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bothends.diagnostics import ContractError
from bothends.runtime import Model
from bothends.runtime.json.value import same
from bothends.runtime.models.codec import codec_for
from bothends.runtime.models.encoding import encode
from bothends.runtime.models.model_fields import by_wire_name
from tests.laws.compositions import compositions, contract_of, values
from tests.packages import Package, import_files, make
from tests.strict_mypy import run_strict_mypy

LONG = os.environ.get("COMPOSITIONS", "")
EXAMPLES = int(LONG or "40")
"""How many compositions are drawn: `COMPOSITIONS=3000` looks longer, each time at others."""
VALUES = 6
FEWEST = EXAMPLES // (10 if LONG else 4)
"""So many compositions must have had a value to rebuild: of random draws it was a fifth and more."""
ALIASES = (
    typing_extensions.TypeAliasType,
    getattr(typing, "TypeAliasType", typing_extensions.TypeAliasType),
)


class Unclear(Exception):
    """Two lists of a union expect the same literal: mypy then infers its type without them."""


class TestCompositions:
    """Each value that the contract accepts is decoded to its type and read by attribute.

    Constructors rebuild it, mypy accepts their calls, and the result encodes to an equal value.
    """

    def test_every_accepted_value_can_be_rebuilt(self, tmp_path: Path) -> None:
        functions = list[str]()

        @settings(
            max_examples=EXAMPLES,
            derandomize=not LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def check(data: st.DataObject) -> None:
            schemas = data.draw(compositions())
            package = composed(tmp_path, schemas)
            expressions = list[str]()
            drawn = st.lists(values(schemas, schemas["A"]), min_size=1, max_size=VALUES)
            for value in data.draw(drawn):
                expressions += rebuilt(package, value)
            if expressions:
                functions.append(function_of(package, expressions))

        check()
        assert len(functions) > FEWEST
        assert mypy_errors(tmp_path, functions) == ""


def composed(folder: Path, schemas: dict[str, Any]) -> Package:
    try:
        made = make(folder / "specs", json.dumps(contract_of(schemas)))
    except ContractError:
        assume(False)
        raise
    assume(made.api.operations)
    return Package(import_files(folder, made.files), made)


def rebuilt(package: Package, value: Any) -> Iterator[str]:
    """Rebuild a value that the contract accepts; gives the call of constructors that does it."""
    operations = package.part("operations")
    codec = codec_for(operations.API)
    if not codec.contract.accepts("/components/schemas/A", value):
        return

    type_ = operations.ECHO.body.media[0].type
    decoded = codec.decode(type_, value)
    assert is_of(decoded, type_), f"{value} is read as {decoded!r}, which is not of {type_}"
    for model in models_in(decoded):
        assert_readable(model)

    result = build(decoded)
    assert same(encode(result), value), f"{value} is rebuilt as {encode(result)}"
    if not any(model.model_extra for model in models_in(decoded)):
        with contextlib.suppress(Unclear):
            yield source_of(decoded, type_)


def members_of(type_: Any) -> Iterator[Any]:
    """The types that a value may be of: unions and aliases are resolved."""
    origin, arguments = get_origin(type_), get_args(type_)
    if isinstance(type_, ALIASES):
        holder = type("holder", (), {"__annotations__": {"value": type_.__value__}})
        namespace = vars(sys.modules[type_.__module__ or ""])
        yield from members_of(typing_extensions.get_type_hints(holder, namespace)["value"])
    elif origin is typing.Annotated:
        yield from members_of(arguments[0])
    elif origin in (typing.Union, types.UnionType):
        for argument in arguments:
            yield from members_of(argument)
    else:
        yield type_


def is_of(value: Any, type_: Any) -> bool:
    """Whether a Python value is of an annotated type, as a type checker sees it."""
    return any(is_of_member(value, member) for member in members_of(type_))


def is_of_member(value: Any, type_: Any) -> bool:
    origin, arguments = get_origin(type_), get_args(type_)
    if type_ is Any:
        return True
    if origin is typing.Literal:
        return any(type(value) is type(option) and value == option for option in arguments)
    if origin is list:
        return isinstance(value, list) and all(is_of(item, arguments[0]) for item in value)
    if origin is dict:
        items = value.values() if isinstance(value, dict) else ()
        return isinstance(value, dict) and all(is_of(item, arguments[1]) for item in items)
    if type_ is None:
        return value is None
    if type_ is float:
        return type(value) in (int, float)
    if issubclass(type_, Model):
        return isinstance(value, type_) and has_typed_fields(value)
    return type(value) is type_


def has_typed_fields(model: Model) -> bool:
    cls = type(model)
    for name, field in cls.model_fields.items():
        if name not in model.model_fields_set:
            if field.is_required():
                return False
        elif not is_of(getattr(model, name), field.annotation):
            return False
    return True


def models_in(value: Any) -> Iterator[Model]:
    if isinstance(value, Model):
        yield value
        for item in (*vars(value).values(), *(value.model_extra or {}).values()):
            yield from models_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from models_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from models_in(item)


def assert_readable(model: Model) -> None:
    names = by_wire_name(type(model))
    for name, item in encode(model).items():
        assert same(encode(getattr(model, names.get(name, name))), item)


def build(value: Any) -> Any:
    if isinstance(value, Model):
        fields = {name: getattr(value, name) for name in value.model_fields_set}
        return type(value)(
            **{n: build(item) for n, item in (fields | (value.model_extra or {})).items()}
        )
    if isinstance(value, list):
        return [build(item) for item in value]
    if isinstance(value, dict):
        return {name: build(item) for name, item in value.items()}
    return value


def source_of(value: Any, type_: Any) -> str:
    """The expression that builds a value where the type is expected. Raises `Unclear`."""
    if isinstance(value, Model):
        cls = type(value)
        fields = [(n, f) for n, f in cls.model_fields.items() if n in value.model_fields_set]
        arguments = (f"{n}={source_of(getattr(value, n), f.annotation)}" for n, f in fields)
        return f"models.{cls.__name__}({', '.join(arguments)})"
    if isinstance(value, list):
        (item,) = containers(type_, list) or (Any,)
        return f"[{', '.join(source_of(part, item) for part in value)}]"
    if isinstance(value, dict):
        _, item = containers(type_, dict) or (str, Any)
        parts = (f"{name!r}: {source_of(part, item)}" for name, part in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    return repr(value)


def containers(type_: Any, origin: type) -> tuple[Any, ...]:
    """The type arguments of the one list or dictionary that a type allows."""
    found = [member for member in members_of(type_) if get_origin(member) is origin]
    if len(set(map(str, found))) > 1:
        raise Unclear
    return get_args(found[0]) if found else ()


def function_of(package: Package, expressions: list[str]) -> str:
    """A function that passes what the expressions build to the client."""
    name = package.module.__name__
    lines = [f"    client.echo({expression})\n" for expression in dict.fromkeys(expressions)]
    head = f"def call_{name}(client: {name}.MadeClient) -> None:\n"
    return head + "".join(lines).replace("models.", f"{name}.models.")


def mypy_errors(folder: Path, functions: list[str]) -> str:
    """The errors of mypy in functions of several packages, each with its line."""
    text = "\n".join(functions)
    modules = dict.fromkeys(re.findall(r"made_\d+(?:\.models)?\b", text))
    lines = ["from datetime import date", *(f"import {name}" for name in modules), text]
    (folder / "calls.py").write_text("\n".join(lines))
    done = run_strict_mypy(folder, "calls.py")

    source = (folder / "calls.py").read_text().splitlines()
    found = [re.match(r"calls\.py:(\d+): error", line) for line in done.stdout.splitlines()]
    wrong = [source[int(match[1]) - 1] for match in found if match]
    return "\n".join([done.stdout + done.stderr, *wrong]).strip()
