"""The alternatives of a schema, in the order in which a value of them is most likely found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, product
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object
from bothends.runtime.schema.composition import branches, composed
from bothends.runtime.schema.contract import Contract

from .keywords import names_under

Branch = tuple[str, ...]
"""Pointers of the schemas that apply together when one alternative is chosen."""

_MOST = 64
_OTHER = (2, 0)
_NULL = (3, 0)


def combinations(contract: Contract, schemas: dict[str, Any]) -> Iterator[tuple[Branch, ...]]:
    """Yield one alternative of each oneOf, anyOf and if of these schemas.

    First the likeliest of each, then with one of them changed, then other combinations.
    """
    choices = list[list[Branch]]()
    required = _needed(schemas)
    for pointer, schema in schemas.items():
        for choice in _choices(contract, pointer, schema, required):
            # One of its branches applies already: it was chosen in a round before.
            if not any(branch in schemas for branch in chain.from_iterable(choice)):
                choices.append(choice)
    if not choices:
        return

    first = tuple(choice[0] for choice in choices)
    yield first
    for index, choice in enumerate(choices):
        for branch in choice[1:]:
            yield (*first[:index], branch, *first[index + 1 :])

    if len(choices) > 1:
        yield from islice(product(*(choice[1:] for choice in choices)), _MOST)


def _needed(schemas: dict[str, Any]) -> list[str]:
    """The required names, and those that they need by `dependentRequired`."""
    found = names_under("required", schemas)
    dependent = [schema.get("dependentRequired", {}) for schema in schemas.values()]
    for name in found:  # what is needed comes to its end
        needed = chain.from_iterable(names.get(name, ()) for names in dependent)
        found += [other for other in dict.fromkeys(needed) if other not in found]
    return found


def named_by_discriminator(
    contract: Contract, schemas: dict[str, Any], chosen: Branch
) -> dict[str, str]:
    """Return the discriminating properties of the chosen alternatives (OpenAPI 3.1 §4.8.25)."""
    found: dict[str, str] = {}
    for schema in schemas.values():
        declared = schema.get("discriminator")
        name = declared.get("propertyName") if is_object(declared) else None
        for pointer in chosen:
            target = contract.find(pointer)
            if name and is_object(target) and "$ref" in target:
                found[name] = _value(declared.get("mapping") or {}, str(target["$ref"]))

    return found


def named_heirs(
    contract: Contract, schemas: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the schemas that extend one of these, and the property that says so.

    `Boat: {properties: {kind: …}, discriminator: {propertyName: kind, mapping: {tug: Tug}}}` gives
    the pointer of `Tug` and `{"kind": "tug"}` (OpenAPI 3.1 §4.8.25).
    """
    for pointer, schema in schemas.items():
        declared = schema.get("discriminator")
        if not is_object(declared) or "oneOf" in schema or "anyOf" in schema:
            continue

        mapping = declared.get("mapping")
        targets = {
            str(value): str(target) if "#" in str(target) else f"#/components/schemas/{target}"
            for value, target in (mapping if is_object(mapping) else {}).items()
        }
        pointers = {value: target.removeprefix("#") for value, target in targets.items()}
        pointers |= contract.heirs(pointer)
        # The schema of an heir includes that of its base: it was chosen in a round before.
        if schemas.keys().isdisjoint(pointers.values()):
            for value, heir in pointers.items():
                yield heir, {str(declared.get("propertyName")): value}


def tagged(value: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
    """An object with these discriminating properties: integers where it has integers."""
    found: dict[str, Any] = dict(value)
    for name, tag in tags.items():
        is_integer = type(value.get(name)) is int and tag.removeprefix("-").isdecimal()
        found[name] = int(tag) if is_integer else tag
    return found


def _value(mapping: dict[str, str], target: str) -> str:
    """The value that stands for a schema: the one that is mapped to it, else its name."""
    name = target.rpartition("/")[2]
    return next((key for key, to in mapping.items() if to in (target, name)), name)


def _choices(
    contract: Contract, pointer: str, schema: dict[str, Any], required: list[str]
) -> Iterator[list[Branch]]:
    for keyword in ("oneOf", "anyOf"):
        pointers = branches(pointer, schema, keyword)
        ranks = {branch: _rank(contract, branch) for branch in pointers}
        if any(rank == _OTHER for rank in ranks.values()):
            ranks = {branch: rank if rank == _NULL else _OTHER for branch, rank in ranks.items()}
        if pointers:
            ordered = sorted(pointers, key=ranks.__getitem__)
            together = [tuple(ordered)] if keyword == "anyOf" and len(ordered) > 1 else []
            yield [*((branch,) for branch in ordered), *together]

    for name in schema.get("dependentSchemas", {}):
        if name in required:
            yield [(f"{pointer}/dependentSchemas{join(name)}",)]

    if "if" in schema:
        both = (f"{pointer}/if", f"{pointer}/then") if "then" in schema else (f"{pointer}/if",)
        yield [both, (f"{pointer}/else",)] if "else" in schema else [both]


def _rank(contract: Contract, pointer: str) -> tuple[int, int]:
    """Rank an alternative: null last; of objects first those with a constant, then by `required`.

    Alternatives of real contracts overlap: a value of one with a required constant fits no other,
    and one that requires more properties fits fewer others.
    """
    constants, required = set[str](), set[str]()
    is_class = False
    for schema in composed(contract.find, [pointer], "allOf").values():
        if not is_object(schema):
            continue
        if schema.get("type") == "null" or schema.get("const", pointer) is None:
            return _NULL
        is_class = is_class or "properties" in schema or "required" in schema
        required |= set(schema.get("required", ()))
        for name, value in schema.get("properties", {}).items():
            if is_object(value) and ("const" in value or len(value.get("enum", ())) == 1):
                constants.add(name)

    if not is_class:
        return _OTHER
    return int(not constants & required), -len(required)
