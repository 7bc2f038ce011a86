"""Schemas of a file that have an address of their own (`$id`, JSON Schema 2020-12 §8.2.1).

    page.yaml   $defs: {Page: {$id: https://tides.example/page, …}}

leads `https://tides.example/page` to the pointer `/$defs/Page` in page.yaml. Nothing is fetched.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urldefrag, urljoin

from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below


def identified(data: Any) -> dict[str, str]:
    """Return the pointers of the schemas with an address, by address without its fragment."""
    found: dict[str, str] = {}
    stack: list[tuple[Any, str, str]] = [(data, "", "")]
    while stack:
        node, pointer, base = stack.pop()
        if is_object(node):
            if isinstance(address := node.get("$id"), str):
                base = joined(base, address)
                found.setdefault(base, pointer)
            stack.extend((item, below(pointer, key), base) for key, item in node.items())
        elif is_array(node):
            stack.extend((item, below(pointer, index), base) for index, item in enumerate(node))

    return found


def joined(base: str, address: str) -> str:
    """Return an address below another one, without a fragment; nothing where it is none."""
    try:
        return urldefrag(urljoin(base, address)).url
    except ValueError:
        return ""
