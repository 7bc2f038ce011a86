"""What users are told: one contract for each mistake, and one call for each failure at run time."""

from __future__ import annotations

import io
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from bothends.cli import main

from .run_time import run_time_messages

FOLDER = Path(__file__).parent
MESSAGES = FOLDER / "messages.md"
_HEAD = """\
# What users are told

One message for each kind of mistake: the thing, what is wrong, what to do. `make golden` rewrites this file; read it as a
user would. The contracts are in the folders beside it.
"""


def broken_contracts() -> list[Path]:
    """The folders of the contracts, by number."""
    folders = (folder for folder in FOLDER.iterdir() if (folder / "openapi.yaml").is_file())
    return sorted(folders, key=lambda folder: int(folder.name.partition("-")[0]))


def render_messages() -> str:
    """Return the text of messages.md."""
    parts = [_HEAD, "\n## Contracts\n"]
    parts += [_section(folder.name, validated(folder)) for folder in broken_contracts()]
    parts += ["\n## At run time\n"]
    with TemporaryDirectory() as folder:
        # No message may depend on where it is run.
        messages = [
            (name, text.replace(folder, "…")) for name, text in run_time_messages(Path(folder))
        ]
    parts += [_section(name, f"{text}\n") for name, text in messages]
    return "".join(parts)


def validated(folder: Path) -> str:
    """What `bothends validate` prints for a contract, in a project of its own."""
    with TemporaryDirectory() as name, chdir(name):
        shutil.copytree(folder, "specs/harbour")
        stand_in = Path("specs/harbour/stand_in.txt")
        if stand_in.exists():
            # Under its own name it would be checked with the code of the tests.
            stand_in.rename(stand_in.with_suffix(".py"))
        Path("pyproject.toml").write_text("", encoding="utf-8")

        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            main(["validate", "harbour"])

    lines = printed.getvalue().replace(name, "…").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("1 contract:"))


def _section(name: str, text: str) -> str:
    return f"\n### {name}\n\n{indent(text, '    ')}"
