"""One pair of schemas of two contracts: its differences, each with its verdict."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeAlias

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, is_shared, verdict_of
from bothends.diff.schema.annotations import AnnotationChange, compare_annotations
from bothends.diff.schema.components import Components
from bothends.diff.schema.containment import Containment, Frame
from bothends.diff.schema.difference import Branch, Difference, Group, Others, Step
from bothends.diff.schema.differences import Differences
from bothends.diff.schema.plain import NEW, OLD, plain
from bothends.diff.schema.wire_text import Text
from bothends.diff.schema.witness import Way, WitnessSearch
from bothends.load import Document
from bothends.openapi.json_value import as_object
from bothends.openapi.reference import target_of
from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract

_IN_CODES: Final = {
    Effect.NARROWS: "narrowed",
    Effect.WIDENS: "widened",
    Effect.BOTH: "changed",
    Effect.NONE: "same-values",
    Effect.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Where a pair of schemas is used: the operation, and the part of the message in words.

    `text` says which scalars travel as text there, `is_segment` that it is in a path, and `is_xml`
    that it is written as XML.
    """

    subject: str
    part: str
    direction: Direction
    text: Text = Text.NONE
    is_segment: bool = False
    is_xml: bool = False


_Key: TypeAlias = tuple[str, str, str, str | None, Direction, Text, bool]
_MOST_TRIES: Final = 4
"""How many of the operations that use a shared schema are searched for an example of a change."""


