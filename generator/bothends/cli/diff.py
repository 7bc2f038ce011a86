"""`bothends diff`."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from bothends.cli.arguments import load_project
from bothends.cli.exits import FINDINGS, FINE, MISUSE
from bothends.cli.explain import code_texts
from bothends.cli.revisions import check_out, committed, is_revision
from bothends.cli.terminal import progress, show_findings, show_problem
from bothends.config import Config, SpecFile, find_specs, load_config, load_ignores
from bothends.diagnostics import (
    ContractError,
    Finding,
    Ignore,
    SourceLocation,
    render,
    stale_ignores,
    without_ignored,
)
from bothends.openapi.pointer import below
from bothends.scratch import scratch_folder

if TYPE_CHECKING:
    from bothends.diff import Change, Statement


class Format(StrEnum):
    """How the changes are written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


OldContract: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="OLD", help="A contract, its folder, or git:REF:path.", show_default=False
    ),
]
NewContract: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="NEW", help="The same; by default OLD as it is here now."),
]
BaseRevision: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REF",
        help="Without OLD: the revision of git to compare with; HEAD if there is none.",
        show_default=False,
    ),
]
AgreedChanges: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Agreed changes, as TOML: tables `ignore` with code, path, pointer, reason.",
    ),
]


def diff(
    old: OldContract = None,
    new: NewContract = None,
    base: BaseRevision = None,
    format: Annotated[  # noqa: A002 (the word of the command line)
        Format, typer.Option("--format", "-f", help="For people, for programs, or for a CI system.")
    ] = Format.TEXT,
    ignore: AgreedChanges = None,
    open_world: Annotated[
        bool,
        typer.Option(
            "--open-world", help="Count properties that open objects do not declare as values."
        ),
    ] = False,
) -> int:
    """Compare two contracts: what breaks callers, with an example for each, and what does not.

    A change is compatible only where every old request is proved to be still allowed, or every new
    reply to be one that the old contract describes. A breaking change comes with a request or a
    reply that shows it. Whatever is neither is unknown, and fails too.

    Without OLD, every contract below specs/ is compared with what is committed, or with how it was
    at --base.

    Examples:

      bothends diff

      bothends diff --base origin/main     [dim]in CI: what does a branch change?[/dim]

      bothends diff git:main:specs/harbour specs/harbour --format markdown

      bothends diff old.yaml new.yaml --ignore agreed.toml
    """
    from bothends.diff import Verdict

    if base is not None and old is not None:
        show_problem(
            f"OLD ({old}) and --base ({base}) both name what to compare with",
            hint=f"leave one out, or write git:{base}:{_old_contract(old)} for OLD",
        )
        return MISUSE

    with scratch_folder() as folder, progress() as show:
        pairs, changes = _pairs(old, new, base or "HEAD", folder)
        for before, after in pairs:
            show(f"comparing {before.display_path} with {after.display_path}")
            changes += _changes(before, after, open_world=open_world)

    stale: list[Finding] = []
    if ignore is not None:
        changes, stale = _without_ignored(changes, load_ignores(ignore))
    if format in (Format.TEXT, Format.JSON, Format.MARKDOWN):
        show_findings(stale, {}, sys.stderr)

    sys.stdout.write(_report(changes, stale, format))
    is_safe = all(change.verdict in (Verdict.COMPATIBLE, Verdict.NOTE) for change in changes)
    return FINE if is_safe else FINDINGS


def _without_ignored(
    changes: list[Change], ignores: list[Ignore]
) -> tuple[list[Change], list[Finding]]:
    """The changes that no entry is about, and a warning for each entry about none."""
    from bothends.diff.report import as_findings

    findings = as_findings(changes)
    pairs = zip(changes, findings, strict=True)
    reported = [change for change, finding in pairs if without_ignored([finding], ignores)]
    return reported, stale_ignores(findings, ignores, code_texts())


