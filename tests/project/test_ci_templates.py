"""The hook file, the action and the template that other projects include: what each runs, run here.

The CI systems themselves cannot be reached. What they would run is: each step's script, with the
variables that the system would set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

CONTRACT = """openapi: 3.1.0
info: {title: Tides, version: '1'}
servers: [{url: 'https://tides.example'}]
paths:
  /tides:
    get:
      operationId: tides
      parameters: [{name: day, in: query, schema: {type: string, maxLength: 9}}]
      responses: {'204': {description: None.}}
"""
NARROWER = CONTRACT.replace("maxLength: 9", "maxLength: 5")


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a repository of git, generated and committed; its contract lies below it."""
    folder = tmp_path_factory.mktemp("committed")
    contract = folder / "specs" / "tides" / "openapi.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text(CONTRACT, "utf-8")
    (folder / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")

    script = "bothends generate && git init --quiet && git add . && git commit --quiet -m tides"
    run(folder, script)
    return folder


@pytest.fixture
def project(committed: Path, tmp_path: Path) -> Path:
    """A copy of the project, for one test."""
    folder = tmp_path / "project"
    shutil.copytree(committed, folder)
    return folder


def run(folder: Path, script: str, *, fails: bool = False, **variables: str) -> str:
    """Run a script as a CI system does: bash that stops at the first failure. Returns what it printed."""
    programs = str(Path(sys.executable).parent)
    names = {
        f"GIT_{who}_{what}": "a@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = os.environ | names | variables | {"PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def narrow(project: Path) -> None:
    """Change the contract so that it breaks callers, and regenerate."""
    (project / "specs" / "tides" / "openapi.yaml").write_text(NARROWER, "utf-8")
    run(project, "bothends generate")


def read(repository: Path, path: str) -> Any:
    return yaml.safe_load((repository / path).read_text("utf-8"))


class TestHooks:
    @pytest.fixture
    def hooks(self, repository: Path) -> dict[str, dict[str, Any]]:
        return {hook["id"]: hook for hook in read(repository, ".pre-commit-hooks.yaml")}

    def test_every_hook_passes_on_committed_project(
        self, hooks: dict[str, dict[str, Any]], project: Path
    ) -> None:
        assert len(hooks) == 3
        for hook in hooks.values():
            assert hook["pass_filenames"] is False
            run(project, hook["entry"])

    def test_breaking_change_fails_its_hooks(
        self, hooks: dict[str, dict[str, Any]], project: Path
    ) -> None:
        (project / "specs" / "tides" / "openapi.yaml").write_text(NARROWER, "utf-8")
        run(project, hooks["bothends-validate"]["entry"])
        run(project, hooks["bothends-generate-check"]["entry"], fails=True)
        assert "breaking" in run(project, hooks["bothends-diff"]["entry"], fails=True)


class TestAction:
    @pytest.fixture
    def action(self, repository: Path) -> dict[str, Any]:
        content: dict[str, Any] = read(repository, ".github/actions/contracts/action.yml")
        return content

    def run_steps(
        self, action: dict[str, Any], project: Path, *, fails: bool = False, **inputs: str
    ) -> str:
        """Run all steps but the installing one in order, as the runner does; the last one may fail."""
        summary = project / "summary.md"
        given = {name: str(about["default"]) for name, about in action["inputs"].items()} | inputs
        steps = action["runs"]["steps"][1:]
        for step in steps:
            variables = {
                name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
                for name, value in step.get("env", {}).items()
            }
            fails_here = fails and step is steps[-1]
            run(
                project,
                step["run"],
                fails=fails_here,
                GITHUB_STEP_SUMMARY=str(summary),
                **variables,
            )
        return summary.read_text("utf-8")

    def test_unchanged_project_passes_every_step(
        self, action: dict[str, Any], project: Path
    ) -> None:
        assert "allows what it allowed" in self.run_steps(
            action, project, base="HEAD", strict="false"
        )

    def test_breaking_change_fails_and_is_summarised(
        self, action: dict[str, Any], project: Path
    ) -> None:
        narrow(project)
        assert "**breaking**" in self.run_steps(action, project, fails=True, base="HEAD")
        assert "**breaking**" in self.run_steps(action, project, base="HEAD", breaking="tell")

    def test_unknown_base_fails_whatever_breaking_says(
        self, action: dict[str, Any], project: Path
    ) -> None:
        self.run_steps(action, project, fails=True, base="deadbeef", breaking="tell")

    def test_every_variable_is_an_input(self, action: dict[str, Any]) -> None:
        for step in action["runs"]["steps"]:
            assert "${{" not in step["run"], "text of a pull request must never become a script"
            for value in step.get("env", {}).values():
                assert value.removeprefix("${{ inputs.").removesuffix(" }}") in action["inputs"]


class TestGitLab:
    def run_job(
        self, repository: Path, project: Path, *, fails: bool = False, **variables: str
    ) -> str:
        template = read(repository, ".gitlab/contracts.gitlab-ci.yml")
        job = template["bothends:contracts"]
        given = template["variables"] | {"BOTHENDS_INSTALL": ""} | variables
        script = "\n".join([*job["before_script"], *job["script"]])
        return run(project, script, fails=fails, **given)

    def test_unchanged_project_passes_the_job(self, repository: Path, project: Path) -> None:
        self.run_job(repository, project, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD")
        assert (project / "bothends-validate.xml").read_text("utf-8").startswith("<?xml")
        assert "allows what it allowed" in (project / "bothends-diff.md").read_text("utf-8")

    def test_breaking_change_fails_the_job(self, repository: Path, project: Path) -> None:
        narrow(project)
        self.run_job(repository, project, fails=True, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD")
        assert "**breaking**" in (project / "bothends-diff.md").read_text("utf-8")
        self.run_job(
            repository, project, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD", BOTHENDS_BREAKING="tell"
        )

    def test_unknown_base_fails_the_job(self, repository: Path, project: Path) -> None:
        base = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "deadbeef", "BOTHENDS_BREAKING": "tell"}
        self.run_job(repository, project, fails=True, **base)

    def test_job_runs_once_for_merge_requests(self, repository: Path) -> None:
        # A job without rules runs for branches and tags only: the base would never be known.
        template = read(repository, ".gitlab/contracts.gitlab-ci.yml")
        request, repeated, others = template["bothends:contracts"]["rules"]
        assert request == {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}
        assert repeated["when"] == "never"
        assert "$CI_OPEN_MERGE_REQUESTS" in repeated["if"]
        assert "$CI_COMMIT_BRANCH" in others["if"]

    def test_branch_without_base_is_not_compared(self, repository: Path, project: Path) -> None:
        narrow(project)
        self.run_job(repository, project)
        assert not (project / "bothends-diff.md").exists()
