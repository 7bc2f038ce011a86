"""What a keyword was and is, as a sentence for people."""

from __future__ import annotations

from typing import Any, Final

from bothends.diff.schema.plain import component_of, is_equal, without_sides
from bothends.openapi.json_value import as_array

_IN_WORDS: Final = {
    "maxLength": "characters at most",
    "minLength": "characters at least",
    "maxItems": "items at most",
    "minItems": "items at least",
}


_MEMBERS: Final = {
    "allOf": "a part",
    "anyOf": "an alternative",
    "oneOf": "an alternative",
}


def describe_keyword(keyword: str, old: Any, new: Any) -> str:
    """A sentence on a keyword that has another value."""
    if keyword == "required":
        return _listed("required", as_array(old), as_array(new))
    if keyword == "enum":
        return _listed("values", as_array(old), as_array(new))
    if keyword in _MEMBERS:
        return _of_members(keyword, as_array(old), as_array(new))
    if keyword == "$ref":
        return "it refers to another schema"

    unit = _IN_WORDS.get(keyword, "")
    was = "no limit" if old is None and unit else _short(old)
    now = "no limit" if new is None and unit else _short(new)
    return f"`{keyword}` was {was}, is {now}" + (f" {unit}" if unit and new is not None else "")


def _of_members(keyword: str, old: list[Any], new: list[Any]) -> str:
    if not old or not new:
        return f"`{keyword}` is {'gone' if old else 'new'}"

    names, new_names = list(map(_member_name, old)), list(map(_member_name, new))
    if set(names) == set(new_names):
        return f"{_MEMBERS[keyword]} of `{keyword}` allows other values"
    return _changed_items(f"`{keyword}`", names, new_names)


def _member_name(member: Any) -> str:
    """The component that a plain schema refers to, else what it says."""
    component = component_of(member)
    if component is None:
        return _short(without_sides(member))
    return component.partition(":")[2]


def _listed(what: str, old: list[Any], new: list[Any]) -> str:
    gone = [_short(item) for item in old if not _is_among(item, new)]
    added = [_short(item) for item in new if not _is_among(item, old)]
    return _changed_items(what, gone, added)


def _changed_items(what: str, old: list[str], new: list[str]) -> str:
    parts: list[str] = []
    if gone := [item for item in old if item not in new]:
        parts.append(f"no longer {', '.join(gone)}")
    if added := [item for item in new if item not in old]:
        parts.append(f"now also {', '.join(added)}")
    return f"{what}: {'; '.join(parts)}" if parts else f"{what}: another order"


def _is_among(item: Any, items: list[Any]) -> bool:
    return any(is_equal(item, another) for another in items)


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    if value is None:
        text = "absent"

    return text if len(text) <= 60 else text[:57] + "…"
