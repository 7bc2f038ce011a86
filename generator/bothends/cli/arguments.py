"""Arguments and options that several commands take."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from bothends.config import Config, SpecFile, find_specs, load_config, misuse
from bothends.runtime.url import url_parts

_ADDRESS = re.compile(
    r"https?://(?:[^\s/?#@:\[\]]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?(?:/[^\s?#]*)?"
)


def load_project(names: list[str] | None) -> tuple[Config, list[SpecFile]]:
    """The settings that hold here and the contracts meant by the arguments."""
    config = load_config(Path.cwd())
    if names:
        return config, find_specs(config, names)

    from bothends.cli.packages import known_specs

    return config, known_specs(config)


def with_overlay(specs: list[SpecFile], overlay: Path | None) -> list[SpecFile]:
    """The contracts with another overlay than the one beside them. Raises `Misuse`."""
    if overlay is None:
        return specs
    if len(specs) != 1:
        hint = "name it: bothends generate SPEC --overlay FILE"
        raise misuse("overlay-of-one", "--overlay changes one contract", hint=hint)
    return [replace(specs[0], overlay=overlay.absolute())]


def is_address(url: str) -> bool:
    """Whether a text is the base URL of a server: scheme, host, perhaps a port and a path."""
    found = _ADDRESS.fullmatch(url)
    if found is None or int(found[1] or 1) not in range(1, 65536):
        return False
    return bool(url_parts(url).hostname)


def _complete(incomplete: str) -> list[str]:
    """Names of contracts for the shell; a project that cannot be read has none to offer."""
    try:
        specs = find_specs(load_config(Path.cwd()), [])
    except Exception:  # noqa: BLE001 (a traceback would land in the middle of what the user types)
        return []
    return [spec.name for spec in specs if spec.name.startswith(incomplete)]


Specs: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SPEC",
        help="Names below specs/, or paths of contracts. Without any: every contract below specs/.",
        show_default=False,
        autocompletion=_complete,
    ),
]
Spec: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SPEC",
        help="A name below specs/, or the path of a contract.",
        show_default=False,
        autocompletion=_complete,
    ),
]
Overlay: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--overlay",
        metavar="FILE",
        help="Change the contract by this overlay first, instead of by overlay.yaml beside it.",
    ),
]
Strict: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Warnings and refusals fail too. The same as `strict = true` in the settings.",
    ),
]
Quiet: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", help="Print only what makes the command fail; nothing when all is well."
    ),
]
