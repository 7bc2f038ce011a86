"""`bothends check-exchanges`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bothends.cli.exits import FINDINGS, FINE
from bothends.config import load_config, misuse
from bothends.diagnostics import visible
from bothends.small_file import read_small

if TYPE_CHECKING:
    from bothends.record import Exchange, Judge, Judgement

# A browser's recording of an hour, bodies and pictures included.
_MOST_BYTES = 256_000_000


def check_exchanges(
    package: Annotated[
        str,
        typer.Argument(
            metavar="PACKAGE", help="A name below generated/, or the path of a package."
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="HAR files, or folders of them.", exists=True),
    ],
) -> int:
    """Judge recordings by the contract: what broke it, what it does not know, what was never seen.

    FILE is what `bothends record` wrote, or a HAR file that a browser or another proxy exported.
    Exchanges with other hosts' paths, of which the contract has none, are counted only.

    Exit code 1 when a server answered as the contract does not say: in CI, the vendor has changed.

    Examples:

      bothends check-exchanges harbour exchanges

      bothends check-exchanges harbour browser.har
    """
    from bothends.record import Judge, suggestions
    from bothends.serve.package import find_package

    chosen = find_package(load_config(Path.cwd()), package)
    judge = Judge(chosen.api, chosen.operations)
    judged = [(file, judge.judge(exchange)) for file, exchange in _exchanges(files)]
    matched = [judgement for _, judgement in judged if judgement.operation is not None]
    wrong = [
        (file, judgement)
        for file, judgement in judged
        if judgement.operation is not None and not judgement.is_right
    ]

    for file, judgement in wrong:
        print(visible(f"{file}: {judgement.text}"))

    found = suggestions(matched)
    for suggestion in found:
        print(visible(suggestion.message))
        print(visible(f"    at {suggestion.pointer} add {suggestion.addition}"))

    for line in _never_seen(judge, matched):
        print(visible(line))

    elsewhere = len(judged) - len(matched)
    print(summarise_exchanges(len(matched), len(wrong), elsewhere))
    return FINDINGS if wrong or found else FINE


def summarise_exchanges(matched: int, wrong: int, elsewhere: int) -> str:
    """How many exchanges of operations there were, how many of them wrong, and how many others."""
    noun = "exchange" if matched == 1 else "exchanges"
    others = f"; {elsewhere} at paths that it does not have" if elsewhere else ""
    return f"{matched} {noun}, {wrong} not as the contract says{others}"


def _exchanges(files: Sequence[Path]) -> Iterator[tuple[Path, Exchange]]:
    from bothends.record import HarError, read_har

    for path in files:
        for file in sorted(path.rglob("*.har")) if path.is_dir() else [path]:
            try:
                text = read_small(file, _MOST_BYTES).decode("utf-8-sig")
                exchanges = list(read_har(text))
            except (OSError, UnicodeDecodeError, HarError) as error:
                raise misuse("har", f"{file} is no HAR file: {error}") from error
            for exchange in exchanges:
                yield file, exchange


def _never_seen(judge: Judge, judgements: Sequence[Judgement]) -> Iterator[str]:
    """Operations without an exchange, and documented statuses of the others without one."""
    from bothends.runtime.operation import documented

    seen: dict[str, set[str | None]] = {}
    for judgement in judgements:
        if judgement.operation is not None:
            key = documented(judgement.exchange.status, judgement.operation.replies)
            seen.setdefault(judgement.operation.id, set()).add(key)

    for operation in judge.operations:
        if operation.id not in seen:
            yield f"never seen: {operation.id}, {operation.method} {operation.path}"
            continue
        statuses = [key for key in operation.replies if key not in seen[operation.id]]
        if statuses:
            yield f"never seen: {operation.id} with {', '.join(statuses)}"
