"""Messages of `validate`, `generate` and `diff` on files and flags: what is printed for each code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bothends.cli.app import run

FOLDER = Path(__file__).parent
CASES: dict[str, Any] = yaml.safe_load((FOLDER / "commands.yaml").read_text("utf-8"))
GOLDEN = FOLDER / "commands.txt"
_CONTRACT = """\
openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /a:
    get: {operationId: a, responses: {'204': {description: None.}}}
"""


def render_commands() -> str:
    """Each case with its exit code and the paragraph that names its code."""
    return "\n".join(_told())


def _told() -> Iterator[str]:
    for code, case in CASES.items():
        with TemporaryDirectory() as folder, chdir(folder):
            for name, text in {"specs/a/openapi.yaml": _CONTRACT, **case.get("files", {})}.items():
                if text is not None:
                    _write(Path(name), text)
            for before in case.get("before", ()):
                _run(before.split())
            for name, text in case.get("changed", {}).items():
                _write(Path(name), text)
            for name in case.get("folders", ()):
                Path(name).mkdir(parents=True)
            for name in case.get("removed", ()):
                Path(name).unlink()
            for name, target in case.get("links", {}).items():
                Path(name).unlink(missing_ok=True)
                Path(name).symlink_to(target)

            exit_code, output = _run(case["run"].split())
            output = output.replace(str(Path.cwd()), "FOLDER")

        yield f"== {code}: {case['run']} -> {exit_code}\n{_paragraphs(output, code)}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _run(arguments: list[str]) -> tuple[int, str]:
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        exit_code = run(arguments)
    return exit_code, output.getvalue()


def _paragraphs(output: str, code: str) -> str:
    found = [each.strip("\n") for each in output.split("\n\n") if f"[{code}]" in each]
    return "".join(f"{each}\n" for each in found)


if __name__ == "__main__":
    GOLDEN.write_text(render_commands(), encoding="utf-8", newline="\n")
