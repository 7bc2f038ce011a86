"""The first state of a stand-in, as data: what a seed file holds.

A seed is an object. Its members are the fields that the stand-in class lists in `seeds`, by name;
their values have the fields' own types, as JSON has them: an object for a dataclass, an array for a
set, and for a model what it is on the wire.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from inspect import Parameter, signature
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import get_type_hints

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object
from bothends.runtime.models.model import read_by_themselves


class SeedError(ValueError):
    """A seed does not fit: `faults` are pairs of a JSON pointer into the seed and a rule.

    `stand_in` says whose seed it is, where whoever gave it may have thought of another.
    """

    def __init__(self, faults: Iterable[tuple[str, str]], stand_in: str = "") -> None:
        self.faults = tuple(faults)
        text = "; ".join(f"{pointer or 'the seed'}: {rule}" for pointer, rule in self.faults)
        super().__init__(f"{text} (this is a seed for {stand_in})" if stand_in else text)


def read_seed(stand_in: type, data: object) -> dict[str, Any]:
    """The arguments of the stand-in's constructor that a seed stands for, or SeedError."""
    names: tuple[str, ...] = getattr(stand_in, "seeds", ())
    if not is_object(data):
        raise SeedError([("", "must be an object with the names of what to seed")])

    types = _field_types(stand_in)
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []

    for name, value in data.items():
        if name not in names:
            faults.append((join(name), _unknown(name, names)))
            continue

        try:
            config = ConfigDict(extra="forbid", validate_by_name=True)
            with read_by_themselves():
                adapter: TypeAdapter[Any] = TypeAdapter(types.get(name, Any), config=config)
            values[name] = adapter.validate_json(json.dumps(value), strict=True, by_name=True)
        except ValidationError as error:
            faults += _faults(join(name), error)

    if faults:
        raise SeedError(faults)

    return values


def _field_types(stand_in: type) -> dict[str, Any]:
    """The types of the fields that are annotated in the class, or else in its constructor."""
    try:
        arguments = signature(stand_in, eval_str=True).parameters
        own: dict[str, Any] = {}
        for name, argument in arguments.items():
            if argument.annotation is not Parameter.empty:
                own[name] = argument.annotation
        return own | get_type_hints(stand_in)
    except NameError as error:
        rule = f"the types of {stand_in.__name__} cannot be read: {error}; import them at run time"
        raise SeedError([("", rule)]) from error


def _unknown(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"there is no such thing to seed: did you mean {near[0]}?"
    if not names:
        return "this stand-in takes no seed"
    return f"there is no such thing to seed; there are: {', '.join(names)}"


def _faults(pointer: str, error: ValidationError) -> Iterator[tuple[str, str]]:
    for entry in error.errors(include_url=False, include_input=False):
        message = entry["msg"]
        yield pointer + join(*map(str, entry["loc"])), message[:1].lower() + message[1:]
