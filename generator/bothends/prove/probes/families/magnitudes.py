"""Numbers, texts and lists far larger than usual, where the contract sets no bound.

`max: {type: integer}` of a query may be 2147483648: a server that reads 32 bits, and answers with
500, is at fault whatever else it would have said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.prove.probes.probe import ANSWERED, Probe, ProbeContext
from bothends.prove.values.replace import Steps, abbreviate, replace_at
from bothends.prove.values.valid_requests import valid_requests
from bothends.prove.wire.credentials import is_credential
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING
from bothends.runtime.parameters.parameter import parameter_codecs
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.sample.value import sample

_NUMBERS = (2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 10**30)
_OTHERS = ("x" * 2000, "\x00", ["x"] * 200)
_MOST_PLACES = 25


def probes(context: ProbeContext) -> Iterator[Probe]:
    """Each that the contract allows, in the place of each parameter and each number of a body."""
    yield from _parameters(context)
    if context.valid.is_json:
        yield from _numbers_of_the_body(context)


def _parameters(context: ProbeContext) -> Iterator[Probe]:
    contract = load_contract(context.operation.api)
    for parameter, codec in parameter_codecs(context.operation):
        if is_credential(context.operation, parameter):
            continue

        for value in (*_NUMBERS, *([number] for number in _NUMBERS), *_OTHERS):
            if not contract.accepts(codec.pointer, value):
                continue
            requests = valid_requests(
                context.operation,
                context.subject.credentials,
                known_ids=context.subject.known_ids.values(context.operation),
                arguments={parameter.name: value},
            )
            # A header has no form for some of them.
            same = (each for each in requests if each.media_type == context.valid.media_type)
            valid = next(same, None)
            if valid is not None:
                name = f"{parameter.location} {parameter.wire_name}: {abbreviate(value)}"
                yield Probe(name, valid.request, ANSWERED)


def _numbers_of_the_body(context: ProbeContext) -> Iterator[Probe]:
    complete = sample(load_contract(context.operation.api), context.valid.schema, full=True)
    body = context.valid.body if complete is MISSING else complete

    for path in list(_places_of_numbers(body, ()))[:_MOST_PLACES]:
        for number in _NUMBERS:
            sent = replace_at(body, path, number)
            if context.valid.accepts(sent):
                name = f"{'/'.join(map(str, path)) or 'the body'}: {number}"
                yield Probe(name, context.valid.with_json(sent), ANSWERED)


def _places_of_numbers(value: Any, steps: Steps) -> Iterator[Steps]:
    if is_object(value):
        for name, item in value.items():
            yield from _places_of_numbers(item, (*steps, name))
    elif is_array(value) and value:
        yield from _places_of_numbers(value[0], (*steps, 0))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield steps
