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
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from bothends.runtime.answer import Response
from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object
from bothends.runtime.media import MediaCodec
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .identity import is_in_path, new_ids, spellings
from .item import as_listed, fit_item, item_view
from .last_page import end_pages, with_cursor, without_cursor
from .merge_patch import Item, merge_patch
from .own_value import template_of
from .page_of_items import PageOfItems, filtered, possible_pages
from .place import tell_place
from .resources import Resource, find_resources, success_codec
from .room import Room
from .state import State

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
        room: What is left for items.
        reply: Makes a reply of the contract with a value of ours.
    """

    def __init__(
        self,
        operations: Iterable[Operation[Any]],
        contract: Contract,
        state: State | None,
        room: Room,
        reply: Reply,
    ) -> None:
        self.resources = find_resources(operations, contract)
        self._contract, self._reply, self._room = contract, reply, room
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
        self._room.check()
        body = _body_of(requested, resource)
        records = self._records[resource.item]
        item = self._new_item(requested, resource, body, records)
        if item is None:
            return None
        identity = item[resource.id_property]
        self._keep(resource, self._key(requested, resource, identity), item)
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
        items = [as_listed(self._contract, view, item, resource.id_property) for item in page.items]

        value: Any = items
        if resource.list_property:
            value = template_of(self._contract, codec)
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
        self._room.check()
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
        changes = merge_patch(old or {}, body) if is_update else body
        item = fit_item(self._contract, resource, base, {**changes, **fixed}, old)
        if item is None:
            return None
        self._keep(resource, self._key(requested, resource, identity), item)
        return self._with_item(requested, resource, item)

    def _keep(self, resource: Resource, key: str, item: Item) -> None:
        records = self._records[resource.item]
        self._room.replace(records.get(key), item)
        records[key] = item

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
        self._room.replace(item, None)
        return self._with_item(requested, resource, item)

    def _identity(self, requested: Asked, resource: Resource) -> Any:
        """The id in the path, as an item has it: text or number."""
        found = requested.value(f"$request.path.{resource.id_parameter}")
        if found is MISSING:
            return MISSING

        view = item_view(self._contract, resource).property(resource.id_property)
        return next(filter(view.accepts, spellings(found)), MISSING)

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

        template = template_of(self._contract, codec)
        property_names = SchemaView(self._contract, (codec.schema,)).property_names()
        values: list[Any] = []
        # One reply may have as a number what another one has as text.
        for identity in spellings(item[resource.id_property]):
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

    def _new_item(
        self, requested: Asked, resource: Resource, body: Item, records: Records
    ) -> Item | None:
        """An item of the body, with an id that no other has."""
        view = item_view(self._contract, resource).property(resource.id_property)
        is_read_only = any(schema.get("readOnly") for schema in view.schemas())
        chosen_id = body.get(resource.id_property, MISSING)
        if chosen_id is not MISSING and not is_read_only:
            identity = next(filter(view.accepts, spellings(chosen_id)), MISSING)
            if identity is not MISSING:
                own = {**body, resource.id_property: identity}
                return fit_item(self._contract, resource, {}, own, None)

        numbers = self._numbers[resource.item]
        for number, identity in new_ids(self._contract, view, numbers.get("last", len(records))):
            numbers["last"] = number
            if not is_in_path(self._contract, resource, identity):
                continue
            if self._key(requested, resource, identity) in records:
                continue
            own = {**body, resource.id_property: identity}
            item = fit_item(self._contract, resource, {}, own, None)
            if item is not None:
                return item
        return None


def _body_of(requested: Asked, resource: Resource) -> Item:
    """The properties that a request states; none for a body that is no JSON object."""
    body = requested.body()
    if not is_object(body):
        return {}
    if resource.envelope and is_object(inner := body.get(resource.envelope)):
        return dict(inner)
    return dict(body)
