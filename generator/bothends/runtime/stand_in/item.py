"""Items as the contract allows them: the nearest valid value to what was sent.

{to, text} sent, {id, to, text, status} required  ->  {id: m1, to, text, status: queued}
"""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.value import is_object
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .identity import spellings
from .merge_patch import Item
from .own_value import own_value
from .resources import Resource


def item_view(contract: Contract, resource: Resource) -> SchemaView:
    """The schemas of one item, without its envelope."""
    view = SchemaView(contract, (resource.item_codec.schema,))
    return view.property(resource.envelope) if resource.envelope else view


def fit_item(
    contract: Contract, resource: Resource, base: Item, changes: Item, old: Item | None
) -> Item | None:
    """An item with these changes that the schema allows; None if there is none.

    Properties that must be there and were not sent are those of the old item, else the
    contract's own.
    """
    view = item_view(contract, resource)
    own = old or own_value(contract, view)
    complete = dict(own) if is_object(own) else {}
    required = set[str]().union(*(schema.get("required", ()) for schema in view.schemas()))
    added = {name: complete[name] for name in required & complete.keys()}

    property_names = view.property_names()
    declared = {name: value for name, value in changes.items() if name in property_names}
    allowed = _by_property(view, own, declared)
    # RFC 7396 §2: a null removes the property.
    without_null = {name: value for name, value in declared.items() if value is not None}
    remaining = {name: value for name, value in base.items() if changes.get(name, 0) is not None}

    # The first is all that was sent, the last an item of the contract with the id alone.
    candidates = [
        {**added, **base, **changes},
        {**added, **base, **declared},
        {**added, **remaining, **without_null},
        {**added, **base, **allowed},
        {**complete, **base, **allowed},
        {**complete, resource.id_property: changes[resource.id_property]},
    ]
    return next(filter(view.accepts, candidates), None)


def _by_property(view: SchemaView, own: Any, changes: Item) -> Item:
    """The changes that each property allows; of objects, what is missing is the contract's own.

    A request often names by its id what an item has in full.
    """
    found: Item = {}
    old_properties = own if is_object(own) else {}
    for name, value in changes.items():
        values = [value]
        if is_object(value) and is_object(old_properties.get(name)):
            values.append({**old_properties[name], **value})
        # The last that is allowed: the one that says most.
        for fitting in filter(view.property(name).accepts, values):
            found[name] = fitting
    return found


def as_listed(contract: Contract, view: SchemaView, item: Item, id_property: str) -> Item:
    """An item as the schema of a list has it; as it is, if nothing fits."""
    property_names = view.property_names()
    own = own_value(contract, view)
    missing = own if is_object(own) else {}
    for identity in spellings(item[id_property]):
        complete = {**item, id_property: identity}
        part = {name: value for name, value in complete.items() if name in property_names}
        for candidate in (complete, part, {**missing, **_by_property(view, own, part)}):
            if view.accepts(candidate):
                return candidate
    return item