class SchemaComparison:
    """Compares pairs of schemas of two normalised documents.

    Args:
        old: The old contract, normalised.
        new: The new contract, normalised.
        open_world: Whether undeclared properties of open objects count as values.
    """

    def __init__(self, old: Document, new: Document, *, open_world: bool = False) -> None:
        self.old = old
        self.new = new
        self._components = Components(_components(old), _components(new))
        self._containment = Containment(self._components, open_world=open_world)
        self._differences = Differences(old, new, self._components)
        of_old = Contract(old.data)
        self._witnesses = WitnessSearch(
            self._components, self._containment, of_old, Contract(new.data)
        )
        # A text that is not of its format refuses no reply, unless the contract says so.
        self._asserts_formats = {
            Direction.REQUEST: True,
            Direction.REPLY: of_old.answers is of_old,
            Direction.NEITHER: True,
        }
        # A shared component is compared once per operation that reaches it, and the set algebra is
        # the slow part.
        self._effects: dict[_Key, Effect] = {}
        self._examples: dict[_Key, Change] = {}
        self._tries: Counter[_Key] = Counter()
        # Not as decorators: those keep every comparison of a process.
        self._is_same = cache(self._find_same)
        self._groups = cache(self._find_groups)
        self._seen_annotations: dict[tuple[Direction, bool], set[tuple[str, str]]] = {}
        self._annotated: dict[tuple[Direction, bool, str, str], list[AnnotationChange]] = {}

    def compare(self, old_pointer: str, new_pointer: str, usage: Usage) -> Iterator[Change]:
        """The changes of a value that the schemas at two pointers describe."""
        yield from self._annotations(old_pointer, new_pointer, usage)
        targets = self._bare_targets(old_pointer, new_pointer)
        # Most pairs are equal, and comparing them is cheap beside the set algebra.
        if self._is_same(*targets):
            return

        pair = (old_pointer, new_pointer)
        for group in self._groups(*targets):
            together = self._judge(group.together, pair, usage)
            parts = [self._judge(part, pair, usage) for part in group.parts]
            harmful = [part for part in parts if part.verdict is not Verdict.COMPATIBLE]

            if together.verdict is Verdict.COMPATIBLE:
                # Where one part seems harmful, another of the same schema makes up for it.
                changes = [together] if harmful else parts
            else:
                changes = parts if harmful else [together]
            yield from changes

    def _find_same(self, old_pointer: str, new_pointer: str) -> bool:
        """Whether the two schemas are equal, as most are that hundreds of operations refer to."""
        schemas = self.old.value_at(old_pointer), self.new.value_at(new_pointer)
        return self._components.is_same(plain(schemas[0], OLD), plain(schemas[1], NEW))

    def _find_groups(self, old_pointer: str, new_pointer: str) -> list[Group]:
        """The differences of a component, which hundreds of operations may refer to."""
        return [*self._differences.between(old_pointer, new_pointer)]

    def are_scalars(self, old: Any, new: Any) -> bool:
        """Whether the schema of one of both contracts allows neither arrays nor objects."""
        kinds = [self._components.kinds(plain(old, OLD)), self._components.kinds(plain(new, NEW))]
        return any(kind and not kind & {"array", "object"} for kind in kinds)

    def _annotations(self, old_pointer: str, new_pointer: str, usage: Usage) -> Iterator[Change]:
        pair = self._bare_targets(old_pointer, new_pointer)
        key = (usage.direction, usage.is_xml, *pair)
        if key not in self._annotated:
            # A component inside others is looked at once in each direction, whoever uses it.
            seen = self._seen_annotations.setdefault((usage.direction, usage.is_xml), set())
            is_same = self._components.is_same_text
            self._annotated[key] = [*compare_annotations(self.old, self.new, pair, seen, is_same)]

        for change in self._annotated[key]:
            path = change.path.lstrip(".")
            part = f"{usage.part} at `{path}`" if path else usage.part
            is_form = usage.is_xml and change.code == "xml-changed"
            yield Change(
                change.code,
                (usage.subject,),
                f"{part}: {change.message}",
                usage.direction,
                Effect.BOTH if is_form else Effect.NONE,
                Verdict.BREAKING if is_form else Verdict.NOTE,
                self.old.location_of(change.old_pointer),
                self.new.location_of(change.new_pointer),
                Witness(f"{usage.subject}, {part}: XML as it was") if is_form else None,
            )

    def _bare_targets(self, old_pointer: str, new_pointer: str) -> tuple[str, str]:
        """Where two references lead that have nothing beside them; else the schemas themselves."""
        schemas = self.old.value_at(old_pointer), self.new.value_at(new_pointer)
        old, new = (
            target_of(schema) if len(as_object(schema)) == 1 else None for schema in schemas
        )
        if old is None or new is None:
            return old_pointer, new_pointer
        return old, new

    def _judge(self, difference: Difference, pair: tuple[str, str], usage: Usage) -> Change:
        text = self._text_of(difference, usage)
        key = _key(difference, usage, text)
        if key not in self._effects:
            self._effects[key] = self._find_effect(difference, usage, text)
        effect = self._effects[key]

        verdict = verdict_of(usage.direction, effect)
        change = Change(
            code=f"{usage.direction}-{_IN_CODES[effect]}",
            subjects=(usage.subject,),
            message=f"{usage.part}{_path(difference)}: {difference.message}",
            direction=usage.direction,
            effect=effect,
            verdict=verdict,
            old=self.old.location_of(difference.old_pointer),
            new=self.new.location_of(difference.new_pointer),
        )
        if verdict is Verdict.COMPATIBLE:
            return change
        if is_shared(change) and key in self._examples:
            # One example shows the change of a shared schema, whoever uses it.
            return replace(self._examples[key], subjects=change.subjects, message=change.message)

        is_request = usage.direction is Direction.REQUEST
        value: Any = MISSING
        if not is_shared(change) or self._tries[key] < _MOST_TRIES:
            self._tries[key] += 1
            way = Way(is_request=is_request, text=usage.text, is_segment=usage.is_segment)
            value = self._witnesses.find(difference, pair, way)
        if value is MISSING:
            # Narrower in this place, and no example: another part of the schema may make up for it.
            return replace(change, code=f"{usage.direction}-unknown", verdict=Verdict.UNKNOWN)

        example = json.dumps(value, ensure_ascii=False)
        # A witness is shown in a pull request; the head of it is enough to see the value.
        example = example if len(example) <= 400 else example[:397] + "…"
        existing = Effect.NARROWS if usage.direction is Direction.REQUEST else Effect.WIDENS
        effect = existing if effect is Effect.UNKNOWN else effect
        self._examples[key] = replace(
            change,
            code=f"{usage.direction}-{_IN_CODES[effect]}",
            effect=effect,
            verdict=Verdict.BREAKING,
            witness=Witness(f"{usage.subject}, {usage.part}: {example}", value),
        )
        return self._examples[key]

    def _text_of(self, difference: Difference, usage: Usage) -> Text:
        """Which scalars of what differs are texts: of a form, those of fields and their lists."""
        steps = [step for step in difference.path if not isinstance(step, Branch)]
        if usage.text is not Text.FIELDS or not steps:
            return usage.text

        is_item = len(steps) == 2 and isinstance(steps[1], int)
        is_text = len(steps) == 1 or is_item
        for schema in (difference.old, difference.changed):
            kinds = self._components.kinds(schema)
            if kinds == frozenset({"array"}) and not is_item:
                kinds = self._components.kinds(as_object(schema).get("items"))
            is_text = is_text and bool(kinds) and not kinds & {"array", "object"}

        return Text.ALL if is_text else Text.NONE

    def _find_effect(self, difference: Difference, usage: Usage, text: Text) -> Effect:
        """What happens to the set of values.

        Only the question that the verdict rests on must be decided.
        """
        is_segment = usage.is_segment and not difference.path
        asserts_formats = self._asserts_formats[usage.direction]
        frame = Frame(difference.names, text, asserts_formats, is_segment)
        keeps = self._containment.contains(difference.changed, difference.old, frame)
        adds_nothing = self._containment.contains(difference.old, difference.changed, frame)
        decisive = keeps if usage.direction is Direction.REQUEST else adds_nothing
        if decisive is None:
            return Effect.UNKNOWN

        if keeps and adds_nothing:
            return Effect.NONE
        if keeps:
            return Effect.WIDENS
        if adds_nothing:
            return Effect.NARROWS
        return Effect.BOTH


def _key(difference: Difference, usage: Usage, text: Text) -> _Key:
    """What the effect of a difference depends on, whoever uses the schema."""
    names = ",".join(sorted(difference.names)) if difference.names is not None else None
    pointers = (difference.old_pointer, difference.new_pointer)
    used = usage.direction, text, usage.is_segment
    return (*pointers, difference.message, names, *used)


def _components(document: Document) -> dict[str, Any]:
    return as_object(as_object(document.data.get("components")).get("schemas"))


def _path(difference: Difference) -> str:
    steps = "".join(map(_step, difference.path)).lstrip(".")
    return f" at `{steps}`" if steps else ""


def _step(step: Step) -> str:
    match step:
        case Branch():
            return ""
        case Others():
            return ".*"
        case int():
            return "[]"
        case _:
            return f".{step}"
