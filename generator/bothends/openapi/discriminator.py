"""The discriminators of a contract (OpenAPI 3.1 §4.8.25).

    AnyBoat: {oneOf: [{$ref: Sail}, {$ref: Motor}], discriminator: {propertyName: kind, mapping: {fuel: Motor}}}

The values of `kind` are "Sail" and "Motor", the names of the schemas, and "fuel", which the mapping
adds. A schema with a discriminator that others extend by `allOf` is one of these or itself. A union
of such heirs has the discriminator of their base, where it has none of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.reference import component_key, local_pointer, schema_key
from bothends.openapi.walk import all_schemas

_KEYWORDS_OF_UNIONS = frozenset(("oneOf", "anyOf"))

MOST_HEIRS = 24
"""A base of more heirs would be a union of hundreds wherever it is used."""


@dataclass(frozen=True, slots=True)
class Discriminator:
    """The component that each value of a property names.

    `base` is the component that the others extend, or empty; `default` the one that a value is of
    where the property does not tell (OpenAPI 3.2 §4.25).
    """

    property: str
    members: tuple[str, ...]
    values: Mapping[str, str]
    base: str = ""
    default: str = ""


def find_discriminators(
    data: dict[str, Any], variants: Mapping[str, str]
) -> Iterator[Discriminator]:
    """Find the discriminators of a normalised contract.

    `variants` maps a component for requests to the one that it is a variant of.
    """
    components: dict[str, Any] = data["components"]["schemas"]
    heirs = direct_heirs(components)
    bases = families(components)
    of_bases, unions = list[Discriminator](), dict[tuple[str, ...], None]()
    for slot in all_schemas(data):
        schema = slot.holder[slot.key]
        discriminator = schema.get("discriminator") if is_object(schema) else None
        name = discriminator.get("propertyName") if is_object(discriminator) else None
        keys = _keys_of_union(schema)
        if not is_object(discriminator) or not isinstance(name, str):
            if len(keys) > 1:
                unions[tuple(keys)] = None
            continue

        base = "" if keys else component_key(slot.pointer) or ""
        members = tuple(dict.fromkeys([*keys, *all_heirs(heirs, base), base] if base else keys))
        # A member may be a union itself, and the value names a member of that.
        inner, keys_by_value = _inner_members(components, name, keys)
        # So may an heir choose among its own heirs by the same property.
        for heir in members if base else ():
            keys_by_value |= _mapped_by(components.get(heir), name)
        # Values on the wire carry the component's key; that of a variant is a word of ours.
        keys_by_value |= {variants.get(key, key): key for key in (*inner, *members) if key != base}
        values = keys_by_value | _mapped(discriminator)
        keys_by_value = {value: key for value, key in values.items() if key in {*inner, *members}}
        default = mapped_component(str(discriminator.get("defaultMapping", "")))
        found = Discriminator(
            name, members, keys_by_value, base, default if default in members else ""
        )
        yield found
        if base:
            of_bases.append(found)
            yield from _of_heirs(components, heirs, name, base, keys_by_value)
            continue

        # The type of a member that is a base has its heirs as well.
        with_heirs = tuple(heir for key in members for heir in (*bases.get(key, ()), key))
        if with_heirs != members:
            values = {heir: heir for heir in with_heirs} | values
            values = {value: key for value, key in values.items() if key in {*inner, *with_heirs}}
            yield replace(found, members=tuple(dict.fromkeys(with_heirs)), values=values)

    yield from _of_unions(heirs, unions, of_bases)


def families(components: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the heirs of each component that a discriminator of it, or of its base, tells apart."""
    heirs = direct_heirs(components)
    found: dict[str, list[str]] = {}
    for key, schema in components.items():
        if "discriminator" in as_object(schema) and not _KEYWORDS_OF_UNIONS & schema.keys():
            found[key] = all_heirs(heirs, key)
            inherited = (heir for heir in found[key] if inherits_discriminator(components[heir]))
            found |= {heir: all_heirs(heirs, heir) for heir in inherited if heir != key}
    return found


def _keys_of_union(schema: Any) -> list[str]:
    """The components that are alternatives of a schema."""
    return [
        key
        for word in ("oneOf", "anyOf")
        for member in as_array(as_object(schema).get(word))
        if (key := schema_key(member)) is not None
    ]


