"""The names of XML, and what an `xml` object says of them (OpenAPI 3.1 §4.8.26, 3.2 §4.26)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from xml.parsers import expat

_RESERVED_PREFIXES = ("xml", "xmlns", "xsi")
_NO_NAME = re.compile(r"""[\s<>&"'/=:?!]|^$""")

Role = Literal["element", "items", "attribute", "text", "cdata"]


class NotExactError(ValueError):
    """The values of a schema have no exact form in XML. The message says why."""


@dataclass(frozen=True, slots=True)
class XmlName:
    """The name of an element or attribute; without a namespace, it is one of any."""

    local: str
    namespace: str = ""
    prefix: str = ""

    @property
    def written(self) -> str:
        """The name with its prefix."""
        return f"{self.prefix}:{self.local}" if self.prefix else self.local


def role_of(words: dict[str, Any], *, is_list: bool) -> Role:
    """What a schema is in XML, by `nodeType` of OpenAPI 3.2 or by the older words."""
    node_type = words.get("nodeType")
    if node_type is None:
        node_type = "attribute" if words.get("attribute") is True else None
    if node_type is None and is_list:
        node_type = "element" if words.get("wrapped") is True else "none"
    if node_type == "none" and is_list:
        return "items"

    match node_type or "element":
        case "attribute" | "text" | "cdata" as role if not is_list:
            return role
        case "element":
            return "element"
        case _:
            kind = "an array" if is_list else "what is no array"
            raise NotExactError(f"{kind} is no node of the type {node_type}")


def name_of(words: dict[str, Any], inferred: str) -> XmlName:
    """The name that `xml` gives, else the inferred one. NotExactError."""
    local = words.get("name") or inferred
    namespace, prefix = words.get("namespace", ""), words.get("prefix", "")
    for text in (local, *([prefix] if prefix else [])):
        if not isinstance(text, str) or not is_name(text):
            raise NotExactError(f"`{text}` is no name of XML")
    if not isinstance(namespace, str) or (prefix and not namespace):
        raise NotExactError(f"the prefix `{prefix}` has no namespace")
    if prefix in _RESERVED_PREFIXES:
        raise NotExactError(f"the prefix `{prefix}` has a meaning of its own")
    return XmlName(local, namespace, prefix)


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether a text may be the name of an element, without a prefix."""
    if _NO_NAME.search(text):
        return False
    try:
        expat.ParserCreate("utf-8").Parse(f"<{text}/>".encode(), True)
    except (expat.ExpatError, UnicodeError):
        return False
    return True
