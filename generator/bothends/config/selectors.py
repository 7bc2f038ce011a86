"""`only` and `skip` in the settings: which part of each contract is generated.

only = ["tag:repos"]                       of every contract
skip = {harbour = ["path:/tides/*"]}  of one
"""

from __future__ import annotations

from typing import Any

from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.openapi.json_value import is_array, is_object


def selector_faults(word: str, value: Any, location: SourceLocation) -> list[Finding]:
    """Return what is wrong with the form of a setting; contracts judge the selectors."""
    lists: list[Any] = list(value.values()) if is_object(value) else [value]
    if all(map(_is_list_of_text, lists)):
        return []

    message = f"`{word}` must list selectors, not {value!r}"
    hint = f'such as {word} = ["tag:repos"], or {word} = {{harbour = ["tag:repos"]}}'
    return [Finding("config-bad-setting", Severity.ERROR, message, location, hint)]


def selectors_by_contract(value: Any) -> dict[str, tuple[str, ...]]:
    """Return the selectors by the name of a contract; those of every contract have the name ""."""
    by_contract: dict[str, Any] = value if is_object(value) else {"": value}
    return {name: tuple(items) for name, items in by_contract.items()}


def _is_list_of_text(value: Any) -> bool:
    return is_array(value) and all(isinstance(item, str) for item in value)
