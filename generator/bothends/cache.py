"""Packages that were made before: where nothing that was read has changed, nothing is made again.

~/.cache/bothends/3fa9….json.zlib    one contract, as one version of bothends made it
    inputs      openapi.yaml  sha256 …, claims.yaml  sha256 …, names.lock  None: it was not there
    result      the files, names.lock, the findings, and what the summary counts
~/.cache/bothends/81c0….text.zlib    one group of its classes: what has changed elsewhere leaves it

An entry counts only where each of its inputs has the same content now. It is plain JSON, safe to
delete and to share between machines. Who may write it decides what is generated: so the folder is
that of the user, and no project can name another one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from bothends.config import SpecFile
from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.kept import Keep, Work, keep_nothing
from bothends.small_file import UNREADABLE, digest_of, digest_of_text, reads

_VARIABLE: Final = "BOTHENDS_CACHE"
_SUFFIX: Final = ".json.zlib"
_TEXT_SUFFIX: Final = ".text.zlib"
_MOST_BYTES: Final = 500_000_000
_MOST_SECONDS: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Counts:
    """What the summary of a run says of one package."""

    operations: int
    models: int
    refusals: int
    every_operation: int
    """Operations, webhooks and callbacks."""
    left_out: int
    repairs: int
    untyped: int
    """Values that are typed `Any` though the contract says more."""


@dataclass(frozen=True, slots=True)
class Made:
    """A package in memory: files by name, `names.lock`, findings, and what is counted of it."""

    files: Mapping[str, str]
    lock: str
    findings: tuple[Finding, ...]
    counts: Counts


def make(spec: SpecFile) -> Made:
    """Make the package of a contract, or take it from an earlier run.

    Raises:
        ContractError: As `pipeline.generate` does. This is never kept.
    """
    folder = _folder()
    if folder is None:
        return _made(spec, keep_nothing)

    lock = digest_of(spec.lock)
    entry = _entry(folder, spec, lock)
    if (kept := _find(entry, spec)) is not None:
        return kept

    with reads() as seen:
        made = _made(spec, _kept_in(folder))
    if UNREADABLE in seen.values():
        return made

    # A full disk or a folder that may not be written costs the next run some time.
    with suppress(OSError, ValueError):
        _keep(entry, spec, seen, made)
        if lock is None:
            # The next run will find the names that this one chose, and choose the same.
            written = digest_of_text(made.lock)
            found = {path: written if path == spec.lock else seen[path] for path in seen}
            _keep(_entry(folder, spec, written), spec, found, made)

    return made


def _made(spec: SpecFile, keep: Keep) -> Made:
    # What makes packages takes long to import, and an earlier run has no need of it.
    from bothends.pipeline import generate

    generated = generate(spec, keep)
    api = generated.api
    counts = Counts(
        operations=len(api.operations),
        models=len(api.models),
        refusals=len(api.refusals),
        every_operation=len(api.every_operation),
        left_out=generated.left_out,
        repairs=len(generated.repairs),
        untyped=sum(loss.code == "model-loss" for loss in api.losses),
    )
    return Made(generated.files, generated.lock, generated.findings, counts)


def _kept_in(folder: Path) -> Keep:
    """Keep texts in the folder of the cache, by this program and by what decides each."""

    def keep(decided_by: str, work: Work) -> str:
        digest = hashlib.sha256(f"{_program()}\n{decided_by}".encode()).hexdigest()
        entry = folder / f"{digest}{_TEXT_SUFFIX}"
        with suppress(OSError, ValueError, zlib.error):
            text = zlib.decompress(entry.read_bytes()).decode()
            os.utime(entry)
            return text

        text = work()
        with suppress(OSError):
            _write(entry, text)
        return text

    return keep


def _folder() -> Path | None:
    """The folder of the cache; None where there is to be none, or it is somebody else's."""
    chosen = os.environ.get(_VARIABLE, "")
    if chosen == "off":
        return None

    try:
        folder = Path(chosen) if chosen else user_cache_path("bothends")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except (OSError, RuntimeError, ValueError):
        return None
    is_own = sys.platform == "win32" or owner == os.geteuid()
    return folder if is_own else None


def _entry(folder: Path, spec: SpecFile, lock: str | None) -> Path:
    """The file of an entry: by the program, the settings of the contract, its text and names."""
    options: dict[str, object] = {}
    for field in fields(spec):
        value = getattr(spec, field.name)
        options[field.name] = _relative(spec, value) if isinstance(value, Path) else value

    texts = [digest_of(spec.contract), lock]
    described = json.dumps([_program(), options, texts], sort_keys=True, default=asdict)
    return folder / f"{hashlib.sha256(described.encode()).hexdigest()}{_SUFFIX}"


def _relative(spec: SpecFile, path: Path) -> str:
    """A path as it is the same on another machine."""
    return Path(os.path.relpath(path, spec.contract.parent)).as_posix()


@cache
def _program() -> str:
    """What identifies the program: its own files, and the versions of what it stands on."""
    digest = hashlib.sha256(sys.version.encode())
    for name, content in sorted(_sources(files("bothends"))):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    for requirement in sorted(requires("bothends") or ()):
        name = requirement.split(";")[0].rstrip("[]=<>~!.,0123456789 ")
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


def _sources(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _sources(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry.read_bytes()


def _find(entry: Path, spec: SpecFile) -> Made | None:
    """What an entry holds, if all that was read for it is the same now."""
    try:
        content: Any = json.loads(zlib.decompress(entry.read_bytes()))
        for path, digest in content["inputs"].items():
            if digest_of(spec.contract.parent / path) != digest:
                return None
        made = Made(
            content["files"],
            content["lock"],
            tuple(map(_finding, content["findings"])),
            Counts(**content["counts"]),
        )
        os.utime(entry)
    # Half an entry, one of other hands, or none at all: the package is made.
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zlib.error):
        return None
    return made


def _finding(content: dict[str, Any]) -> Finding:
    location = content.pop("location")
    return Finding(
        **{**content, "severity": Severity(content["severity"])},
        location=SourceLocation(**location) if location else None,
    )


def _keep(entry: Path, spec: SpecFile, seen: Mapping[Path, str | None], made: Made) -> None:
    inputs = {_relative(spec, path): digest for path, digest in seen.items()}
    content = {
        "inputs": inputs,
        "files": dict(made.files),
        "lock": made.lock,
        "findings": list(map(asdict, made.findings)),
        "counts": asdict(made.counts),
    }
    _write(entry, json.dumps(content))
    _prune(entry.parent)


def _write(entry: Path, text: str) -> None:
    # Under another name until it is whole: a run at the same time reads all of it or none.
    temporary = entry.with_suffix(f".{os.getpid()}.tmp")
    try:
        temporary.write_bytes(zlib.compress(text.encode(), 1))
        temporary.replace(entry)
    finally:
        temporary.unlink(missing_ok=True)


def _prune(folder: Path) -> None:
    """Remove what was not used for long, and the oldest of too much."""
    entries = [(path.stat(), path) for path in folder.glob("*.zlib")]
    oldest, total = time.time() - _MOST_SECONDS, 0
    for status, path in sorted(entries, key=lambda each: each[0].st_mtime, reverse=True):
        total += status.st_size
        if status.st_mtime < oldest or total > _MOST_BYTES:
            path.unlink(missing_ok=True)