def _of_unions(
    heirs: Mapping[str, list[str]],
    unions: Iterable[tuple[str, ...]],
    of_bases: Iterable[Discriminator],
) -> Iterator[Discriminator]:
    """The discriminators of unions that have none, of heirs of one base: that of the base."""
    bases: dict[str, list[Discriminator]] = {}
    for discriminator in of_bases:
        for heir in discriminator.members:
            bases.setdefault(heir, []).append(discriminator)

    for keys in unions:
        wanted = {heir for key in keys for heir in (key, *all_heirs(heirs, key))}
        base = next((base for base in bases.get(keys[0], ()) if wanted <= {*base.members}), None)
        if base is None or base.base in wanted:
            continue
        members = tuple(key for key in base.members if key in wanted)
        values = {value: key for value, key in base.values.items() if key in wanted}
        yield Discriminator(base.property, members, values)


def _of_heirs(
    components: Mapping[str, Any],
    heirs: Mapping[str, list[str]],
    name: str,
    base: str,
    keys_by_value: Mapping[str, str],
) -> Iterator[Discriminator]:
    """The discriminators of heirs that others extend in turn: theirs is the one they inherit."""
    for heir in all_heirs(heirs, base):
        own_heirs = [key for key in all_heirs(heirs, heir) if key != heir]
        if heir == base or not own_heirs or not inherits_discriminator(components[heir]):
            continue
        members = (*own_heirs, heir)
        values = {value: key for value, key in keys_by_value.items() if key in members}
        yield Discriminator(name, members, values, heir)


def inherits_discriminator(schema: Mapping[str, Any]) -> bool:
    """Whether the discriminator of a base chooses among the heirs of a schema that extends it."""
    return "discriminator" not in schema and not _KEYWORDS_OF_UNIONS & schema.keys()


def discriminator_of(schema: Any) -> dict[str, Any]:
    """Return the discriminator of a schema, also of an inline part of its `allOf`; empty for none.

    `Buoy: {allOf: [{$ref: Mark}, {properties: …, discriminator: …}]}` is how a base that extends
    another is often written.
    """
    described = as_object(schema)
    if "discriminator" in described:
        return as_object(described["discriminator"])

    # With alternatives of its own, a part chooses among those.
    parts = [part for part in as_array(described.get("allOf")) if "$ref" not in as_object(part)]
    for part in parts:
        if _KEYWORDS_OF_UNIONS & as_object(part).keys():
            continue
        if found := discriminator_of(part):
            return found
    return {}


def _inner_members(
    components: Mapping[str, Any], name: str, keys: list[str]
) -> tuple[list[str], dict[str, str]]:
    """The members of unions that are members, and the values that their own mappings name."""
    found, keys_by_value = list[str](), dict[str, str]()
    waiting = list(keys)
    while waiting:
        schema = as_object(components.get(waiting.pop()))
        keys_by_value |= _mapped_by(schema, name)
        members = [*as_array(schema.get("oneOf")), *as_array(schema.get("anyOf"))]
        new = [key for member in members if (key := schema_key(member)) is not None]
        new = [key for key in dict.fromkeys(new) if key not in {*found, *keys}]
        found += new
        waiting += new

    return found, keys_by_value


def _mapped_by(schema: Any, name: str) -> dict[str, str]:
    """The mapping of a schema whose discriminator is the property of this name."""
    discriminator = as_object(as_object(schema).get("discriminator"))
    return _mapped(discriminator) if discriminator.get("propertyName") == name else {}


def _mapped(discriminator: dict[str, Any]) -> dict[str, str]:
    """The mapping: from values to schemas by name or by reference."""
    found: dict[str, str] = {}
    for value, target in as_object(discriminator.get("mapping")).items():
        found[value] = mapped_component(str(target))
    return found


def mapped_component(target: str) -> str:
    """The key of the component that a mapping names by its key or by a reference; empty if none."""
    # A mapping holds names of schemas or references to them (OpenAPI 3.1 §4.8.25).
    return component_key(local_pointer(target)) or "" if "#" in target else target


def direct_heirs(components: Mapping[str, Any]) -> dict[str, list[str]]:
    """The components that extend each by `allOf`, or by a `$ref` with siblings."""
    found: dict[str, list[str]] = {}
    for key, schema in components.items():
        # A base does not list its heirs (OpenAPI 3.1 §4.8.25): they name it, in their `allOf`.
        own = as_object(schema)
        beside = [own] if "$ref" in own and len(own) > 1 else []
        for member in [*beside, *as_array(own.get("allOf"))]:
            base = schema_key(member)
            if base is not None:
                found.setdefault(base, []).append(key)
    return found


def all_heirs(heirs: Mapping[str, list[str]], base: str) -> list[str]:
    """The components that extend one, or extend what extends it."""
    found, waiting = dict[str, None](), [base]
    while waiting:
        # Two components that extend each other would be heirs without end.
        new = [heir for heir in heirs.get(waiting.pop(), ()) if heir not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)
