"""Contracts that are not below `specs/`, and the packages that are generated from them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .conftest import CONTRACT, Project


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("elsewhere") / "vendor/openapi.yaml"
    file.parent.mkdir()
    file.write_text(CONTRACT)
    return file


class TestOutsideOfTheProject:
    def test_check_says_what_compares_its_package(self, project: Project, outside: Path) -> None:
        project.run("generate")
        project.run("generate", str(outside), "--name", "ferry")
        done = project.run("generate", "--check")
        assert done.code == 0
        path = os.path.relpath(outside, project.root)
        assert f"generated/ferry was generated from {path}, outside of" in done.err
        assert f"`bothends generate --check {path} --name ferry`" in done.err
        quiet = project.run("generate", "--check", "--quiet")
        assert (quiet.code, quiet.out, quiet.err) == (0, "", "")

    def test_the_command_in_the_hint_compares(self, project: Project, outside: Path) -> None:
        path = os.path.relpath(outside, project.root)
        command = ("generate", "--check", path, "--name", "ferry")
        project.run("generate", str(outside), "--name", "ferry")
        assert project.run(*command).code == 0
        outside.write_text(CONTRACT.replace("number", "integer"))
        assert project.run(*command).code == 1

    def test_a_manifest_names_nothing_to_be_read(self, project: Project, outside: Path) -> None:
        project.run("generate", str(outside), "--name", "ferry")
        outside.write_text("a secret: [")
        assert "secret" not in project.run("generate").err

    def test_the_package_of_another_contract_stays(self, project: Project, outside: Path) -> None:
        project.run("generate")
        before = project.files
        other = outside.parent.with_name("harbour") / "openapi.yaml"
        outside.parent.rename(other.parent)
        other.write_text(CONTRACT.replace("number", "integer"))
        for command in ("generate", "validate"):
            done = project.run(command, str(other))
            assert done.code == 1
            message = "the package harbour is that of specs/harbour/openapi.yaml"
            assert message in done.out + done.err
        assert project.files == before

    def test_another_name_has_a_lock_of_its_own(self, project: Project, outside: Path) -> None:
        project.run("generate")
        lock = project.root / "specs/harbour/names.lock"
        before = lock.read_text()
        other = outside.parent.with_name("harbour") / "openapi.yaml"
        outside.parent.rename(other.parent)
        other.write_text(CONTRACT.replace("listTides", "findTides"))
        assert project.run("generate", str(other), "--name", "ferry").code == 0
        assert lock.read_text() == before
        assert (project.root / "specs/ferry/names.lock").is_file()


class TestElsewhereInTheProject:
    def test_all_means_what_has_a_package_too(self, project: Project) -> None:
        file = project.write("api/ferry.yaml", CONTRACT)
        project.run("generate", "api/ferry.yaml")
        project.run("generate")
        assert project.run("generate", "--check").code == 0
        file.write_text(CONTRACT.replace("number", "integer"))
        done = project.run("generate", "--check")
        assert done.code == 1
        assert "ferry: " in done.out
        assert "the contract changed (api/ferry.yaml)" in done.out

    def test_a_contract_that_is_gone_is_named(self, project: Project) -> None:
        project.write("api/ferry.yaml", CONTRACT)
        project.run("generate", "api/ferry.yaml")
        project.run("generate")
        (project.root / "api/ferry.yaml").unlink()
        done = project.run("generate", "--check", "--quiet")
        assert done.code == 1
        assert "generated/ferry was generated from api/ferry.yaml, which is gone" in done.err

    def test_another_name_is_told_with_its_setting(self, project: Project) -> None:
        project.run("generate", "harbour", "--name", "port")
        project.run("generate")
        done = project.run("generate", "--check", "--quiet")
        assert done.code == 1
        assert "generated from specs/harbour/openapi.yaml, whose package is harbour" in done.err
        assert 'names = {harbour = "port"}' in done.err
