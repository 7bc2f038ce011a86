"""What a keyword was and is, as a sentence for people."""

from __future__ import annotations

from typing import Any, Final

from bothends.diff.plain import is_equal
from bothends.openapi.json_value import as_array

_IN_WORDS: Final = {
    "maxLength": "characters at most",
    "minLength": "characters at least",
    "maxItems": "items at most",
    "minItems": "items at least",
}


def describe_keyword(keyword: str, old: Any, new: Any) -> str:
    """A sentence on a keyword that has another value."""
    if keyword == "required":
        return _listed("required", as_array(old), as_array(new))
    if keyword == "enum":
        return _listed("values", as_array(old), as_array(new))
    if keyword in ("allOf", "anyOf", "oneOf"):
        return f"the alternatives or parts of `{keyword}` changed"
    if keyword == "$ref":
        return "it refers to another schema"

    unit = _IN_WORDS.get(keyword, "")
    was = "no limit" if old is None and unit else _short(old)
    now = "no limit" if new is None and unit else _short(new)
    return f"`{keyword}` was {was}, is {now}" + (f" {unit}" if unit and new is not None else "")


def _listed(what: str, old: list[Any], new: list[Any]) -> str:
    gone = [_short(item) for item in old if not _is_among(item, new)]
    added = [_short(item) for item in new if not _is_among(item, old)]
    parts: list[str] = []
    if gone:
        parts.append(f"no longer {', '.join(gone)}")
    if added:
        parts.append(f"now also {', '.join(added)}")
    return f"{what}: {'; '.join(parts)}" if parts else f"{what}: another order"


def _is_among(item: Any, items: list[Any]) -> bool:
    return any(is_equal(item, another) for another in items)


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    if value is None:
        text = "absent"

    return text if len(text) <= 60 else text[:57] + "…"
