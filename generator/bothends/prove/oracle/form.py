"""Read form bodies by the document (OpenAPI 3.1 §4.8.14.4, §4.8.15).

Worked example: `level=1&tags=a&tags=b` by `{properties: {level: {type: [integer, string]}, tags:
{type: array}}}`. The readings of each property are

    level   1, "1"
    tags    ["a", "b"]

and the contract allows the body if it allows one object that has a reading of each.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain, islice, product
from typing import Any
from urllib.parse import unquote_plus

from bothends.prove.oracle.brackets import Odd, is_item, path_below, readings
from bothends.prove.oracle.items import MOST, Unsettled
from bothends.prove.oracle.names import tell_apart
from bothends.prove.oracle.reader import LIST_STYLES, Absent, Described, Pairs, Reader, Sent
from bothends.prove.oracle.scalars import scalars_at
from bothends.prove.oracle.schemas import (
    MOST_KEPT,
    are_of_objects,
    inner,
    item_schemas,
    property_names,
    property_schemas,
    schemas_at,
    types_at,
)
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.schema.contract import Contract

_STYLING = ("style", "explode", "allowReserved")


def judge_form(contract: Contract, media: str, body: bytes) -> bool | None:
    """Whether the contract allows a form as the body at the media type object `media`.

    None where that is undecided.
    """
    verdict = _verdict(contract, media, body)
    # A plus may be meant as itself (see `Reader.judge`).
    if verdict is False and b"+" in body:
        return False if _verdict(contract, media, body.replace(b"+", b"%2B")) is False else None
    return verdict


def _verdict(contract: Contract, media: str, body: bytes) -> bool | None:
    try:
        parts = [part.partition("=") for part in body.decode("utf-8").split("&") if part]
        pairs = [(unquote_plus(name, errors="strict"), raw) for name, _, raw in parts]
        return allows_one(contract, f"{media}/schema", _read(contract, media, pairs))
    except (UnicodeDecodeError, JsonTextError):
        return False
    except Unsettled:
        return None


def allows_one(contract: Contract, schema: str, readings: dict[str, list[Any]]) -> bool | None:
    """Whether the schema allows an object that has one reading of each property.

    None when there are too many to try.
    """
    combined = list(islice(product(*readings.values()), MOST + 1))
    for values in combined:
        if contract.accepts(schema, dict(zip(readings, values, strict=True))):
            return True

    if any(len(values) > MOST for values in (combined, *readings.values())):
        return None
    return False


def _read(contract: Contract, media: str, pairs: Pairs) -> dict[str, list[Any]]:
    """The readings of each property that is there. Unsettled, UnicodeDecodeError, JsonTextError."""
    names = property_names(contract, f"{media}/schema")
    nested = {name for name in names if _is_json(contract, media, name)}
    readers = {name: _readers(contract, media, name, pairs) for name in names if name not in nested}
    tell_apart(readers.values(), nested)
    found: dict[str, list[Any]] = {}
    has_alternatives = any(
        {"anyOf", "oneOf"} & schema.keys() for _, schema in schemas_at(contract, f"{media}/schema")
    )

    for name in names:
        try:
            if name in nested:
                found[name] = _json(contract, media, name, pairs)
            else:
                found[name] = [value for reader in readers[name] for value in reader.values()]
                found[name] += _list_in_json(contract, media, name, pairs)
        except Absent:
            continue
        if has_alternatives:
            found[name] += _as_text(pairs, name, found[name])

    every_reader = list(chain.from_iterable(readers.values()))
    return found | _undeclared(contract, media, pairs, nested, every_reader)


def _as_text(pairs: Pairs, name: str, existing: list[Any]) -> list[str]:
    """The text of a property, for the alternatives that do not describe it and forbid nothing."""
    texts = [unquote_plus(raw, errors="strict") for key, raw in pairs if key == name]
    return texts if len(texts) == 1 and texts[0] not in existing else []


def _list_in_json(contract: Contract, media: str, name: str, pairs: Pairs) -> list[Any]:
    """The list whose JSON is the only text of a field, as some senders write it."""
    texts = [unquote_plus(raw, errors="strict") for key, raw in pairs if key == name]
    is_list = "array" in _types(contract, media, name)[0]
    if not is_list or len(texts) != 1 or not texts[0].startswith("["):
        return []
    try:
        return [read_json(texts[0].encode("utf-8", "surrogatepass"))]
    except JsonTextError:
        return []


def _readers(contract: Contract, media: str, name: str, pairs: Pairs) -> list[Reader]:
    """A reader for each place where the property is described."""
    readers: list[Reader] = []
    for described in _described(contract, media, name):
        reader = Reader(contract, described, Sent(query=pairs))
        reader.is_field = True
        readers.append(reader)
    return readers


@lru_cache(MOST_KEPT)
def _described(contract: Contract, media: str, name: str) -> tuple[Described, ...]:
    encoding = contract.find_object(media + join("encoding", name))
    style: str = encoding.get("style", "form")
    explode: bool = encoding.get("explode", style == "form")
    places = inner(contract, f"{media}/schema", "properties", name)
    return tuple(Described(name, "query", place, style, explode) for place in places)


@lru_cache(MOST_KEPT)
def _is_json(contract: Contract, media: str, name: str) -> bool:
    """Whether a property is in JSON, as objects and lists of them are where no style is stated.

    Unsettled.
    """
    encoding = contract.find_object(media + join("encoding", name))
    if any(word in encoding for word in _STYLING):
        return False

    if _takes_brackets(contract, media, name):
        return True

    declared = [word.partition(";")[0] for word in encoding.get("contentType", "").split(",")]
    in_json = [word.strip().lower().endswith(("/json", "+json")) for word in declared]
    if any(in_json) and not all(in_json):
        raise Unsettled
    return all(in_json)


def _takes_brackets(contract: Contract, media: str, name: str) -> bool:
    """Whether a property is an object or a list of them, which libraries write in brackets."""
    types, items = _types(contract, media, name)
    return are_of_objects(types) or (types == {"array"} and are_of_objects(items))


def _json(contract: Contract, media: str, name: str, pairs: Pairs) -> list[Any]:
    # Invalid UTF-8 has no reading at all, so it must not be replaced by U+FFFD.
    texts = [unquote_plus(raw, errors="strict") for key, raw in pairs if key == name]
    entries: list[tuple[tuple[str, ...], str]] = []
    for key, raw in pairs:
        path = _path(contract, media, name, key)
        if path is not None:
            entries.append((path, unquote_plus(raw, errors="strict")))

    if entries:
        places = inner(contract, f"{media}/schema", "properties", name)
        return [] if texts else readings(contract, places, entries)
    if not texts:
        raise Absent

    values = [read_json(text.encode("utf-8", "surrogatepass")) for text in texts]
    types, _ = _types(contract, media, name)
    found = values if len(values) == 1 else []
    # Of a list each item is a text by 3.2, and the list is one by 3.1, as `content` is.
    return [*found, values] if "array" in types or not types else found


def _path(contract: Contract, media: str, name: str, key: str) -> tuple[str, ...] | None:
    """The path of a name in brackets below an object, or below a list of them. Unsettled."""
    try:
        path = path_below(key, name)
    except Odd:
        raise Unsettled from None
    if path is None or not _takes_brackets(contract, media, name):
        return None
    is_below = are_of_objects(_types(contract, media, name)[0]) or is_item(path[0])
    return path if is_below else None


def _types(contract: Contract, media: str, name: str) -> tuple[AbstractSet[str], AbstractSet[str]]:
    """The types of a property, and of its items."""
    places = inner(contract, f"{media}/schema", "properties", name)
    items = chain.from_iterable(inner(contract, pointer, "items") for pointer in places)
    return types_at(contract, *places), types_at(contract, *items)


def _undeclared(
    contract: Contract, media: str, pairs: Pairs, nested: set[str], readers: list[Reader]
) -> dict[str, list[Any]]:
    """The readings of what no property claims.

    Unsettled where an object takes names of any kind.
    """
    schema = f"{media}/schema"
    existing = nested.union(*(entry.names() for entry in readers))
    unclaimed = {name for name, _ in pairs} - existing
    remainder = {name for name in unclaimed if not _is_below(contract, media, name)}
    if remainder and any(entry.takes_any_name() for entry in readers):
        raise Unsettled

    by_name: dict[str, list[str]] = {name: [] for name in sorted(remainder)}
    for name, raw in pairs:
        if name in by_name:
            by_name[name].append(unquote_plus(raw, errors="strict"))

    found: dict[str, list[Any]] = {}
    for name, texts in by_name.items():
        found[name] = _of_any_kind(contract, property_schemas(contract, schema, name), texts)

    return found


def _is_below(contract: Contract, media: str, key: str) -> bool:
    """Whether a name is one in brackets of a property that takes them.

    Unsettled for brackets of what is not declared.
    """
    base = key.partition("[")[0]
    if not base or base == key or not key.endswith("]"):
        return False

    types, _ = _types(contract, media, base)
    if base not in property_names(contract, f"{media}/schema"):
        described = property_schemas(contract, f"{media}/schema", base)
        if {"array", "object"} & types_at(contract, *described):
            raise Unsettled
        return False

    if contract.find_object(media + join("encoding", base)).get("style") == "deepObject":
        return True
    encoding = contract.find_object(media + join("encoding", base))
    plain = encoding.get("style", "form") in LIST_STYLES
    first = key[len(base) + 1 :].partition("]")[0]
    if _is_json(contract, media, base):
        nested = _takes_brackets(contract, media, base)
        return nested and (are_of_objects(types) or is_item(first))
    return plain and "array" in types and is_item(first)


def _of_any_kind(contract: Contract, places: list[str], texts: list[str]) -> list[Any]:
    types = types_at(contract, *places)
    if "object" in types or (not types and len(texts) > 1):
        raise Unsettled

    values: list[Any] = scalars_at(contract, places, texts[0]) if len(texts) == 1 else []
    if "array" in types:
        of_each: list[list[Any]] = []
        for index, text in enumerate(texts):
            of_each.append(scalars_at(contract, item_schemas(contract, places, index), text))
        values += map(list, islice(product(*of_each), MOST + 1))
    return values
