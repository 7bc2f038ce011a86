"""What a schema says beside the values that it allows, and readers act on.

A default, `readOnly`, `writeOnly`, `deprecated`, an encoding and a discriminator refuse no value
(OpenAPI 3.1 §4.8.24, JSON Schema 2020-12 Validation §8, §9), so no set shows a change of them. Each
is a note; of what is written as XML, its `xml` object is the form itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from bothends.diff.schema.inner_schemas import InnerPair, inner_pairs
from bothends.load import Document
from bothends.openapi.discriminator import mapped_component
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.reference import follow, target_of

_FLAGS: Final = {
    "readOnly": ("is read-only now", "is no longer read-only"),
    "writeOnly": ("is write-only now", "is no longer write-only"),
    "deprecated": ("is deprecated", "is no longer deprecated"),
}
_COMPOSED: Final = ("allOf", "anyOf", "oneOf")
_ENCODED: Final = ("contentEncoding", "contentMediaType")
"""What is inside a text (JSON Schema 2020-12 Validation §8): it refuses no text."""


@dataclass(frozen=True, slots=True)
class AnnotationChange:
    """One annotation that changed: where, and how, in words."""

    code: str
    old_pointer: str
    new_pointer: str
    path: str
    message: str


def compare_annotations(
    old: Document,
    new: Document,
    pair: tuple[str, str],
    seen: set[tuple[str, str]],
    is_same: Callable[[str], bool] = lambda _: False,
) -> Iterator[AnnotationChange]:
    """Find the annotations that differ in two schemas and what is inside both.

    Args:
        old: The old contract, normalised.
        new: The new contract, normalised.
        pair: The pointers of the two schemas.
        seen: The pairs that were looked at; they are not looked at again.
        is_same: Whether what a pointer leads to is the same in both contracts, in every word.
    """
    # A stack of our own: components may refer to each other in a chain of thousands.
    waiting = [(pair, "")]
    while waiting:
        pair, path = waiting.pop()
        was, now = old.value_at(pair[0]), new.value_at(pair[1])
        if pair in seen or not (is_object(was) and is_object(now)):
            continue

        seen.add(pair)
        if pair[0] == pair[1] and is_same(pair[0]):
            continue

        changes, following = _at_references(old, new, pair)
        for code, message in changes:
            yield AnnotationChange(code, *pair, path, message)

        inner = [*inner_pairs(old, new, pair), *following]
        waiting += [(pair, path + step) for pair, step in reversed(inner)]


def _at_references(
    old: Document, new: Document, pair: tuple[str, str]
) -> tuple[list[tuple[str, str]], list[InnerPair]]:
    """What changed at two schemas, and the pairs that their references lead to.

    What stands beside a `$ref` holds for this place alone, and what the component says for all.
    """
    chains = _chain(old, pair[0]), _chain(new, pair[1])
    documents = old, new
    changes = list(_changed(documents, _merged(chains[0]), _merged(chains[1])))
    if all(len(chain) == 1 for chain in chains):
        return changes, []

    rests = chains[0][1:] or chains[0], chains[1][1:] or chains[1]
    following = (rests[0][0][0], rests[1][0][0])
    is_bare = all(len(chain) == 1 or len(chain[0][1]) == 1 for chain in chains)
    if is_bare:
        return [], [(following, "")]

    if following[0] == following[1]:
        of_component = list(_changed(documents, _merged(rests[0]), _merged(rests[1])))
        return [change for change in changes if change not in of_component], [(following, "")]

    # Of two different schemas, what stands beside one may stand inside the other.
    return changes, inner_pairs(old, new, (chains[0][-1][0], chains[1][-1][0]))


def _chain(document: Document, pointer: str) -> list[tuple[str, dict[str, Any]]]:
    """A schema and those that its reference leads to, one after another, with their pointers."""
    chain: dict[str, dict[str, Any]] = {}
    target: str | None = pointer
    while target is not None and target not in chain:
        try:
            value = document.value_at(target)
        except KeyError:
            break
        chain[target] = as_object(value)
        target = target_of(value)

    return list(chain.items())


def _merged(chain: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """What all schemas of a chain say, the nearest last."""
    merged: dict[str, Any] = {}
    for _, schema in reversed(chain):
        merged |= schema
    return merged


def _changed(
    documents: tuple[Document, Document], was: dict[str, Any], now: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    for keyword, (gained, lost) in _FLAGS.items():
        before, after = was.get(keyword) is True, now.get(keyword) is True
        if before != after:
            yield f"{keyword.lower()}-changed", gained if after else lost

    # As text: 1 is not true.
    defaults = [json.dumps(each["default"]) if "default" in each else "none" for each in (was, now)]
    if defaults[0] != defaults[1]:
        yield "default-changed", f"the default was {defaults[0]}, is {defaults[1]}"

    for keyword in _ENCODED:
        if was.get(keyword) != now.get(keyword):
            values = [each.get(keyword, "absent") for each in (was, now)]
            yield "encoding-changed", f"`{keyword}` was {values[0]}, is {values[1]}"

    if was.get("xml") != now.get("xml"):
        forms = _xml_words(documents[0], was), _xml_words(documents[1], now)
        # A prefix stands for its namespace, and is nobody's name (Namespaces in XML §2).
        if {**forms[0], "prefix": None} != {**forms[1], "prefix": None}:
            written = [json.dumps(each, ensure_ascii=False) for each in forms]
            yield "xml-changed", f"its `xml` was {written[0]}, is {written[1]}"

    choice, chosen = (as_object(each.get("discriminator")) for each in (was, now))
    if choice.get("propertyName") != chosen.get("propertyName"):
        names = [each.get("propertyName", "none") for each in (choice, chosen)]
        yield "discriminator-changed", f"the discriminator was {names[0]}, is {names[1]}"

    mapping, mapped = (as_object(each.get("mapping")) for each in (choice, chosen))
    for value in {**mapping, **mapped}:
        declared = [str(each.get(value, "nothing")) for each in (mapping, mapped)]
        targets = [mapped_component(target) or target for target in declared]
        if targets[0] != targets[1]:
            words = f"{value!r} of the discriminator meant {targets[0]}, means {targets[1]}"
            yield "discriminator-changed", words


def _xml_words(document: Document, schema: dict[str, Any]) -> dict[str, Any]:
    """What `xml` says of a schema, its own words before those of its parts and alternatives."""
    words = dict(as_object(schema.get("xml")))
    waiting, seen = [schema], set[str]()
    while waiting:
        current = waiting.pop()
        for member in chain.from_iterable(as_array(current.get(word)) for word in _COMPOSED):
            inner, pointer = follow(document.value_at, member, "")
            if pointer not in seen and is_object(inner):
                waiting.append(inner)
                words = {**as_object(inner.get("xml")), **words}
            if pointer:
                seen.add(pointer)

    return words
