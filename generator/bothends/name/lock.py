"""`names.lock`: the public Python name of each place of the contract.

`generate` writes it, people commit it and may edit a name. It reads like this:

    {"about": "…", "names": {"/paths/~1tides/get": "list_tides"}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bothends.diagnostics import ContractError, Finding, Severity, SourceLocation
from bothends.name import words
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.small_file import read_small

_ABOUT = (
    "place in the contract -> public Python name; "
    "`bothends generate` keeps it, and you may edit a name"
)


_SELECTORS = ("only", "skip")


@dataclass(frozen=True, slots=True)
class Lock:
    """The names of an earlier generation by lock key, its layout, and what of the contract it had.

    `path` is what findings call the file.
    """

    path: str = "names.lock"
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""
    layout: str = "flat"
    selection: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"only": (), "skip": ()})

    def location_of(self, pointer: str) -> SourceLocation:
        """Return the line of a key, or the first line if the file has no such key."""
        # `json` keeps no positions, so the text is searched: `format_lock` writes one key a line.
        quoted = json.dumps(pointer)
        for number, line in enumerate(self.text.splitlines(), 1):
            if line.lstrip().startswith(quoted):
                return SourceLocation(self.path, number, len(line) - len(line.lstrip()) + 1)
        return SourceLocation(self.path, 1, 1)


def load_lock(path: Path, display_path: str) -> Lock:
    """Read `names.lock`; a missing file is an empty lock.

    Raises:
        ContractError: The file cannot be read, or is not a `names.lock`.
    """
    try:
        text = read_small(path).decode("utf-8")
    except FileNotFoundError:
        return Lock(display_path)
    except UnicodeDecodeError as error:
        raise _broken(display_path, f"cannot be read: {error}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise _broken(display_path, f"cannot be read: {reason.lower()}") from error

    try:
        # People edit this file and git merges it, so anything may stand in it.
        content = json.loads(text)
        names, layout = content["names"], content.get("layout", "")
        selection = as_object(content.get("selection"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _broken(
            display_path, "is not a names.lock: it must be JSON with an object `names`"
        ) from error

    if not is_object(names) or not all(isinstance(name, str) for name in names.values()):
        raise _broken(display_path, "is not a names.lock: `names` must map places to names")

    for pointer, name in names.items():
        if not words.is_legal(name):
            raise _broken(
                display_path,
                f"gives {pointer} the name {name!r}, which is not a Python identifier",
                text,
                pointer,
            )

    chosen = {word: list(map(str, as_array(selection.get(word)))) for word in _SELECTORS}
    return Lock(display_path, names, text, "tags" if layout == "tags" else "flat", chosen)


def format_lock(
    names: Mapping[str, str],
    layout: str = "flat",
    selection: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Return the text of a `names.lock`, sorted: reordering the contract makes no diff."""
    content: dict[str, object] = {"about": _ABOUT}
    if layout != "flat":
        content["layout"] = layout
    if chosen := {word: list(items) for word, items in (selection or {}).items() if items}:
        content["selection"] = chosen
    content["names"] = dict(sorted(names.items()))
    # ASCII only: an editor with another encoding would write other names back.
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"


def _broken(display_path: str, problem: str, text: str = "", pointer: str = "") -> ContractError:
    return ContractError(
        (
            Finding(
                code="names-lock",
                severity=Severity.ERROR,
                message=f"{display_path} {problem}",
                location=Lock(display_path, text=text).location_of(pointer),
                hint="repair it, or delete the line and run `bothends generate`",
            ),
        )
    )
