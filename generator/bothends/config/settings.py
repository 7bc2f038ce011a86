"""`[tool.bothends]` of the nearest pyproject.toml, read once into a frozen `Config`."""

from __future__ import annotations

import difflib
import keyword
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from typing_extensions import TypeIs

from bothends.config.bounds import read_bounds
from bothends.config.ignores import read_ignores, read_levels
from bothends.config.misuse import Misuse, misuse
from bothends.config.selectors import selector_faults, selectors_by_contract
from bothends.diagnostics import Finding, Ignore, Level, Severity, SourceLocation
from bothends.openapi.bounds import Bounds
from bothends.small_file import read_small

PROJECT_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings.

    `root` is the folder of pyproject.toml, or the working folder when there is none above it.
    """

    root: Path
    specs: Path
    generated: Path
    strict: bool = False
    claims: str = "growing"
    ignores: tuple[Ignore, ...] = ()
    levels: tuple[Level, ...] = ()
    layout: str = "auto"
    package: bool = False
    standalone: bool = False
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    quiet: bool = False
    """The flag `--quiet`, which is no setting."""
    overlay: str = "overlay.yaml"
    bounds: Bounds = field(default_factory=Bounds)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


_DEFAULTS: dict[str, str | bool] = {
    "specs": "specs",
    "generated": "generated",
    "strict": False,
    "claims": "growing",
    "layout": "auto",
    "package": False,
    "standalone": False,
    "overlay": "overlay.yaml",
}
_CHOICES = {"claims": ("growing", "complete"), "layout": ("auto", "flat", "tags")}


def load_config(start: Path) -> Config:
    """The settings that hold in the folder `start`.

    Raises `Misuse` for a file or a setting that is wrong.
    """
    start = start.resolve()
    file = next(
        (
            folder / PROJECT_FILE
            for folder in (start, *start.parents)
            if (folder / PROJECT_FILE).exists() and not (folder / PROJECT_FILE).is_dir()
        ),
        None,
    )
    if file is None:
        return _config(start, {})

    source = _read(file)
    table = dict(_table(file, source))
    ignores: list[Ignore] = []
    faults: list[Finding] = []
    if "ignore" in table:
        ignores, faults = read_ignores(table.pop("ignore"), file.name, source)

    levels: list[Level] = []
    if "severity" in table:
        levels, found = read_levels(table.pop("severity"), file.name, source)
        faults += found

    selectors = {word: table.pop(word, []) for word in ("only", "skip")}
    for word, value in selectors.items():
        faults += selector_faults(word, value, SourceLocation(file.name, _line(source, word), 1))

    bounds, found = read_bounds(table.pop("bounds", {}), file.name, source)
    faults += found
    names = table.pop("names", {})
    faults += _name_faults(names, file, source)
    faults += [fault for key, value in table.items() if (fault := _fault(key, value, file, source))]
    if faults:
        raise Misuse(faults)

    return replace(
        _config(file.parent, table),
        ignores=tuple(ignores),
        levels=tuple(levels),
        names=names,
        bounds=bounds,
        only=selectors_by_contract(selectors["only"]),
        skip=selectors_by_contract(selectors["skip"]),
    )


def _config(root: Path, table: dict[str, Any]) -> Config:
    settings: dict[str, Any] = _DEFAULTS | table
    config = Config(
        root,
        root / settings["specs"],
        root / settings["generated"],
        strict=settings["strict"],
        claims=settings["claims"],
        layout=settings["layout"],
        package=settings["package"],
        standalone=settings["standalone"],
        overlay=settings["overlay"],
    )
    # What is not in the manifest is foreign in the output folder: contracts there would stop every
    # run.
    if config.specs.resolve().is_relative_to(config.generated.resolve()):
        raise misuse(
            "config-folders",
            f"the folder for generated code ({settings['generated']}) is or contains "
            f"the one of the contracts ({settings['specs']})",
            hint="set `generated` in [tool.bothends] to a folder that holds nothing else",
        )

    return config


def _read(file: Path) -> str:
    try:
        return read_small(file).decode("utf-8")
    except UnicodeDecodeError:
        raise misuse("config-unreadable", f"{file} is not UTF-8 text") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise misuse("config-unreadable", f"{file} cannot be read: {reason}") from None


def _table(file: Path, source: str) -> dict[str, Any]:
    try:
        tool: object = tomllib.loads(source).get("tool", {})
    # Not only TOMLDecodeError: numbers of thousands of digits, and values nested as deep.
    except (ValueError, RecursionError) as error:
        raise misuse("config-unreadable", f"{file} is not TOML: {error}") from None

    table = tool.get("bothends", {}) if _is_table(tool) else tool
    if not _is_table(table):
        raise misuse("config-unreadable", f"{file}: tool.bothends is not a table")
    return table


def _is_table(value: object) -> TypeIs[dict[str, Any]]:
    return isinstance(value, dict)


def _fault(key: str, value: object, file: Path, source: str) -> Finding | None:
    location = SourceLocation(file.name, _line(source, key), 1)
    if key not in _DEFAULTS:
        near = difflib.get_close_matches(key, _DEFAULTS, n=1)
        hint = (
            f"did you mean `{near[0]}`?"
            if near
            else f"the settings are: {', '.join(sorted(_DEFAULTS))}"
        )
        return Finding(
            "config-unknown-setting", Severity.ERROR, f"there is no setting `{key}`", location, hint
        )

    expected = type(_DEFAULTS[key])
    choices = _CHOICES.get(key)
    is_path = isinstance(value, str) and value != "" and "\0" not in value
    if (
        type(value) is expected
        and (is_path or expected is bool)
        and (choices is None or value in choices)
    ):
        return None

    kind = "file beside the contract" if key == "overlay" else "folder"
    noun = "true or false" if expected is bool else f"the path of a {kind}, as text"
    if choices is not None:
        noun = " or ".join(f'"{choice}"' for choice in choices)
    return Finding(
        "config-bad-setting", Severity.ERROR, f"`{key}` must be {noun}, not {value!r}", location
    )


def _name_faults(names: object, file: Path, source: str) -> list[Finding]:
    """What is wrong with `names`, which chooses the packages of contracts."""
    location = SourceLocation(file.name, _line(source, "names"), 1)
    entries = names if _is_table(names) else {"names": None}
    return [
        Finding(
            "config-bad-setting",
            Severity.ERROR,
            f"`names` must map contracts to names of packages, not {contract} to {name!r}",
            location,
            'such as names = {harbour = "harbour_api"}',
        )
        for contract, name in entries.items()
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name)
    ]


def _line(source: str, key: str) -> int:
    """Find the line that sets `key` below its table's header; tomllib keeps no positions."""
    inside = False
    for number, line in enumerate(source.splitlines(), start=1):
        # A second parser that keeps positions would be a dependency for one line number.
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            inside = header[1].replace(" ", "") == "tool.bothends"
        elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
            return number

    return 1
