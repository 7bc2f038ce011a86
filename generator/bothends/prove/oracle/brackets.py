"""Read nested values in brackets by the convention of qs, Rack and PHP.

Written apart from the server's reader, so that the two can disagree. Each name is a path:
`a[b][]=1` is `("b", "")` with the text `1`. A path is followed through the schemas, and each
reading that they speak of is made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import islice, product
from typing import Any

from bothends.prove.oracle.scalars import scalars_at
from bothends.prove.oracle.schemas import item_schemas, property_schemas, types_at
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.schema.contract import Contract

Entries = list[tuple[tuple[str, ...], str]]
"""The texts of one value, each with the path that its name is behind the name of the value."""

_MOST = 256
_DEEPEST = 32
_STEP = re.compile(r"\[([^\[\]]*)\]")
_INDEX = re.compile(r"0|[1-9]\d*", re.ASCII)


class Odd(Exception):
    """Brackets that do not match: whose they are, the convention does not say."""


def path_below(name: str, own: str) -> tuple[str, ...] | None:
    """The path of a name in brackets below `own`; None for another name. Odd."""
    if not name.startswith(own + "[") or not name.endswith("]"):
        return None
    remainder = name[len(own) :]
    steps = _STEP.findall(remainder)
    if "".join(f"[{step}]" for step in steps) != remainder:
        raise Odd
    return tuple(steps)


def is_item(step: str) -> bool:
    """Whether a step is one into an array: an index or nothing."""
    return step == "" or _INDEX.fullmatch(step) is not None


def readings(contract: Contract, places: Sequence[str], entries: Entries) -> list[Any]:
    """The values that the texts may mean by the schemas at these places.

    None if they contradict each other.
    """
    if any(len(path) > _DEEPEST for path, _ in entries):
        return []

    types = types_at(contract, *places)
    texts = [text for path, text in entries if not path]
    if texts:
        return _plain(contract, places, types, texts) if len(texts) == len(entries) else []

    values: list[Any] = []
    heads = list(dict.fromkeys(path[0] for path, _ in entries))
    if all(map(is_item, heads)) and ("array" in types or not types):
        if "" in heads and len(heads) > 1:
            return []
        values += _arrays(contract, places, heads, entries)
        if not types:
            return values

    if "object" in types or not types:
        values += _objects(contract, places, heads, entries)

    return values[: _MOST + 1]


def _plain(
    contract: Contract, places: Sequence[str], types: AbstractSet[str], texts: list[str]
) -> list[Any]:
    values: list[Any] = []
    if len(texts) == 1 and types != {"array"}:
        values += scalars_at(contract, places, texts[0])
    if "array" in types:
        each: list[list[Any]] = []
        for index, text in enumerate(texts):
            each.append(scalars_at(contract, item_schemas(contract, places, index), text))
        values += map(list, islice(product(*each), _MOST + 1))
    if len(texts) == 1 and {"{": "object", "[": "array"}.get(texts[0][:1]) in types:
        with suppress(JsonTextError):
            values.append(read_json(texts[0].encode("utf-8", "surrogatepass")))
    return values


def _arrays(
    contract: Contract, places: Sequence[str], heads: list[str], entries: Entries
) -> list[Any]:
    groups: list[Entries] = []
    if heads == [""]:
        groups = _in_turn([(path[1:], text) for path, text in entries])
    else:
        # Senders number items in any order; qs orders them by the number.
        by_head = _below(entries)
        groups = [by_head[head] for head in sorted(heads, key=int)]

    each: list[list[Any]] = []
    for index, group in enumerate(groups):
        each.append(readings(contract, item_schemas(contract, places, index), group))
    return [list(item) for item in islice(product(*each), _MOST + 1)]


def _in_turn(entries: Entries) -> list[Entries]:
    """The items of `[]`: a new one begins where a path of names repeats."""
    groups: list[Entries] = []
    paths = set[tuple[str, ...]]()
    for path, text in entries:
        repeats = "" not in path and path in paths
        if not groups or not path or repeats:
            groups.append([])
            paths.clear()
        groups[-1].append((path, text))
        paths.add(path)
    return groups


def _below(entries: Entries) -> dict[str, Entries]:
    """The entries by the first step of their paths, without it."""
    found: dict[str, Entries] = {}
    for path, text in entries:
        found.setdefault(path[0], []).append((path[1:], text))
    return found


def _objects(
    contract: Contract, places: Sequence[str], heads: list[str], entries: Entries
) -> list[Any]:
    nameless = [entry for entry in entries if entry[0][0] == ""]
    if len(nameless) > 1:
        return []

    each: list[list[Any]] = []
    by_head = _below(entries)
    for head in heads:
        described: list[str] = []
        for pointer in places:
            described += property_schemas(contract, pointer, head)
        each.append(readings(contract, described, by_head[head]))

    combined = islice(product(*each), _MOST + 1)
    return [dict(zip(heads, values, strict=True)) for values in combined]
