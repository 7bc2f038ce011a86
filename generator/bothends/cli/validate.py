"""`bothends validate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from bothends.cli.arguments import Overlay, Quiet, Specs, Strict, load_project, with_overlay
from bothends.cli.explain import code_texts
from bothends.cli.judgement import exit_code, fatal_only
from bothends.cli.report_file import check_report, write_report
from bothends.cli.sources import read_sources
from bothends.cli.terminal import progress, summarise, wants_color
from bothends.config import Config, SpecFile
from bothends.diagnostics import (
    ContractError,
    Finding,
    each_once,
    fold,
    render,
    stale_ignores,
    with_levels,
    without_ignored,
)


class Format(StrEnum):
    """The formats of `bothends.diagnostics`, as typer wants them."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


ReportFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the report to this file, and only a summary here.",
    ),
]


def validate(
    specs: Specs = None,
    format: Annotated[  # noqa: A002 (the word of the command line)
        Format, typer.Option("--format", "-f", help="For people, for programs, or for a CI system.")
    ] = Format.TEXT,
    output: ReportFile = None,
    strict: Strict = False,
    quiet: Quiet = False,
    overlay: Overlay = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Print all findings, also where many have one cause.")
    ] = False,
) -> int:
    """Check contracts: legal OpenAPI, valid examples, good practice, every claim kept.

    It is the gate: it reports everything that `generate` would, such as operations that are left
    out and names that are lost, and a stand-in that does not fit.
    Findings that `ignore` in the settings names are counted only, and `severity` there says which
    matter more or less. Of many with one cause, in the
    format text, the first are printed.

    Each finding has a code, a location (file:line:column), the line itself and a hint. The report
    goes to stdout. Exit code 1 when there is an error; warnings alone do not fail, unless --strict.

    Examples:

      bothends validate

      bothends validate harbour --format sarif --output harbour.sarif

      bothends validate ./downloads/harbour.yaml --format json | jq '.[].code'
    """
    if output:
        check_report(output)

    config, chosen = load_project(specs)
    chosen = with_overlay(chosen, overlay)
    every = check_all(config, chosen)
    findings = with_levels(without_ignored(every, config.ignores), config.levels)
    if not specs:
        findings += stale_ignores(every, [*config.ignores, *config.levels], code_texts())

    is_strict = strict or config.strict
    if quiet:
        findings = fatal_only(findings, strict=is_strict)

    sources = read_sources(config, chosen, findings)
    has_color = output is None and wants_color(sys.stdout)
    report = _report(findings, format, sources, is_folded=not all_, color=has_color)
    if output:
        write_report(output, report)
    else:
        print(report, end="")

    if not quiet and (output or format is Format.TEXT):
        ignored = len(every) - len(without_ignored(every, config.ignores))
        print(summarise(findings, len(chosen)) + (f" ({ignored} ignored)" if ignored else ""))

    return exit_code(findings, strict=is_strict)


def _report(
    findings: list[Finding],
    format_: Format,
    sources: Mapping[str, str],
    *,
    is_folded: bool,
    color: bool,
) -> str:
    """The findings in a format; as text, the first of many with one cause stand for the others."""
    if format_ is not Format.TEXT or not is_folded:
        return render(findings, format_.value, sources, color=color)

    printed, more = fold(findings)
    text = render(printed, "text", sources, color=color)
    return text + "".join(f"{line}; --all prints them\n" for line in more)


def check_all(config: Config, specs: Iterable[SpecFile]) -> list[Finding]:
    """The findings of every contract; one that cannot be read does not hide those of the others."""
    from bothends.cli.packages import name_findings
    from bothends.pipeline import examine

    findings: list[Finding] = []
    with progress() as show:
        for spec in specs:
            show(f"checking {spec.display_path}")
            try:
                findings += examine(spec)
            except ContractError as error:
                findings += error.findings
            findings += name_findings(config, spec)

    return each_once(findings)
