"""Nested values as names in brackets, by the convention of qs, Rack and PHP.

OpenAPI 3.1 §4.8.12.2 defines style deepObject for one level of scalars only; clients and servers in
the wild go on in the same way. Example: `{"berth": {"quay": {"no": 5}}, "tags": ["a", "b"]}` under
the name `trip` is written

    trip[berth][quay][no]=5   trip[tags][0]=a   trip[tags][1]=b

and read, by a schema that says which parts are objects and which are arrays, from these and from

    trip[tags][]=a   trip[tags][]=b       in the order of the pairs
    trip[tags]=a     trip[tags]=b         the same

Indices give the order; gaps close, as in qs: `[5]` and `[7]` are two items. Of
`a[][x]=1&a[][y]=2&a[][x]=3` an item ends where a name repeats (Rack). What two readers could
understand differently is refused: an index twice, items with and without an index, a value and
brackets at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.schema.schema_view import ALL_TYPES, SchemaView

from .style import Pairs, Style, StyleError
from .text_value import likeliest, scalars, text_of

MAX_DEPTH = 32
"""So many brackets may follow a name; the bound of Rack."""

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(slots=True)
class Node:
    """The texts of one name, and what follows in brackets: members by key, and items."""

    texts: list[str] = field(default_factory=list[str])
    members: dict[str, Node] = field(default_factory=dict[str, "Node"])
    items: list[Node] = field(default_factory=list["Node"])

    def add(self, steps: list[str], text: str) -> None:
        """Add the text of the name that these steps lead to."""
        if not steps:
            self.texts.append(text)
        elif steps[0]:
            self.members.setdefault(steps[0], Node()).add(steps[1:], text)
        else:
            self._last_item(steps[1:]).add(steps[1:], text)

    def _last_item(self, steps: list[str]) -> Node:
        """Return the last item of `[]`, or a new one if it has a text at these steps already."""
        if not self.items or not steps or self.items[-1].has_text(steps):
            self.items.append(Node())
        return self.items[-1]

    def has_text(self, steps: list[str]) -> bool:
        """Whether there is a text at these steps already."""
        node: Node | None = self
        for step in steps:
            node = node.members.get(step) if node is not None else None
        return node is not None and bool(node.texts)


def steps_below(name: str, own: str) -> list[str] | None:
    """Return the steps `[a, b]` of the name `own[a][b]`, or None for another name."""
    start = len(own) + 1
    if not name.startswith(own + "[") or not name.endswith("]") or len(name) <= start:
        return None
    return name[start:-1].split("][")


def is_item(step: str) -> bool:
    """Whether a step may be one of an array: an index, or nothing at all."""
    return not step or _INDEX.fullmatch(step) is not None


def read_brackets(view: SchemaView, own: str, pairs: Iterable[tuple[str, str]]) -> Any:
    """Return the JSON value of the pairs of `own` and of its names in brackets.

    Raises:
        StyleError: The names contradict each other or the schema, or nest too deeply.
    """
    node = Node()
    for name, text in pairs:
        steps = [] if name == own else steps_below(name, own)
        if steps is None:
            raise StyleError("has a name whose brackets do not match")
        if len(steps) > MAX_DEPTH:
            raise StyleError(f"has a name with more than {MAX_DEPTH} brackets")
        node.add(steps, text)

    return _read(view, node)


def write_brackets(style: Style, value: Any) -> Pairs:
    """Return the quoted pairs of a JSON value in a query or a form. What is empty has none."""
    flat = flatten(style.wire_name, value)
    return [(style.quote(name), style.quote(text_of(leaf))) for name, leaf in flat]


def flatten(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Give the leaves of a value, each with its name in brackets below `name`."""
    if is_object(value):
        for key, item in value.items():
            yield from flatten(f"{name}[{key}]", item)
    elif is_array(value):
        for index, item in enumerate(value):
            yield from flatten(f"{name}[{index}]", item)
    else:
        yield name, value


def bases(name: str) -> Iterator[str]:
    """Yield the names before each bracket, shortest first: `a` and `a[b]` of `a[b][c]`."""
    start = name.find("[", 1) if name.endswith("]") else -1
    for _ in range(MAX_DEPTH):
        if start < 0:
            return
        yield name[:start]
        start = name.find("[", start + 1)


def _read(view: SchemaView, node: Node) -> Any:
    """The value of a node that the schema accepts; if it accepts none, the likeliest."""
    if node.texts and (node.members or node.items):
        raise StyleError("has a name with a value of its own and with brackets")

    found = list(_readings(view, node))
    if not found:
        raise StyleError("has brackets behind a name that takes none")
    if len(found) == 1:
        return found[0]

    # No reading is valid: the likeliest one gives the error that a person can act on.
    return next((value for value in found if view.accepts(value)), found[0])


def _readings(view: SchemaView, node: Node) -> Iterator[Any]:
    if node.texts:
        yield from _texts(view, node.texts)
        return

    # Of an undeclared property no schema says anything, so it may be both.
    types = view.types if view.pointers else ALL_TYPES
    array = _array(view, node) if "array" in types else None
    if array is not None:
        yield array

    if "object" in types and (array is None or types != ALL_TYPES):
        # Where no array can be, empty brackets are the property whose name is empty.
        members = {**node.members, **({"": node.items[0]} if len(node.items) == 1 else {})}
        if len(node.items) > 1:
            raise StyleError("has a property twice")
        yield {name: _read(view.property(name), inner) for name, inner in members.items()}


def _texts(view: SchemaView, texts: list[str]) -> Iterator[Any]:
    is_list = view.typed and "array" in view.types
    if len(texts) == 1:
        yield from scalars(view, texts[0], last_resort=not is_list)
    elif not is_list:
        raise StyleError("has a name twice")

    if is_list:
        # A text without brackets is no list inside a list.
        yield [likeliest(view.item(index), text) for index, text in enumerate(texts)]
    if len(texts) == 1 and view.typed:
        yield from _in_json(view, texts[0])


def _in_json(view: SchemaView, text: str) -> Iterator[Any]:
    """The object or array whose JSON is one text: `rows[0]={"id":1}`, as several libraries send."""
    kind = {"{": "object", "[": "array"}.get(text[:1], "")
    if kind in view.types:
        with suppress(JsonTextError):
            yield read_json(text.encode("utf-8", "surrogatepass"))


def _array(view: SchemaView, node: Node) -> list[Any] | None:
    """The array of a node, or None where its names are not those of items."""
    if not all(map(is_item, node.members)):
        return None
    if node.members and node.items:
        raise StyleError("has items with and without an index")

    # Gaps close, as in qs: PHP sends `[5]` and `[7]` of an array with deleted items.
    ordered = [node.members[index] for index in sorted(node.members, key=int)] or node.items
    return [_read(view.item(index), item) for index, item in enumerate(ordered)]
