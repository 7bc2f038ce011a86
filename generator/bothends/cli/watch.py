"""Generating again whenever a contract changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import watch

from bothends.cli.exits import FINE
from bothends.config import Config, SpecFile, find_specs
from bothends.small_file import read_small


def keep_generating(
    config: Config, specs: Sequence[SpecFile], generate: Callable[[Sequence[SpecFile]], int]
) -> int:
    """Generate now, then what changed, until interrupted. Errors are shown and waited out."""
    generate(specs)
    seen = {spec.name: _state(spec) for spec in specs}
    folders = sorted({spec.contract.parent for spec in specs})
    print(
        f"watching {', '.join(_display_path(config, folder) for folder in folders)}; Ctrl-C ends",
        file=sys.stderr,
    )

    # Folders, not files: many editors write a new file and rename it over the old one.
    for _ in watch(*folders, recursive=False, debounce=200):
        changed = [
            spec for spec in specs if spec.contract.is_file() and _state(spec) != seen[spec.name]
        ]
        if changed:
            # Found again: claims may lie beside the contract now that did not before.
            generate(find_specs(config, [str(spec.contract) for spec in changed]))
        # After generating: `names.lock` lies in the same folder, and writing it is not news.
        seen |= {spec.name: _state(spec) for spec in changed}

    return FINE


def _state(spec: SpecFile) -> tuple[bytes | None, ...]:
    """Return the content of each file that a package is made from; None for one that is missing."""
    beside = spec.contract.parent / ("claims.yaml" if spec.claims is None else spec.claims.name)
    contents: list[bytes | None] = []
    for file in (spec.contract, beside, spec.lock):
        try:
            contents.append(read_small(file))
        except OSError:  # an editor may be replacing it just now
            contents.append(None)

    return tuple(contents)


def _display_path(config: Config, folder: Path) -> str:
    return (
        folder.relative_to(config.root).as_posix()
        if folder.is_relative_to(config.root)
        else folder.as_posix()
    )
