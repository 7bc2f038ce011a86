"""Generating again whenever a contract changes.

To generate a contract of thousands of operations takes many seconds. What a save changed is said
before: two versions share almost all, and only what differs is compared.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bothends.cli.currency import describe_changes
from bothends.cli.exits import FINE
from bothends.cli.failures import shown
from bothends.cli.sources import load_with_files
from bothends.cli.watched_folders import folders_of, turns
from bothends.config import Config, SpecFile, companion, find_specs
from bothends.diff import compare, without_unchanged
from bothends.load import Document, RepeatedParts
from bothends.pipeline import check_and_normalise
from bothends.small_file import read_small


def keep_generating(
    config: Config, specs: Sequence[SpecFile], generate: Callable[[Sequence[SpecFile]], int]
) -> int:
    """Generate now, then what changed, until interrupted. Errors are shown and waited out."""
    saved = {spec.name: _LastSave(spec) for spec in specs}
    seen = {spec.name: _inputs(config, spec, saved[spec.name].files) for spec in specs}
    generate(specs)
    sys.stdout.flush()
    locks = {spec.name: _content(spec.lock) for spec in specs}

    def find_folders() -> list[Path]:
        files = {file for each in saved.values() for file in each.files}
        return folders_of(files | {spec.overlay for spec in specs if spec.overlay is not None})

    def say(folders: Sequence[Path]) -> None:
        names = ", ".join(_display_path(config, folder) for folder in folders)
        # Other branches of a repository may not have them.
        names = names or "for the folders of the contracts, which are gone"
        print(f"watching {names}; Ctrl-C ends", file=sys.stderr)

    for _ in turns(find_folders, say):
        # Before generating: what is saved while it runs is news for the next turn.
        now = {spec.name: _inputs(config, spec, saved[spec.name].files) for spec in specs}
        changed = [
            spec
            for spec in specs
            if spec.contract.is_file()
            and (now[spec.name], _content(spec.lock)) != (seen[spec.name], locks[spec.name])
        ]
        for spec in changed:
            shown(partial(_describe_change, config, saved[spec.name]))
            seen[spec.name] = _inputs(config, spec, saved[spec.name].files)
        if changed:
            # A link out of the project, a fault of ours: the next save may mend it.
            shown(partial(_generate_again, config, changed, generate))
            sys.stdout.flush()  # where it goes to a file, too
        # After generating: `names.lock` lies in the same folder, and writing it is not news.
        locks |= {spec.name: _content(spec.lock) for spec in changed}

    return FINE


class _LastSave:
    """A contract as it was when it could be read last, and the `files` that it was read from."""

    def __init__(self, spec: SpecFile) -> None:
        self.name, self._spec = spec.name, spec
        self.files: Sequence[Path] = [spec.contract]
        self._repeated = RepeatedParts()
        self._document = self._read()

    def describe_change(self) -> list[str]:
        """What was saved since, in the words of `diff`; nothing where it cannot be read."""
        before, now = self._document, self._read()
        self._document = now or before
        if before is None or now is None:
            return []

        # An operation that its overlay changes differs in both versions alike.
        different = without_unchanged(before, now)
        if different is None:
            return []
        changed = compare(*(check_and_normalise(each).normalised for each in different))
        return [*describe_changes(changed)]

    def _read(self) -> Document | None:
        document, files = load_with_files(self._spec, self._repeated)
        # To generate it says why; the next save is compared with what was there before.
        self.files = files if document else [*dict.fromkeys([*self.files, *files])]
        return document


def _describe_change(config: Config, save: _LastSave) -> int:
    lines = save.describe_change()
    for line in () if config.quiet else lines:
        print(f"{save.name}: {line}", flush=True)
    return FINE


def _generate_again(
    config: Config, specs: Sequence[SpecFile], generate: Callable[[Sequence[SpecFile]], int]
) -> int:
    return generate(_found_again(config, specs))


def _found_again(config: Config, specs: Sequence[SpecFile]) -> list[SpecFile]:
    """The contracts with what lies beside them now; what flags said of them stays."""
    again: list[SpecFile] = []
    for spec in specs:
        (found,) = find_specs(config, [str(spec.contract)])
        overlay = spec.overlay if spec.overlay and spec.overlay.is_file() else found.overlay
        again.append(replace(spec, claims=found.claims, stand_in=found.stand_in, overlay=overlay))

    return again


def _inputs(config: Config, spec: SpecFile, files: Sequence[Path]) -> list[bytes | None]:
    """The content of each file that a person writes and a package is made from."""
    claims = spec.claims or companion(spec.contract, "claims.yaml")
    beside = (claims, spec.overlay or companion(spec.contract, config.overlay))
    return [_content(file) for file in (*files, *beside)]


def _content(file: Path) -> bytes | None:
    """The content of a file; None for one that is missing."""
    try:
        return read_small(file)
    except OSError:  # an editor may be replacing it just now
        return None


def _display_path(config: Config, folder: Path) -> str:
    return (
        folder.relative_to(config.root).as_posix()
        if folder.is_relative_to(config.root)
        else folder.as_posix()
    )
