"""The texts of the files that findings refer to, so that the line can be printed."""

from __future__ import annotations

from collections.abc import Iterable

from bothends.config import Config, SpecFile
from bothends.diagnostics import Finding
from bothends.small_file import read_small


def read_sources(
    config: Config, specs: Iterable[SpecFile], findings: Iterable[Finding]
) -> dict[str, str]:
    """Return the text of every contract and of every other file with a finding.

    The keys are the paths as messages show them. A file that cannot be read is left out.
    """
    files = {spec.display_path: spec.contract for spec in specs}
    for finding in findings:
        if finding.location:
            files.setdefault(finding.location.path, config.root / finding.location.path)

    sources: dict[str, str] = {}
    for display, file in files.items():
        try:
            # Not read_text: universal newlines would move the columns of a file with bare
            # carriage returns.
            sources[display] = read_small(file).decode("utf-8-sig", errors="replace")
        # The finding itself says what is wrong with the file; without its line it is still printed.
        except OSError:
            continue

    return sources
