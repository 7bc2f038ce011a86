"""Resources that the shape of a contract shows: a collection and its items by their id.

    POST /messages          body: {to, text}        ->  Resource: collection /messages
    GET  /messages          {data: [{id, to, …}]}               item /messages/{id}
    GET  /messages/{id}     {id, to, text, …}                   id_property id
    DELETE /messages/{id}                                       list at /data
    POST /messages/{id}/cancel  {id, to, text, …}               action cancel

`x-resource` on the collection's path item states what is not seen, or denies what is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object
from bothends.runtime.media import MediaCodec, reply_media
from bothends.runtime.operation import Operation, documented
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

EXTENSION = "x-resource"
_ITEM = re.compile(r"(?P<collection>.*)/\{(?P<parameter>[^{}/]+)\}")
_SCALARS = frozenset({"string", "integer", "number"})
_ID_WORDS = ("id", "uuid", "guid", "key", "code", "slug", "number", "name", "sid", "token")


@dataclass(frozen=True, slots=True)
class Resource:
    """A collection and its items.

    Attributes:
        collection: The path of the collection, `/messages`.
        item: The path of an item, `/messages/{id}`.
        id_parameter: The wire name of the path parameter that names an item.
        id_property: The property of an item that has the same value.
        operations: By what they do: list, create, get, replace, update, delete.
        item_codec: The media type of one item, of the operation that gets it.
        envelope: The property that an item is in, or "" where it is the whole body.
        list_property: The property that the items of a page are in, or "" for the whole body.
        actions: Operations on an item, below its path, that reply with the item.
    """

    collection: str
    item: str
    id_parameter: str
    id_property: str
    operations: Mapping[str, Operation[Any]]
    item_codec: MediaCodec
    envelope: str = ""
    list_property: str = ""
    actions: tuple[Operation[Any], ...] = ()
    notes: tuple[str, ...] = field(default=())

    def describe(self) -> str:
        """Say what was understood, in one line: `/messages/{id} by id: create, list, get`."""
        noted = f" ({'; '.join(self.notes)})" if self.notes else ""
        actions = [operation.path.removeprefix(f"{self.item}/") for operation in self.actions]
        return (
            f"{self.item} by {self.id_property}: {', '.join([*self.operations, *actions])}{noted}"
        )


def find_resources(operations: Iterable[Operation[Any]], contract: Contract) -> list[Resource]:
    """Return the resources that can be created and read back."""
    by_path: dict[str, dict[str, Operation[Any]]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation

    found = [_resource(path, by_path, contract) for path in by_path]
    return [resource for resource in found if resource is not None]


def success_codec(operation: Operation[Any]) -> tuple[str, MediaCodec | None]:
    """Return the key of the first success of an operation, and its JSON media type, if any."""
    key = next((key for key in operation.replies if key.startswith("2")), "")
    codecs = reply_media(operation, key) if key else ()
    jsons = [codec for codec in codecs if "json" in codec.range and not codec.is_stream]
    return key, jsons[0] if jsons else None


def _resource(
    path: str, by_path: Mapping[str, Mapping[str, Operation[Any]]], contract: Contract
) -> Resource | None:
    match = _ITEM.fullmatch(path)
    item = by_path[path]
    if match is None or "GET" not in item:
        return None

    # A collection may be written with a slash at its end.
    names = (match["collection"], f"{match['collection']}/")
    collection = next((name for name in names if name in by_path), "")
    extension = contract.find("/paths" + join(collection) + f"/{EXTENSION}") if collection else None
    operations = _by_task(by_path.get(collection, {}), item)
    silent: list[str] = []
    for task, operation in operations.items():
        if not any(key.startswith("2") or key == "default" for key in operation.replies):
            silent.append(task)
    for task in silent:
        # What was done, and answered with an error, would be worse than what is not done.
        operations.pop(task)
    _, codec = success_codec(item["GET"])
    # A PUT makes items only where it cannot say that there is none.
    creates = "create" in operations or (
        "replace" in operations and documented(404, operations["replace"].replies) is None
    )
    if extension is False or codec is None or not creates:
        return None

    id_name = extension.get("id", "") if is_object(extension) else ""
    view = SchemaView(contract, (codec.schema,))
    last_segment = match["collection"].rpartition("/")[2]
    identity = _identity(view, match["parameter"], last_segment, id_name)
    if identity is None:
        return None

    envelope, id_property = identity
    listing, notes = _listing(operations, contract, id_property, extension)
    if listing is None:
        operations.pop("list", None)
    return Resource(
        collection or match["collection"],
        path,
        match["parameter"],
        id_property,
        operations,
        codec,
        envelope,
        listing or "",
        tuple(_actions(path, by_path, contract, codec)),
        (*notes, *(f"{task} documents no success" for task in silent)),
    )


def _actions(
    item: str,
    by_path: Mapping[str, Mapping[str, Operation[Any]]],
    contract: Contract,
    item_codec: MediaCodec,
) -> Iterator[Operation[Any]]:
    """What is done to an item below its path, seen by its reply: the schema of the item."""
    schema = contract.find(item_codec.schema)
    for path, group in by_path.items():
        name = path.removeprefix(f"{item}/")
        if name == path or "{" in name or "POST" not in group:
            continue
        _, codec = success_codec(group["POST"])
        if codec is not None and "$ref" in schema and contract.find(codec.schema) == schema:
            yield group["POST"]


def _by_task(
    collection: Mapping[str, Operation[Any]], item: Mapping[str, Operation[Any]]
) -> dict[str, Operation[Any]]:
    tasks = {"create": ("POST", collection), "list": ("GET", collection), "get": ("GET", item)}
    tasks |= {"replace": ("PUT", item), "update": ("PATCH", item), "delete": ("DELETE", item)}
    return {task: group[method] for task, (method, group) in tasks.items() if method in group}


def _identity(
    view: SchemaView, parameter: str, collection: str, id_name: str
) -> tuple[str, str] | None:
    """The property that an item is in, and the property in it that has the id."""
    for envelope in ("", *view.property_names()):
        inner = view.property(envelope) if envelope else view
        if "object" not in inner.types:
            continue

        names = inner.property_names()
        for name in [id_name] if id_name else _id_names(parameter, collection, names):
            if name in names and inner.property(name).types & _SCALARS:
                return envelope, name

    return None


def _id_names(parameter: str, collection: str, names: Iterable[str]) -> Iterator[str]:
    """The properties that a path parameter may name, likeliest first.

    `collection` is the last segment of its path. `/projects/{project}` and `/keys/{key_identifier}`
    do not say which property they mean: it is the first that ids are called.
    """
    plain = _plain(parameter)
    yield parameter
    yield from (name for name in names if _plain(name) == plain)
    # The singular of a word that ends in s or ies: its last letter may be another one.
    is_singular = len(plain) > 1 and _plain(collection).startswith(plain[:-1])
    is_open = is_singular or plain.endswith("identifier")
    for word in _ID_WORDS:
        if is_open or plain.endswith(word):
            yield from (name for name in names if _plain(name) == word)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _listing(
    operations: Mapping[str, Operation[Any]], contract: Contract, id_property: str, extension: Any
) -> tuple[str | None, list[str]]:
    """The property that the items of a page are in; None if the list cannot be made."""
    if "list" not in operations:
        return None, []

    _, codec = success_codec(operations["list"])
    if codec is None:
        return None, ["its list is no JSON"]

    view = SchemaView(contract, (codec.schema,))
    if "array" in view.types and view.typed:
        return "", []

    items_name = extension.get("items", "") if is_object(extension) else ""
    for name in [items_name] if items_name else view.property_names():
        inner = view.property(name)
        if inner.typed and "array" in inner.types and id_property in inner.items().property_names():
            return name, []

    return None, ["no array of items is found in its list: state it with x-resource"]
