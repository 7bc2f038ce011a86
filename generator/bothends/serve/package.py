"""The generated package that is meant by an argument, imported."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bothends.config import Config, Misuse, SpecFile, find_specs, misuse
from bothends.package_import import PackageNotImported, import_package
from bothends.runtime import Api, Operation

_FILES = ("contract.json", "operations.py", "server.py")


@dataclass(frozen=True, slots=True)
class ServedPackage:
    """A generated package that can be served, and the stand-in that lies beside its contract."""

    name: str
    folder: Path
    api: Api
    operations: Sequence[Operation[Any]]
    stand_in: Path | None


_CONTRACTS_END: Final = (".yaml", ".yml", ".json")


def find_package(config: Config, argument: str) -> ServedPackage:
    """Find and import a package, by its name below `generated` or by its path.

    Raises:
        Misuse: there is no such package, it is incomplete, or it cannot be imported.
    """
    if not argument.strip():
        raise misuse("no-package", "no package is named: the argument is blank", hint=_hint(config))

    folder = _folder(config, argument)
    # In the layout by tags, a module is a folder of modules.
    missing = [
        name
        for name in _FILES
        if not (folder / name).is_file() and not (folder / Path(name).stem).is_dir()
    ]
    if missing:
        hint = _contract_in(folder) or _near(config, folder.name)
        raise misuse(
            "no-package", f"{argument} is no generated package: it has no {missing[0]}", hint=hint
        )

    try:
        operations: Any = import_package(folder)
    except PackageNotImported as error:
        raise misuse("package-broken", error.message, hint=error.hint) from error

    spec = _contracts(config).get(folder.name)
    return ServedPackage(
        folder.name, folder, operations.API, operations.OPERATIONS, spec.stand_in if spec else None
    )


def _folder(config: Config, argument: str) -> Path:
    plain = Path(argument).name == argument and argument not in {".", ".."}
    if plain and (config.generated / argument).is_dir():
        return (config.generated / argument).resolve()

    path = Path(argument)
    if path.is_dir():
        return path.resolve()

    if path.suffix.lower() in _CONTRACTS_END:
        raise misuse("no-package", f"there is no file {argument}", hint=_near_file(path))

    beside = next((f"{path}{end}" for end in _CONTRACTS_END if Path(f"{path}{end}").is_file()), "")
    hint = f"`bothends serve {beside}` serves that contract" if beside else ""
    message = f"there is no generated package {argument}"
    raise misuse("no-package", message, hint=hint or _near(config, path.name))


def _near_file(path: Path) -> str:
    """The hint for a contract that is not there: the nearest file beside it."""
    if not path.parent.is_dir():
        return f"there is no folder {path.parent} either: correct the path"
    files = [file.name for file in path.parent.iterdir() if file.suffix.lower() in _CONTRACTS_END]
    near = difflib.get_close_matches(path.name, files, n=1)
    return f"did you mean `{path.with_name(near[0])}`?" if near else "correct the path"


def _contract_in(folder: Path) -> str:
    """The hint for a folder that has no package, but a contract."""
    files = (folder / f"openapi{end}" for end in _CONTRACTS_END)
    found = next((file for file in files if file.is_file()), None)
    if found is None or folder.parent.name == "specs":
        return ""
    shown = os.path.relpath(found)
    return f"`bothends serve {shown}` serves the contract in it"


def _near(config: Config, name: str) -> str:
    """The hint for a name that no generated package has."""
    near = difflib.get_close_matches(name, _package_names(config), n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"`bothends generate {name}` makes it" if name in _contracts(config) else _hint(config)


def _package_names(config: Config) -> list[str]:
    return sorted(file.parent.name for file in config.generated.glob("*/contract.json"))


def _hint(config: Config) -> str:
    names = _package_names(config)
    if not names:
        return "`bothends generate` makes packages of contracts"

    return f"there are: {', '.join(names)}"


def _contracts(config: Config) -> dict[str, SpecFile]:
    try:
        return {spec.name: spec for spec in find_specs(config, [])}
    except Misuse:  # no contracts here: a package can be served without its own
        return {}
