"""Files that are named on the command line and are no files: each is told at once, and nothing of them is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.cli import main

from .test_files import SECRET, plant, project

__all__ = ["project"]

CLAIMS = """\
documents: {d: {title: D, url: 'https://a.example'}}
claims: {A1: {statement: Text., source: {document: d}, kept: contract}}
"""
COMMANDS = {
    "diff OLD": ("diff", "named", "specs/harbour/openapi.yaml"),
    "diff NEW": ("diff", "specs/harbour/openapi.yaml", "named"),
    "diff --ignore": ("diff", "harbour", "specs/harbour/openapi.yaml", "--ignore", "named"),
    "generate --overlay": ("generate", "--overlay", "named"),
    "validate --overlay": ("validate", "harbour", "--overlay", "named"),
    "check-exchanges": ("check-exchanges", "harbour", "named"),
    "claims --document": ("claims", "harbour", "--document", "named"),
    "prove --merge": ("prove", "harbour", "--merge", "named"),
    "serve --seed": ("serve", "harbour", "--default", "--port=0", "--seed", "named"),
    "serve --state": ("serve", "harbour", "--default", "--port=0", "--state", "named"),
    "init --from": ("init", "pier", "--from", "named"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("kind", ["fifo", "folder", "endless", "circle", "outside", "large"])
def test_a_file_that_is_none_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    (project / "specs/harbour/claims.yaml").write_text(CLAIMS)
    file = project / "named"
    if kind == "large":
        # It takes no room on the disk.
        with file.open("wb") as sparse:
            sparse.truncate(3_000_000_000)
    else:
        plant(file, kind)

    capsys.readouterr()
    code = main([*COMMANDS[name]])
    out, err = capsys.readouterr()
    # A contract that lies elsewhere may be begun with.
    assert code in (1, 2) or (name, kind) == ("init --from", "outside"), out + err
    assert SECRET not in out + err
    assert "Traceback" not in out + err
    assert len(out + err) < 20_000
