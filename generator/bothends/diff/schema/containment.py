"""Does a schema accept every value of another? Decided by set algebra, never by sampling.

Of plain schemas (plain.py), with the components that they refer to (components.py).

An object that declares properties and says nothing of others is open: JSON Schema allows any other
property. Callers do not send what is not documented, so the contained schema is closed first,
unless the team compares an open world. Without that, a new optional property would break every
caller who happened to send it already with another type.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jsonschema_rs as rs

from bothends.diff.schema.closing import closed, closed_in
from bothends.diff.schema.components import Components
from bothends.diff.schema.formats import unformatted, with_marks
from bothends.diff.schema.plain import trimmed
from bothends.diff.schema.wire_text import Text, read_from_text, with_written, without_null
from bothends.openapi.json_value import as_object, is_object

_BEYOND_ALGEBRA: Final = (
    rs.ValidationError,
    rs.ReferencingError,
    rs.canonical.CanonicalizationError,
)
"""A schema that cannot be read, such as a pattern of another dialect: nothing is claimed of it."""

_MOST_SUBTRACTED: Final = 20_000
"""Characters of two schemas that are subtracted: the time grows with their product."""

_MOST_COMPONENTS: Final = 4_000
"""Components that the schemas of one question may reach. Beyond it nothing is claimed."""

_FEW_COMPONENTS: Final = 300
_STACK: Final = 512 * 1024 * 1024
"""Bytes of stack: a chain of 1,500 components overflows the usual 8 MB, and ends the program."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pair of schemas alone does not say of how its values are sent and read.

    Args:
        names: The properties that the schemas around declare for the same value; None where one
            of them speaks of all others.
        text: Which scalars travel as text, where any text may be a number.
        asserts_formats: Whether the reader holds texts to their format.
        is_segment: Whether the value is one of a path, where an empty text has no form.
    """

    names: frozenset[str] | None = frozenset()
    text: Text = Text.NONE
    asserts_formats: bool = True
    is_segment: bool = False


_ALONE: Final = Frame()


class Containment:
    """The questions about sets of values of both contracts.

    Args:
        components: The component schemas of both.
        open_world: Whether undeclared properties of open objects count as values.
    """

    def __init__(self, components: Components, *, open_world: bool = False) -> None:
        self._components = components
        self._open_world = open_world

    def contains(self, larger: Any, smaller: Any, frame: Frame = _ALONE) -> bool | None:
        """Whether a plain schema accepts every value of another; None where that is not decided."""
        # What both say of a property in the same words decides nothing, and costs most.
        shorter = trimmed(larger, smaller)
        if shorter != (larger, smaller) and self._decide(*shorter, frame):
            return True
        return self._decide(larger, smaller, frame)

    def _decide(self, larger: Any, smaller: Any, frame: Frame) -> bool | None:
        # Asymmetric on purpose: only the set that is to be contained is what callers really send.
        inner = smaller
        if not self._open_world:
            inner = closed_in(smaller, frame.names, self._components.schema)
        outer = self._components.with_definitions(larger)
        outer = with_marks(outer, is_larger=True) if frame.asserts_formats else unformatted(outer)
        outer = read_from_text(outer, frame.text)
        inner = with_marks(self._components.with_definitions(inner), is_larger=False)
        inner = without_null(inner) if frame.text in (Text.ALL, Text.FIELDS) else inner
        if frame.is_segment and is_object(inner):
            inner = {**inner, "minLength": max(1, inner.get("minLength", 1))}
        reached = max(len(as_object(side.get("$defs"))) for side in map(as_object, (outer, inner)))
        if reached > _MOST_COMPONENTS:
            return None

        answer = _contains(outer, inner, is_deep=reached > _FEW_COMPONENTS)
        if not answer and frame.text is Text.ALL and self._is_scalar(smaller):
            written = with_written(outer, lambda larger, texts: _contains(larger, texts) is True)
            if written is not outer and _contains(written, inner):
                return True
        return answer

    def _is_scalar(self, schema: Any) -> bool:
        """Whether no value of a plain schema is an array or an object."""
        kinds = self._components.kinds(schema)
        return bool(kinds) and not kinds & {"array", "object"}

    def difference(self, larger: Any, smaller: Any) -> Any:
        """Return a plain schema of the values that only the smaller schema accepts.

        False, which no value fits, where they are beyond the algebra, or too large for it: of two
        schemas of fifty properties each, each with a schema of its own, it takes minutes.
        """
        outer = self._components.with_definitions(larger)
        if len(json.dumps([outer, self._components.with_definitions(smaller)])) > _MOST_SUBTRACTED:
            return False

        inner = self.documented(smaller)
        try:
            return _canonical(inner).subtract(_canonical(outer)).to_json_schema()
        except _BEYOND_ALGEBRA:
            return False

    def documented(self, schema: Any) -> Any:
        """The values of a plain schema that are sent, as a document of its own."""
        return self._components.with_definitions(
            schema if self._open_world else closed(schema, self._components.schema, is_part=False)
        )


def _canonical(schema: Any) -> rs.CanonicalSchema:
    return rs.canonicalize(schema, draft=rs.Draft202012, offline=True)


def _contains(outer: Any, inner: Any, *, is_deep: bool = False) -> bool | None:
    """Whether one schema that brings its definitions contains another; None where nobody knows."""
    try:
        if is_deep:
            answer = _deep_worker().submit(_covers, outer, inner).result()
        else:
            answer = _covers(outer, inner)
    # A pattern of another dialect cannot be canonicalised; "unknown" is the honest verdict (law 7).
    except _BEYOND_ALGEBRA:
        return None

    if answer == rs.canonical.Containment.YES:
        return True
    # The library answers UNKNOWN as well; reading it as no would call a harmless change breaking.
    return False if answer == rs.canonical.Containment.NO else None


def _covers(outer: Any, inner: Any) -> rs.canonical.Containment:
    return _canonical(outer).covers(_canonical(inner))


@cache
def _deep_worker() -> ThreadPoolExecutor:
    """One thread with a stack that chains of components fit: the library recurses along them."""
    usual = threading.stack_size(_STACK)
    try:
        worker = ThreadPoolExecutor(1)
        worker.submit(int).result()  # now, or the thread has the usual stack
    finally:
        threading.stack_size(usual)

    return worker
