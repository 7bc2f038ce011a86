"""`bothends check-exchanges`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bothends.cli.exits import FINDINGS, FINE
from bothends.cli.overlay_text import overlay_text
from bothends.config import Config, Misuse, find_specs, load_config, misuse
from bothends.counted import counted
from bothends.diagnostics import visible
from bothends.small_file import read_small

if TYPE_CHECKING:
    from bothends.record import Exchange, Judge, Judgement, Suggestion


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
    examples: Annotated[
        Path | None,
        typer.Option(
            metavar="OVERLAY",
            help="Write what is right as named examples, which a stand-in answers with.",
        ),
    ] = None,
) -> int:
    """Judge recordings by the contract: what broke it, what it does not know, what was never seen.

    FILE is what `bothends record` wrote, or a HAR file that a browser or another proxy exported.
    Exchanges with other hosts' paths, of which the contract has none, are counted only, and those
    without an answer.

    --examples writes an overlay of the contract: beside it as overlay.yaml, and generated again,
    the stand-in answers a recorded request with the recorded reply.

    Exit code 1 when a server answered as the contract does not say: in CI, the vendor has changed.

    Examples:

      bothends check-exchanges harbour exchanges

      bothends check-exchanges harbour browser.har

      bothends check-exchanges harbour exchanges --examples specs/harbour/overlay.yaml
    """
    from bothends.record import Judge, suggestions
    from bothends.serve.package import find_package

    config = load_config(Path.cwd())
    chosen = find_package(config, package)
    judge = Judge(chosen.api, chosen.operations)
    exchanges = list(_read_exchanges(files))
    judged = [(file, judge.judge(exchange)) for file, exchange in exchanges if exchange.status]
    matched = [judgement for _, judgement in judged if judgement.operation is not None]
    wrong = _wrong(judged, {judgement.exchange.host for judgement in matched})
    additions = suggestions(matched)

    for line in (*_reported(wrong, additions), *_never_seen(judge, matched)):
        print(visible(line))
    if examples is not None:
        print(visible(_write_examples(config, chosen.name, matched, examples)))

    undocumented = sum(judgement.operation is None for _, judgement in wrong)
    elsewhere = len(judged) - len(matched) - undocumented
    unanswered = len(exchanges) - len(judged)
    print(summarise_exchanges(len(matched) + undocumented, len(wrong), elsewhere, unanswered))
    return FINDINGS if wrong or additions else FINE


def _reported(
    wrong: Sequence[tuple[Path, Judgement]], additions: Iterable[Suggestion]
) -> Iterator[str]:
    """What broke the contract, and what would allow it."""
    for file, judgement in wrong:
        yield f"{file}: {judgement.text}"
    for suggestion in additions:
        yield suggestion.message
        yield f"    at {suggestion.pointer} add {suggestion.addition}"


def _write_examples(config: Config, name: str, judgements: Sequence[Judgement], file: Path) -> str:
    """Write the overlay with the examples of what was recorded, and say so."""
    from bothends.cli.recorded_overlay import overlay_from_examples
    from bothends.pipeline import load
    from bothends.record import most_that_fit, recorded_examples
    from bothends.write import apply, plan_new, recover

    [spec] = find_specs(config, [name])
    document = load(spec)
    if "swagger" in document.data:
        raise misuse(
            "overlay-source", "Swagger 2.0 has no named examples", hint="upgrade it to 3.0"
        )

    found = recorded_examples(judgements)
    examples = most_that_fit(found)
    overlay = overlay_from_examples(document, examples, spec.display_path)
    if overlay is None:
        return f"no exchange can be an example: {file} is not written"

    text = overlay_text(overlay)
    recover(config.root, config.root)
    planned = plan_new({file.absolute(): text}, root=config.root)
    if planned.findings:
        raise Misuse(planned.findings)
    apply([planned])
    written = f"{counted(len(examples), 'example')} written to {planned.changes[0].display_path}"
    left_out = len(found) - len(examples)
    return f"{written}; {left_out:,} more are too many or too long" if left_out else written


def summarise_exchanges(matched: int, wrong: int, elsewhere: int, unanswered: int = 0) -> str:
    """How many exchanges of operations there were, how many of them wrong, and how many others."""
    noun = "exchange" if matched == 1 else "exchanges"
    others = f"; {elsewhere} of operations that it does not have" if elsewhere else ""
    others += f"; {unanswered} without an answer, not judged" if unanswered else ""
    return f"{matched} {noun}, {wrong} not as the contract says{others}"


def _wrong(
    judged: Sequence[tuple[Path, Judgement]], hosts: set[str]
) -> list[tuple[Path, Judgement]]:
    """Those that break the contract, or that it should know. `hosts` are its own."""
    wrong: list[tuple[Path, Judgement]] = []
    for file, judgement in judged:
        is_concerned = judgement.operation is not None or _is_undocumented(judgement, hosts)
        if is_concerned and not judgement.is_right:
            wrong.append((file, judgement))
    return wrong


def _is_undocumented(judgement: Judgement, hosts: set[str]) -> bool:
    """Whether the vendor has a method of a path that the contract has without it.

    At another host the same path says nothing, and `OPTIONS` is how browsers ask for permission.
    """
    exchange = judgement.exchange
    is_asked = exchange.method == "OPTIONS" or exchange.status in (404, 405, 501)
    return judgement.is_other_method and not is_asked and exchange.host in hosts


def _read_exchanges(files: Sequence[Path]) -> Iterator[tuple[Path, Exchange]]:
    from bothends.record import MOST_RECORDED, HarError, read_har

    for path in files:
        for file in sorted(path.rglob("*.har")) if path.is_dir() else [path]:
            try:
                text = read_small(file, MOST_RECORDED).decode("utf-8-sig")
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
