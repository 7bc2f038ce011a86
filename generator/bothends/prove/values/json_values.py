"""JSON values that a schema of the contract allows, drawn.

The strategies are those that schemathesis draws valid requests from: it knows every keyword. Its
builder is no public name of it; the version is pinned, and this is the only file that knows it. The
contract judges each value again.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from functools import cache, partial
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.jsonschema import CANONICALIZE_DRAFT_BY_VALIDATOR
from schemathesis.generation.jsonschema.builder import build
from schemathesis.generation.jsonschema.context import Alphabet
from schemathesis.specs.openapi.formats import format_lengths_for, get_default_format_strategies

from bothends.prove.values.tricky import NUMBERS, TEXTS, made_tricky
from bothends.prove.values.unrolled import schema_alone
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.value import sample

Values = st.SearchStrategy[Any]

_DRAFT = CANONICALIZE_DRAFT_BY_VALIDATOR[jsonschema_rs.Draft202012Validator]
_CONTROL = "".join(chr(code) for code in (*range(9), *range(10, 32), 127))
ANY_TEXT = Alphabet()
HEADER_TEXT = Alphabet(
    codec="ascii",
    max_codepoint=126,
    exclude_characters=_CONTROL,
    allow_surrounding_whitespace=False,
    min_name_length=1,
)
"""What a header can carry whatever its style; anything else is drawn too, now and then."""


def json_values(contract: Contract, pointer: str, alphabet: Alphabet = ANY_TEXT) -> Values:
    """Values that the schema at `pointer` allows.

    Whatever JSON can say where there is no schema.
    """
    if contract.find(pointer) is None:
        return _anything()
    return _drawn(contract, pointer, alphabet)


@cache
def _drawn(contract: Contract, pointer: str, alphabet: Alphabet) -> Values:
    schema = contract.find(pointer)
    if schema is True:
        return _anything()

    strategy = _built(schema_alone(contract, schema, unrolled=True), alphabet)
    if strategy.is_empty:
        strategy = _built(schema_alone(contract, schema, unrolled=False), alphabet)

    declared = sample(contract, pointer) if strategy.is_empty else MISSING
    also = st.just(declared) if declared is not MISSING else st.nothing()
    valid = (strategy | also).filter(lambda value: contract.accepts(pointer, value))
    tricky = partial(made_tricky, partial(contract.accepts, pointer))

    return valid | st.builds(tricky, valid, st.sampled_from(TEXTS), st.sampled_from(NUMBERS))


def _built(schema: dict[str, Any], alphabet: Alphabet) -> Values:
    try:
        return build(
            schema,
            draft=_DRAFT,
            formats=_formats(),
            format_lengths=format_lengths_for(_formats()),
            alphabet=alphabet,
            whole_floats=alphabet is ANY_TEXT,
        )
    except InvalidSchema:
        return st.nothing()


@cache
def _formats() -> dict[str, Values]:
    """Draw moments that `datetime` can hold; both ends read others as text."""
    offsets = st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: timezone(timedelta(minutes=minutes))
    )
    moments = st.datetimes(timezones=st.just(UTC) | offsets)
    return {
        **get_default_format_strategies(),
        "date": st.dates().map(lambda day: day.isoformat()),
        "date-time": moments.map(lambda moment: moment.isoformat()),
        "binary": st.binary().map(lambda content: content.decode("latin-1")),
    }


@cache
def _anything() -> Values:
    numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    scalars = st.none() | st.booleans() | numbers | st.text(st.characters(codec="utf-8"))
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
        ),
        max_leaves=6,
    )
