"""Puts webhooks and callbacks among the paths, so that the later rooms see one kind of operation.

A webhook is a request that the vendor sends and the user of the API receives (OpenAPI 3.1 §4.8.1);
a callback is one that an earlier request asked for (§4.8.18). Before and after:

    webhooks: {tideTurned: {post: …}}
    paths: {/webhooks/tideTurned: {post: …}}

    paths: {/alarms: {post: {operationId: setAlarm, callbacks: {rings: {'{$request.body#/url}': {post: …}}}}}}
    paths: {/alarms: {post: …}, /callbacks/setAlarm/rings: {post: …}}

The key `x-sent-by-vendor` of the document lists the new paths. The URL of a receiver is not part of
a contract, so the path is only how our two ends find each other below the receiver's base URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bothends.load import Document
from bothends.openapi.grammar import NEWER_WEBHOOKS
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import follow, reference_of
from bothends.openapi.walk import methods_of

SENT_BY_VENDOR = "x-sent-by-vendor"
"""The key of the normalised document that lists the paths of webhooks and callbacks."""


def move_to_paths(document: Document) -> Document:
    """Move each webhook and each callback to a path of its own.

    Call it before parameters, servers and references of path items are resolved: the new path items
    are resolved like all others.

    Args:
        document: The contract with `webhooks` and `callbacks` where the person wrote them.

    Returns:
        The contract without them, with a path item for each and `x-sent-by-vendor`.
    """
    paths = dict(as_object(document.data.get("paths")))
    origins: dict[str, str] = {}
    sent: list[str] = []

    for expected, operation_id, item, pointer in [*_webhooks(document), *_callbacks(document)]:
        path = expected
        while path in paths:  # the API may have a real path of this spelling
            path += "_"

        paths[path] = _received(item, operation_id, methods_of(document.data))
        origins[below("/paths", path)] = pointer
        sent.append(path)

    if not sent:
        return document

    data = {**document.data, "paths": paths, SENT_BY_VENDOR: sent}
    data.pop("webhooks", None)
    data.pop(NEWER_WEBHOOKS, None)
    return document.with_data(data, origins)


def path_of_webhook(pointer: str) -> str:
    """Return the pointer among the paths of a webhook, or of a part of one; others stay."""
    section, *parts = split(pointer)
    if section not in ("webhooks", NEWER_WEBHOOKS) or not parts:
        return pointer
    name, *inner = parts
    return below("/paths", f"/webhooks/{_segment(name)}", *inner)


def _webhooks(document: Document) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Each webhook as (path, operationId where it has none, path item, pointer)."""
    for name, written in as_object(
        document.data.get("webhooks", document.data.get(NEWER_WEBHOOKS))
    ).items():
        item, pointer = _follow(document, written, below("/webhooks", name))
        if is_object(item):
            yield f"/webhooks/{_segment(name)}", name, item, pointer


def _callbacks(document: Document) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Each path item of each callback, in the same form."""
    for pointer, path, method, operation in _calls(document):
        parent = str(operation.get("operationId") or f"{method} {path}")

        for name, written in as_object(operation.get("callbacks")).items():
            callback, start = _follow(document, written, below(pointer, "callbacks", name))
            items = [key for key in as_object(callback) if not key.startswith("x-")]

            for number, expression in enumerate(items, start=1):
                item, found = _follow(document, callback[expression], below(start, expression))
                numbered = name if len(items) == 1 else f"{name} {number}"
                if is_object(item):
                    new_path = f"/callbacks/{_segment(parent)}/{_segment(numbered)}"
                    yield new_path, f"{parent} {numbered}", item, found


def _calls(document: Document) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each operation as `operations` gives it, also where its path item is a reference."""
    methods = methods_of(document.data)
    for path, written in as_object(document.data.get("paths")).items():
        item, pointer = _follow(document, written, below("/paths", path))
        for method, operation in as_object(item).items():
            if method in methods and is_object(operation):
                yield below(pointer, method), path, method, operation


def _received(item: dict[str, Any], operation_id: str, possible: tuple[str, ...]) -> dict[str, Any]:
    """The path item as the receiver serves it.

    The API's credentials and servers are those of calls to the vendor: none of them is meant for a
    call from the vendor, unless the operation names its own credentials.
    """
    received = {key: value for key, value in item.items() if key != "servers"}
    methods = [method for method in possible if is_object(item.get(method))]

    for method in methods:
        operation: dict[str, Any] = {"security": [], **item[method]}
        operation.pop("servers", None)
        unnamed = operation_id if len(methods) == 1 else f"{operation_id} {method}"
        operation.setdefault("operationId", unnamed)
        received[method] = operation

    return received


def _follow(document: Document, node: Any, pointer: str) -> tuple[Any, str]:
    """Follow `$ref` from a path item or a callback object.

    The value is None where it leads nowhere.
    """
    found, pointer = follow(document.value_at, node, pointer)
    return (None if reference_of(found) else found), pointer


def _segment(name: str) -> str:
    """A name as one segment of a path, without the braces that would make it a template."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-") or "unnamed"
