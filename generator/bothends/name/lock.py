"""`names.lock`: which place of the contract has which public name. Written by `generate`, committed, and editable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bothends.diagnostics import ContractError, Finding, Severity, SourceLocation
from bothends.name import words
from bothends.openapi.json_value import is_object

_ABOUT = "place in the contract -> public Python name; `bothends generate` keeps it, and you may edit a name"


@dataclass(frozen=True, slots=True)
class Lock:
    """The names of an earlier generation, by place. `path` is how the file is shown to a person."""

    path: str = "names.lock"
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""

    def location_of(self, pointer: str) -> SourceLocation:
        """The line that names the place `at`; the first one when there is none."""
        quoted = json.dumps(pointer)
        for number, line in enumerate(self.text.splitlines(), 1):
            if line.lstrip().startswith(quoted):
                return SourceLocation(self.path, number, len(line) - len(line.lstrip()) + 1)
        return SourceLocation(self.path, 1, 1)


def load_lock(path: Path, shown: str) -> Lock:
    """Read `names.lock`; a file that is not there is an empty one. Raises `ContractError` when it is not one."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Lock(shown)
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(shown, f"cannot be read: {error}") from error

    try:
        names = json.loads(text)["names"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _broken(
            shown, "is not a names.lock: it must be JSON with an object `names`"
        ) from error

    if not is_object(names) or not all(isinstance(name, str) for name in names.values()):
        raise _broken(shown, "is not a names.lock: `names` must map places to names")

    for pointer, name in names.items():
        if not words.is_legal(name):
            raise _broken(
                shown,
                f"gives {pointer} the name {name!r}, which is not a Python identifier",
                text,
                pointer,
            )

    return Lock(shown, names, text)


def format_lock(names: Mapping[str, str]) -> str:
    """The text of a `names.lock`, sorted by place so that a change of the contract's order does not show."""
    return (
        json.dumps(
            {"about": _ABOUT, "names": dict(sorted(names.items()))}, indent=2, ensure_ascii=True
        )
        + "\n"
    )


def _broken(shown: str, problem: str, text: str = "", pointer: str = "") -> ContractError:
    return ContractError(
        (
            Finding(
                code="names-lock",
                severity=Severity.ERROR,
                message=f"{shown} {problem}",
                location=Lock(shown, text=text).location_of(pointer),
                hint="repair it, or delete the line and run `bothends generate`",
            ),
        )
    )
