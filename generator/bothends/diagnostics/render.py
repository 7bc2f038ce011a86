"""From findings to text, in the format asked for; nothing is printed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from bothends.diagnostics.finding import Finding, sort_findings
from bothends.diagnostics.render_github import render_github
from bothends.diagnostics.render_json import render_json
from bothends.diagnostics.render_junit import render_junit
from bothends.diagnostics.render_sarif import render_sarif
from bothends.diagnostics.render_text import render_text

Format: TypeAlias = Literal["text", "json", "github", "sarif", "junit"]
FORMATS: tuple[Format, ...] = get_args(Format)


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
    ordered = sort_findings(findings)
    if format == "text":
        return render_text(ordered, sources, color=color)

    renderers: dict[str, Callable[[Sequence[Finding], Mapping[str, str]], str]] = {
        "json": lambda found, _: render_json(found),
        "github": lambda found, _: render_github(found),
        "sarif": lambda found, _: render_sarif(found),
        "junit": render_junit,
    }
    return renderers[format](ordered, sources)