def _pairs(
    old: str | None, new: str | None, base: str, folder: Path
) -> tuple[list[tuple[SpecFile, SpecFile]], list[Change]]:
    """The contracts to compare, the old one of each pair first; and those that are gone."""
    if old is not None:
        config = load_config(Path.cwd())
        before = _spec(config, old, folder / "old")
        after = _spec(config, new or _old_contract(old), folder / "new")
        return [(before, after)], []

    config, specs = load_project(None)
    revisions = committed(config.specs, base)
    pairs: list[tuple[SpecFile, SpecFile]] = []
    for index, spec in enumerate(specs):
        revision = revisions.pop(spec.contract.parent.name, None)
        if revision is not None:
            pairs.append((_spec(config, revision, folder / str(index)), spec))
    return pairs, [_contract_gone(name, path) for name, path in sorted(revisions.items())]


def _contract_gone(name: str, path: str) -> Change:
    from bothends.diff import Change, Direction, Effect, Verdict, Witness

    return Change(
        "contract-gone",
        (name,),
        "the contract is gone",
        Direction.REQUEST,
        Effect.NARROWS,
        Verdict.BREAKING,
        SourceLocation(path, 1, 1, ""),
        None,
        Witness(f"any request of {name}"),
    )


def _old_contract(old: str) -> str:
    """What OLD is in the working tree."""
    return old.rpartition(":")[2] if is_revision(old) else old


def _spec(config: Config, name: str, folder: Path) -> SpecFile:
    if not is_revision(name):
        (spec,) = find_specs(config, [name])
        return spec

    folder.mkdir()
    checked_out = check_out(name, folder)
    (spec,) = find_specs(config, [str(checked_out)])
    # The folder is gone when the report is read: its places are named as git names them.
    display_path = name if checked_out.is_file() else f"{name.rstrip('/')}/{spec.contract.name}"
    return replace(spec, display_path=display_path)


def _changes(before: SpecFile, after: SpecFile, *, open_world: bool) -> list[Change]:
    """The changes of the wire, then those of the Python package."""
    from bothends.diff import compare, compare_surface
    from bothends.emit.types import annotation
    from bothends.pipeline import intermediate_pair

    claims = _claim_changes(before, after)
    different = intermediate_pair(before, after)
    if different is None:
        return claims
    (old, old_names), (new, new_names) = different
    changes = [*compare(old, new, open_world=open_world), *claims]
    return changes + compare_surface(old_names.api, new_names.api, annotation, (old, new))


def _claim_changes(before: SpecFile, after: SpecFile) -> list[Change]:
    """The changes of what is claimed.

    An old file of claims that is wrong costs the claims: what was committed cannot be corrected.
    """
    from bothends.diff import compare_claims

    claims = _claims(after)
    try:
        old_claims = _claims(before)
    except ContractError as error:
        show_findings(error.findings, {}, sys.stderr)
        return []

    return [*compare_claims(old_claims, claims)]


def _claims(spec: SpecFile) -> dict[str, Statement]:
    """What is claimed of a vendor's documentation beside a contract."""
    from bothends.check import load_beside
    from bothends.diff import Statement

    claims, _ = load_beside(spec.claims, None, spec.show)
    if claims is None:
        return {}
    return {
        name: Statement(
            claim.statement,
            ", ".join(filter(None, (claim.document, claim.section))),
            claim.fingerprint,
            claims.document.location_of(below("/claims", name)),
        )
        for name, claim in claims.claims.items()
    }


def _report(changes: list[Change], stale: list[Finding], format: Format) -> str:  # noqa: A002
    """The changes in a format; with those for CI systems, the entries of the ledger that are stale."""
    from bothends.diff import report

    match format:
        case Format.TEXT:
            return report.render_text(changes)
        case Format.MARKDOWN:
            return report.render_markdown(changes)
        case Format.JSON:
            return report.render_json(changes)
        case Format.GITHUB:
            return render([*report.as_findings(changes), *stale], "github", {})
        case Format.SARIF:
            return render([*report.as_findings(changes), *stale], "sarif", {})
        case Format.JUNIT:
            return render([*report.as_findings(changes), *stale], "junit", {})
