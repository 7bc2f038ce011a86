"""What the default stand-in remembers: items that were created, to be read, changed and deleted.

    POST /messages {to, text}   ->  201 {id: "m1", to, text, status: queued}      kept
    GET /messages/m1            ->  200 the same
    PATCH /messages/m1 {text}   ->  200 the same with another text
    DELETE /messages/m1         ->  204
    GET /messages/m1            ->  404 as the contract documents it

Whatever is answered is valid by the contract: a value that would not be is not remembered, and the
contract's own answer is given.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any

from bothends.runtime.answer import Response
from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import MAX_DIGITS
from bothends.runtime.json.value import is_object
from bothends.runtime.media import MediaCodec
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample import sample
from bothends.runtime.schema.schema_view import SchemaView

from .last_page import end_pages, with_cursor, without_cursor
from .page_of_items import PageOfItems, filtered, possible_pages
from .place import tell_place
from .resources import Resource, find_resources, success_codec
from .state import State

Item = dict[str, Any]
Records = MutableMapping[str, Any]
Reply = Callable[[Asked, str, Any, int | None], Response[Any]]
"""The contract's reply of a key with a value (`MISSING` is the contract's own) and a status."""

_TOTALS = frozenset({"total", "count", "total_count", "totalCount", "totalResults", "size"})


class Memory:
    """The items of all resources of one package.

    Args:
        operations: The operations of the package.
        contract: Its contract.
        state: Where items are kept; in memory by default.
        reply: Makes a reply of the contract with a value of ours.
    """

    def __init__(
        self,
        operations: Iterable[Operation[Any]],
        contract: Contract,
        state: State | None,
        reply: Reply,
    ) -> None:
        self.resources = find_resources(operations, contract)
        self._contract, self._reply = contract, reply
        state = state or State()
        self._records: dict[str, Records] = {}
        self._numbers: dict[str, MutableMapping[str, int]] = {}
        self._tasks: dict[str, tuple[str, Resource]] = {}
        for resource in self.resources:
            # What an item may hold is the contract's matter: the store keeps any JSON value.
            item_type: Any = Any
            self._records[resource.item] = state.records(resource.item, item_type, {})
            self._numbers[resource.item] = state.records(f"{resource.item} numbers", int, {})
            for task, operation in resource.operations.items():
                self._tasks.setdefault(operation.name, (task, resource))
            for operation in resource.actions:
                # What an action changes is the vendor's knowledge: it gives the item as it is.
                self._tasks.setdefault(operation.name, ("get", resource))

    def answer(self, requested: Asked) -> Response[Any] | None:
        """The answer to a request for a resource; None where there is none to remember."""
        task, resource = self._tasks.get(requested.operation.name, ("", None))
        if resource is None:
            return None

        tasks: dict[str, Callable[[Asked, Resource], Response[Any] | None]] = {
            "create": self._create,
            "list": self._list,
            "get": self._get,
            "replace": self._change,
            "update": self._change,
            "delete": self._delete,
        }
        return tasks[task](requested, resource)

    def _create(self, requested: Asked, resource: Resource) -> Response[Any] | None:
        body = _body_of(requested, resource)
        records = self._records[resource.item]
        item = self._new_item(requested, resource, body, records)
        if item is None:
            return None
        identity = item[resource.id_property]
        records[self._key(requested, resource, identity)] = item
        answer = self._with_item(requested, resource, item)
        key, _ = success_codec(requested.operation)
        if answer is not None:
            tell_place(self._contract, requested, resource, key, answer, identity)
        return answer

    def _list(self, requested: Asked, resource: Resource) -> Response[Any] | None:
        key, codec = success_codec(requested.operation)
        if codec is None:
            return None

        parents = self._key(requested, resource, None)[:-5]
        records = self._records[resource.item]
        items = [item for name, item in records.items() if name.startswith(parents)]
        items = filtered(requested, items)
        for page in possible_pages(self._contract, requested, items, resource.id_property):
            value = self._page(requested, resource, codec, page, len(items))
            if value is not MISSING and self._contract.accepts(codec.schema, value):
                return self._reply(requested, key, value, None)
        return None

    def _page(
        self,
        requested: Asked,
        resource: Resource,
        codec: MediaCodec,
        page: PageOfItems,
        total: int,
    ) -> Any:
        """The body of a page: its items, how many there are in all, and what leads to the next."""
        listed = SchemaView(self._contract, (codec.schema,))
        if resource.list_property:
            listed = listed.property(resource.list_property)
        view = listed.items()
        items = [
            _as_listed(self._contract, view, item, resource.id_property) for item in page.items
        ]

        value: Any = items
        if resource.list_property:
            value = _template(self._contract, codec)
            if not is_object(value):
                return MISSING
            numbers = dict.fromkeys(_TOTALS & value.keys(), total)
            value = {**value, **numbers, resource.list_property: items}

        pages = requested.operation.pages
        if pages is not None and pages.by == "cursor":
            if page.cursor is not None:
                return with_cursor(value, pages, page.cursor)
            return without_cursor(self._contract, codec.schema, value, pages)
        return value if items else end_pages(self._contract, codec.schema, value, requested)

    def _get(self, requested: Asked, resource: Resource) -> Response[Any] | None:
        item = self._found(requested, resource)
        if item is None:
            return self._unknown(requested)
        return self._with_item(requested, resource, item)

    def _change(self, requested: Asked, resource: Resource) -> Response[Any] | None:
        """PUT puts the body in the place of the item, PATCH merges it (RFC 7396).

        What the body of a PUT cannot state, such as the time of creation, stays as it was.
        """
        body = _body_of(requested, resource)
        identity = self._identity(requested, resource)
        if identity is MISSING:
            return None

        is_update = requested.operation.method == "PATCH"
        old = self._found(requested, resource)
        if old is None:
            unknown = self._unknown(requested)
            if is_update or unknown is not None:
                return unknown

        fixed = {resource.id_property: identity}
        replaceable = () if is_update else self._stateable(requested, resource)
        base = {
            name: value for name, value in (old or {}).items() if name not in replaceable
        } | fixed
        changes = _merged(old or {}, body) if is_update else body
        item = self._fitting(resource, base, {**changes, **fixed}, old)
        if item is None:
            return None
        self._records[resource.item][self._key(requested, resource, identity)] = item
        return self._with_item(requested, resource, item)

    def _stateable(self, requested: Asked, resource: Resource) -> list[str]:
        """The properties that the body of a request can state."""
        operation = requested.operation
        pointers: list[str] = []
        if operation.body is not None:
            for media in operation.body.media:
                words = ("requestBody", "content", media.media_type, "schema")
                pointers.append(operation.pointer + join(*words))

        view = SchemaView(self._contract, tuple(pointers))
        names = view.property_names()
        if resource.envelope and resource.envelope in names:
            return view.property(resource.envelope).property_names()
        return names

    def _delete(self, requested: Asked, resource: Resource) -> Response[Any] | None:
        item = self._found(requested, resource)
        if item is None:
            return self._unknown(requested)
        identity = self._identity(requested, resource)
        del self._records[resource.item][self._key(requested, resource, identity)]
        return self._with_item(requested, resource, item)

    def _identity(self, requested: Asked, resource: Resource) -> Any:
        """The id in the path, as an item has it: text or number."""
        found = requested.value(f"$request.path.{resource.id_parameter}")
        if found is MISSING:
            return MISSING

        view = self._item_view(resource).property(resource.id_property)
        return next(filter(view.accepts, _spellings(found)), MISSING)

    def _key(self, requested: Asked, resource: Resource, identity: Any) -> str:
        """The name of an item among all: those of its parents, then its own, as JSON."""
        names = {p.wire_name for p in requested.operation.parameters if p.location == "path"}
        names.discard(resource.id_parameter)
        parents = [str(requested.value(f"$request.path.{name}")) for name in sorted(names)]
        own = None if identity is None else str(identity)
        return json.dumps([*parents, own])

    def _found(self, requested: Asked, resource: Resource) -> Item | None:
        identity = self._identity(requested, resource)
        found = self._records[resource.item].get(self._key(requested, resource, identity))
        return dict(found) if found is not None else None

    def _unknown(self, requested: Asked) -> Response[Any] | None:
        """The documented 404; where there is none, the contract's own answer (None)."""
        key = documented(404, requested.operation.replies)
        if key is None:
            return None
        return self._reply(requested, key, MISSING, 404)

    def _with_item(self, requested: Asked, resource: Resource, item: Item) -> Response[Any] | None:
        """The success with the item as its body, as far as its schema allows."""
        key, codec = success_codec(requested.operation)
        if codec is None:
            return self._reply(requested, key, MISSING, None) if key else None

        template = _template(self._contract, codec)
        property_names = SchemaView(self._contract, (codec.schema,)).property_names()
        values: list[Any] = []
        # One reply may have as a number what another one has as text.
        for identity in _spellings(item[resource.id_property]):
            own = {**item, resource.id_property: identity}
            enveloped = {resource.envelope: own} if resource.envelope else own
            values.append(enveloped)
            if is_object(template):
                shared = {
                    name: value for name, value in enveloped.items() if name in property_names
                }
                values += [{**template, **enveloped}, {**template, **shared}]

        valid = (value for value in values if self._contract.accepts(codec.schema, value))
        return self._reply(requested, key, next(valid, MISSING), None)

    def _item_view(self, resource: Resource) -> SchemaView:
        view = SchemaView(self._contract, (resource.item_codec.schema,))
        return view.property(resource.envelope) if resource.envelope else view

    def _new_item(
        self, requested: Asked, resource: Resource, body: Item, records: Records
    ) -> Item | None:
        """An item of the body, with an id that no other has."""
        view = self._item_view(resource).property(resource.id_property)
        is_read_only = any(schema.get("readOnly") for schema in view.schemas())
        chosen_id = body.get(resource.id_property, MISSING)
        if chosen_id is not MISSING and not is_read_only:
            fitting = next(filter(view.accepts, _spellings(chosen_id)), MISSING)
            if fitting is not MISSING:
                own = {**body, resource.id_property: fitting}
                return self._fitting(resource, {}, own, None)

        numbers = self._numbers[resource.item]
        for number, identity in self._new_ids(view, numbers.get("last", len(records))):
            numbers["last"] = number
            if not self._is_in_path(resource, identity):
                continue
            if self._key(requested, resource, identity) in records:
                continue
            item = self._fitting(resource, {}, {**body, resource.id_property: identity}, None)
            if item is not None:
                return item
        return None

    def _is_in_path(self, resource: Resource, identity: Any) -> bool:
        """Whether an id can be asked for: the path parameter allows it."""
        operation = resource.operations["get"]
        declared = self._contract.find_array(f"{operation.pointer}/parameters")
        names = [(entry.get("name"), entry.get("in")) for entry in declared]
        parameter = (resource.id_parameter, "path")
        if parameter not in names:
            return True
        pointer = f"{operation.pointer}/parameters/{names.index(parameter)}/schema"
        return any(self._contract.accepts(pointer, value) for value in _spellings(identity))

    def _new_ids(self, view: SchemaView, count: int) -> Iterator[tuple[int, Any]]:
        """Ids in the order of creation: 1, 2, 3; or a UUID; or like the contract's own example.

        The number of a deleted item is not used again: who holds it must not see another item.
        """
        example = _own_value(self._contract, view)
        for number in range(count + 1, count + 1000):
            candidates: list[Any] = [number, str(number), str(uuid.UUID(int=number, version=4))]
            if isinstance(example, str) and example[-1:].isdigit():
                ending = format(number, "x")
                candidates.insert(0, example[: -len(ending)] + ending)
            for value in filter(view.accepts, candidates):
                yield number, value
                break

    def _fitting(
        self, resource: Resource, base: Item, changes: Item, old: Item | None
    ) -> Item | None:
        """An item with these changes that the schema allows; None if there is none.

        Properties that must be there and were not sent are those of the old item, else the
        contract's own.
        """
        view = self._item_view(resource)
        own = old or _own_value(self._contract, view)
        complete = dict(own) if is_object(own) else {}
        required = set[str]().union(*(schema.get("required", ()) for schema in view.schemas()))
        added = {name: complete[name] for name in required & complete.keys()}

        property_names = view.property_names()
        declared = {name: value for name, value in changes.items() if name in property_names}
        fitting = _by_property(view, own, declared)
        # RFC 7396 §2: a null removes the property.
        without_null = {name: value for name, value in declared.items() if value is not None}
        remaining = {
            name: value for name, value in base.items() if changes.get(name, 0) is not None
        }

        # The first is all that was sent, the last an item of the contract with the id alone.
        candidates = [
            {**added, **base, **changes},
            {**added, **base, **declared},
            {**added, **remaining, **without_null},
            {**added, **base, **fitting},
            {**complete, **base, **fitting},
            {**complete, resource.id_property: changes[resource.id_property]},
        ]
        return next(filter(view.accepts, candidates), None)


