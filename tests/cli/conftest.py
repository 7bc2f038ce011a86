"""A small project in a temporary folder, and the command line run inside it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from bothends.cli import main
from tests.packages import hide_package

CONTRACT = """\
openapi: 3.1.0
info: {title: Harbour API, version: '1', description: Tides.}
servers:
  - url: https://tides.example/v1
    description: production
paths:
  /harbours/{harbourId}/tides:
    get:
      operationId: listTides
      summary: List the tides predicted for one harbour.
      x-assumption: The harbour master publishes nothing.
      parameters:
        - {name: harbourId, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The tides.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/TidePage'}
components:
  schemas:
    TidePage:
      type: object
      required: [heights]
      properties:
        heights: {type: array, items: {type: number}}
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A project folder; `run` is the program in this process, `spawn` the program as a shell starts it."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return file

    def run(self, *arguments: str) -> Outcome:
        self.capture.readouterr()
        code = main(list(arguments))
        out, err = self.capture.readouterr()
        return Outcome(code, out, err)

    def spawn(
        self, *arguments: str, python: tuple[str, ...] = ("-m", "bothends"), **environment: str
    ) -> Outcome:
        done = subprocess.run(
            [sys.executable, *python, *arguments],
            cwd=self.root,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    @property
    def files(self) -> dict[str, str]:
        found = (file for file in self.root.rglob("*") if file.is_file())
        return {
            file.relative_to(self.root).as_posix(): file.read_text(encoding="utf-8")
            for file in found
        }


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    """A project with one good contract, `harbour`, and no pyproject.toml."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)
    hide_package(monkeypatch, "harbour")
    made = Project(tmp_path, capsys)
    made.write("pyproject.toml", "[project]\nname = 'shop'\n")
    made.write("specs/harbour/openapi.yaml", CONTRACT)
    return made
