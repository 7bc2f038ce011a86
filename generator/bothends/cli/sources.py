"""The files of contracts: which there are, and their texts, so that a line can be printed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bothends.config import Config, SpecFile
from bothends.diagnostics import ContractError, Finding
from bothends.load import Document, RepeatedParts, load_contract
from bothends.small_file import read_small, reads


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


def load_with_files(
    spec: SpecFile, repeated: RepeatedParts | None = None
) -> tuple[Document | None, list[Path]]:
    """Read a contract, and say which files it is in: its own first, then those it refers to.

    There is no document where it cannot be read; its files are those that were looked for until
    then, also one that is missing.
    """
    document = None
    with reads() as seen, suppress(ContractError, OSError):
        document = load_contract(spec.contract, display_path=spec.display_path, repeated=repeated)

    folder = spec.contract.parent
    return document, [
        *dict.fromkeys([spec.contract, *(each for each in seen if each.is_relative_to(folder))])
    ]