def _spellings(identity: Any) -> list[Any]:
    """An id as it is, as text, and as a number."""
    text = str(identity)
    found = [identity, text]
    # Python refuses to read more digits; an id in a path may have as many as a caller likes.
    if text.isdecimal() and len(text) <= MAX_DIGITS:
        found.append(int(text))
    return found


def _merged(old: Item, changes: Item) -> Item:
    """The changes with what objects inside them keep (RFC 7396 §2).

    A null stays: it removes a property only if the schema does not allow null there.
    """
    found: Item = {}
    for name, value in changes.items():
        old_value = old.get(name)
        found[name] = _inner_merge(old_value, value) if is_object(value) else value
    return found


def _inner_merge(old: Any, changes: Item) -> Item:
    merged = dict(old) if is_object(old) else {}
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _inner_merge(merged.get(name), value) if is_object(value) else value
    return merged


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


def _body_of(requested: Asked, resource: Resource) -> Item:
    """The properties that a request states; none for a body that is no JSON object."""
    body = requested.body()
    if not is_object(body):
        return {}
    if resource.envelope and is_object(inner := body.get(resource.envelope)):
        return dict(inner)
    return dict(body)


def _as_listed(contract: Contract, view: SchemaView, item: Item, id_property: str) -> Item:
    """An item as the schema of a list has it; as it is, if nothing fits."""
    property_names = view.property_names()
    own = _own_value(contract, view)
    missing = own if is_object(own) else {}
    for identity in _spellings(item[id_property]):
        complete = {**item, id_property: identity}
        part = {name: value for name, value in complete.items() if name in property_names}
        for candidate in (complete, part, {**missing, **_by_property(view, own, part)}):
            if view.accepts(candidate):
                return candidate
    return item


def _template(contract: Contract, codec: MediaCodec) -> Any:
    """The body that the contract itself has for a reply: its example, else made from the schema."""
    node = contract.find_object(codec.pointer)
    examples = [entry.get("value", MISSING) for entry in node.get("examples", {}).values()]
    for value in (node.get("example", MISSING), *examples):
        if value is not MISSING and contract.accepts(codec.schema, value):
            return value
    return sample(contract, codec.schema)


def _own_value(contract: Contract, view: SchemaView) -> Any:
    """A value of a view that the contract states or that is made from its schema."""
    values = [sample(contract, pointer) for pointer in view.pointers]
    return values[0] if values else MISSING
