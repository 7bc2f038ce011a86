"""From findings to text, in the format asked for; nothing is printed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, get_args

from bothends.diagnostics.finding import Finding, sort_findings
from bothends.diagnostics.render_github import render_github
from bothends.diagnostics.render_json import render_json
from bothends.diagnostics.render_junit import render_junit
from bothends.diagnostics.render_sarif import render_sarif
from bothends.diagnostics.render_text import render_text

Format: TypeAlias = Literal["text", "json", "github", "sarif", "junit"]
FORMATS: tuple[Format, ...] = get_args(Format)


_LONGEST = 2_000
"""Characters of a message or a hint: texts of the contract stand in them."""


def render(
    findings: Iterable[Finding],
    format: Format,  # noqa: A002 (the word of the command line)
    sources: Mapping[str, str],
    *,
    color: bool = False,
) -> str:
    """The findings, sorted by place, in one of five formats.

    `sources` maps the path of each checked file to its text; a file without findings counts as
    passed in JUnit.
    """
    ordered = [_cut(finding) for finding in sort_findings(findings)]
    if format == "text":
        return render_text(ordered, sources, color=color)

    renderers: dict[str, Callable[[Sequence[Finding], Mapping[str, str]], str]] = {
        "json": lambda found, _: render_json(found),
        "github": lambda found, _: render_github(found),
        "sarif": lambda found, _: render_sarif(found),
        "junit": render_junit,
    }
    return renderers[format](ordered, sources)


def _cut(finding: Finding) -> Finding:
    """A finding whose texts have a bounded length; what is left out is counted."""
    message, hint = _cut_text(finding.message), _cut_text(finding.hint)
    if message == finding.message and hint == finding.hint:
        return finding
    return replace(finding, message=message, hint=hint)


def _cut_text(text: str) -> str:
    if len(text) <= _LONGEST:
        return text

    head, tail = text[: _LONGEST * 3 // 4], text[-_LONGEST // 8 :]
    return f"{head} … {len(text) - len(head) - len(tail):,} characters … {tail}"
