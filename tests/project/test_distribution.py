"""What is published: the wheel holds the whole program, and says what it needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from .project_files import project_files


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "wheel",
        "--directory",
        str(folder),
    ]
    done = subprocess.run(build, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [file] = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def test_it_holds_every_file_of_the_program(repository: Path, wheel: zipfile.ZipFile) -> None:
    source = repository / "generator"
    program = {
        file.relative_to(source).as_posix()
        for file in project_files(repository)
        if file.is_relative_to(source)
    }
    assert "bothends/py.typed" in program
    assert program - set(wheel.namelist()) == set()


def test_it_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    assert {name.partition("/")[0] for name in wheel.namelist()} == {
        "bothends",
        "bothends-0.1.0.dist-info",
    }


def test_it_names_its_licence_and_its_extras(wheel: zipfile.ZipFile) -> None:
    told = Parser().parsestr(wheel.read("bothends-0.1.0.dist-info/METADATA").decode())
    assert told["License-Expression"] == "Apache-2.0"
    assert told["Requires-Python"] == "<3.15,>=3.11"
    assert set(told.get_all("Provides-Extra", [])) == {"all", "generate", "prove", "redis", "serve"}
    assert "bothends-0.1.0.dist-info/licenses/LICENSE" in wheel.namelist()
