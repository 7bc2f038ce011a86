from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from .conftest import CONTRACT, Project

PACKAGE = (
    "__init__.py",
    "client.py",
    "models.py",
    "operations.py",
    "server.py",
    "contract.json",
    "py.typed",
)


OVERLAY = """overlay: 1.0.0
info: {title: Wording, version: '1'}
actions:
  - target: $.paths['/harbours/{harbourId}/tides'].get.responses['200']
    update: {description: Tides of today.}
"""


def break_contract(project: Project) -> None:
    project.write(
        "specs/harbour/openapi.yaml",
        CONTRACT.replace("summary: List the tides predicted for one harbour.", "security: 5"),
    )


class TestWriting:
    def test_summary_counts_values_typed_any(self, project: Project) -> None:
        condition = "{if: {type: string}, then: {maxLength: 3}, else: {type: integer}}"
        text = CONTRACT + f"        note: {condition}\n        wind: {condition}\n"
        project.write("specs/harbour/openapi.yaml", text)
        done = project.run("generate")
        assert done.code == 0
        assert done.out.splitlines()[-1] == "harbour: 2 values typed Any, listed in coverage.json"

    def test_generate_writes_package_and_summary(self, project: Project) -> None:
        done = project.run("generate")
        assert (done.code, done.err) == (0, "")
        head, row = done.out.splitlines()
        assert head.split() == ["package", "operations", "models", "files", "refusals"]
        assert row.split()[:3] == ["harbour", "1", "1"]
        assert set(PACKAGE) <= {
            file.name for file in (project.root / "generated/harbour").iterdir()
        }
        assert (project.root / "specs/harbour/names.lock").is_file()

    def test_a_second_run_changes_nothing(self, project: Project) -> None:
        project.run("generate")
        before = project.files
        done = project.run("generate")
        assert (done.code, project.files) == (0, before)
        assert "unchanged" in done.out
        assert "written" not in done.out

    def test_broken_contract_leaves_disk_unchanged(self, project: Project) -> None:
        project.run("generate")
        project.write("specs/anchor/openapi.yaml", CONTRACT.replace("Harbour", "Anchor"))
        break_contract(project)
        before = project.files
        done = project.run("generate")
        assert (done.code, done.out, project.files) == (1, "", before)
        assert "specs/harbour/openapi.yaml:" in done.err
        assert done.err.endswith("nothing was written\n")

    def test_new_faulty_operation_is_refused_alone(self, project: Project) -> None:
        break_contract(project)
        done = project.run("generate")
        assert done.code == 0
        assert "warning[refused-illegal-openapi] GET /harbours/{harbourId}/tides" in done.err
        assert "list_tides" not in (project.root / "generated/harbour/client.py").read_text()
        assert project.run("generate", "--strict").code == 1
        assert project.run("validate").code == 1

    def test_a_wrong_example_stops_nothing_but_validate(self, project: Project) -> None:
        text = CONTRACT.replace("type: number}", "type: number, example: low}")
        project.write("specs/harbour/openapi.yaml", text)
        assert "error[example-invalid]" in project.run("validate").out
        assert project.run("validate").code == 1
        done = project.run("generate")
        assert done.code == 0
        assert "warning[example-invalid]" in done.err
        assert project.run("generate", "--strict").code == 1

    def test_unsupported_feature_is_refused_alone(self, project: Project) -> None:
        start, end = CONTRACT.index("    get:"), CONTRACT.index("components:")
        text = CONTRACT[:start] + "    $ref: 'numbers.yaml#/None'\n" + CONTRACT[end:]
        project.write("specs/harbour/openapi.yaml", text)
        done = project.run("generate")
        assert done.code == 0
        assert (
            "warning[refused-external-reference] /harbours/{harbourId}/tides: specs/harbour/numbers.yaml:1:1: There is no such file"
            in done.err
        )
        assert "hint: Correct the reference. Or bundle the contract" in done.err
        assert "list_tides" not in (project.root / "generated/harbour/client.py").read_text()
        assert project.run("generate", "--strict").code == 1

    @pytest.mark.parametrize("before", [True, False], ids=["generated before", "never generated"])
    def test_undeclared_security_scheme_is_left_out_and_said(
        self, project: Project, *, before: bool
    ) -> None:
        schemes = "components:\n  securitySchemes:\n    token: {type: http, scheme: bearer}\n"
        if before:
            project.run("generate")

        project.write(
            "specs/harbour/openapi.yaml",
            CONTRACT.replace("components:\n", schemes) + "security: [{tokn: []}]\n",
        )

        for command in ("validate", "generate"):
            assert project.run(command, "--strict").code == 1
            done = project.run(command)
            assert done.code == 0
            assert (
                'warning[repaired-security-scheme] There is no security scheme "tokn"'
                in done.out + done.err
            )
            assert "hint: Did you mean token?" in done.out + done.err

        again = project.run("generate")
        assert "harbour: 1 place repaired or left out, listed in coverage.json" in again.out

    def test_notes_are_for_validate(self, project: Project) -> None:
        body = "requestBody: {content: {application/json: {schema: {type: string}}}}"
        text = CONTRACT.replace("    get:\n", "    post:\n").replace(
            "      parameters:\n", f"      {body}\n      parameters:\n"
        )
        project.write("specs/harbour/openapi.yaml", text)
        assert "info[invalid-request-undocumented]" in project.run("validate").out

        for _ in range(2):
            done = project.run("generate")
            assert (done.code, done.err) == (0, "")

    def test_foreign_file_is_never_touched(self, project: Project) -> None:
        project.write("generated/harbour/client.py", "mine = True\n")
        before = project.files
        done = project.run("generate")
        assert (done.code, project.files) == (1, before)
        assert "generated/harbour/client.py" in done.err

    def test_edit_by_hand_warns_before_overwriting(self, project: Project) -> None:
        project.run("generate")
        before = project.files
        project.write("generated/harbour/client.py", "edited = True\n")
        done = project.run("generate")
        assert (done.code, project.files) == (0, before)
        assert "generated/harbour/client.py was edited by hand" in done.err

    def test_a_package_without_a_contract_is_told(self, project: Project) -> None:
        project.run("generate")
        (project.root / "specs/harbour").rename(project.root / "specs/haven")
        done = project.run("generate")
        assert "generated from specs/harbour/openapi.yaml, which is gone" in done.err
        assert project.run("generate", "--check").code == 1
        assert "generated/harbour" not in project.run("generate", "haven").err

    def test_the_folder_cannot_be_made(self, project: Project) -> None:
        project.write("generated", "a file where the folder should be")
        done = project.run("generate")
        assert (done.code, done.out) == (2, "")
        assert "cannot write to" in done.err
        assert "nothing was changed" in done.err

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_the_folder_is_not_writable(self, project: Project) -> None:
        project.write("generated/.keep", "").parent.chmod(0o500)
        done = project.run("generate")
        assert (done.code, done.out) == (2, "")
        assert "permission denied" in done.err


class TestCheck:
    def test_up_to_date_says_nothing(self, project: Project) -> None:
        project.run("generate")
        done = project.run("generate", "--check")
        assert (done.code, done.out, done.err) == (0, "", "")

    def test_check_shows_difference_and_writes_nothing(self, project: Project) -> None:
        project.run("generate")
        project.write(
            "specs/harbour/openapi.yaml", CONTRACT.replace("The tides.", "All of the tides.")
        )
        before = project.files
        done = project.run("generate", "--check", "--diff")
        assert (done.code, project.files) == (1, before)
        assert (
            "--- a/generated/harbour/client.py\n+++ b/generated/harbour/client.py\n@@" in done.out
        )
        assert "All of the tides" in done.out
        assert "harbour: " in done.out
        assert done.err.startswith("not up to date: run `bothends generate`")

    def test_check_says_why_packages_differ(self, project: Project) -> None:
        project.run("generate")
        project.write("specs/harbour/openapi.yaml", CONTRACT.replace("/tides:", "/waves:"))
        done = project.run("generate", "--check")
        assert "the contract changed (specs/harbour/openapi.yaml)" in done.out
        assert "  breaking: GET /harbours/{harbourId}/tides: the operation is gone\n" in done.out
        assert "@@" not in done.out

        project.write("specs/harbour/openapi.yaml", CONTRACT.replace("The tides.", "All tides."))
        done = project.run("generate", "--check")
        assert "descriptions, examples or names: requests and replies are the same" in done.out

        project.write("specs/harbour/openapi.yaml", CONTRACT)
        project.write("pyproject.toml", '[tool.bothends]\nlayout = "tags"\n')
        assert "the settings or names.lock changed" in project.run("generate", "--check").out

        project.write("pyproject.toml", "[tool.bothends]\n")
        manifest = project.root / "generated/harbour/manifest.json"
        client = project.root / "generated/harbour/client.py"
        text = client.read_text("utf-8")
        client.write_text(f"{text}# older\n", "utf-8")
        assert "files were edited by hand" in project.run("generate", "--check").out

        was, now = (sha256(each.encode()).hexdigest() for each in (text, f"{text}# older\n"))
        manifest.write_text(manifest.read_text("utf-8").replace(was, now), "utf-8")
        done = project.run("generate", "--check")
        assert "bothends is another version" in done.out

    def test_diff_needs_check(self, project: Project) -> None:
        done = project.run("generate", "--diff")
        assert (done.code, done.out) == (2, "")

    def test_diff_shows_what_was_never_generated(self, project: Project) -> None:
        done = project.run("generate", "--check", "--diff")
        assert done.code == 1
        assert "harbour: " in done.out
        assert "it was never generated" in done.out
        assert "--- (no file)\n+++ b/generated/harbour/client.py\n" in done.out
        assert not (project.root / "generated").exists()

    def test_it_cannot_watch_too(self, project: Project) -> None:
        done = project.run("generate", "--check", "--watch")
        assert (done.code, done.out) == (2, "")
        assert "--watch" in done.err


class TestStrict:
    REFUSED = CONTRACT.replace("paths:\n", "paths:\n  /gone: {$ref: 'gone.yaml'}\n")

    def contract_with_a_refusal(self, project: Project) -> None:
        project.write("specs/harbour/openapi.yaml", self.REFUSED)

    def test_refusal_is_warning_with_location(self, project: Project) -> None:
        self.contract_with_a_refusal(project)
        done = project.run("generate")
        assert done.code == 0
        assert "specs/harbour/openapi.yaml:" in done.err
        assert "warning[refused-" in done.err

    @pytest.mark.parametrize("how", ["flag", "setting"])
    def test_strict_makes_it_fail(self, project: Project, how: str) -> None:
        self.contract_with_a_refusal(project)
        if how == "setting":
            project.write("pyproject.toml", "[tool.bothends]\nstrict = true\n")
        done = project.run("generate", *(["--strict"] if how == "flag" else []))
        assert (done.code, done.out) == (1, "")
        assert not (project.root / "generated").exists()


class TestWhy:
    """What `--check` says of the cause."""

    def test_kept_contract_with_merge_marks_is_an_edit(self, project: Project) -> None:
        assert project.run("generate").code == 0
        kept = project.root / "generated/harbour/contract.json"
        kept.write_text("<<<<<<< ours\n" + kept.read_text("utf-8"), encoding="utf-8")
        done = project.run("generate", "--check")
        assert (done.code, "harbour: 1 changed; files were edited by hand" in done.out) == (1, True)

    def test_missing_files_were_generated_before(self, project: Project) -> None:
        assert project.run("generate").code == 0
        (project.root / "generated/harbour/client.py").unlink()
        done = project.run("generate", "--check")
        assert "harbour: 1 created; files are missing" in done.out


class TestWatch:
    def test_it_follows_the_contract_until_interrupted(self, project: Project) -> None:
        client = project.root / "generated/quay/client.py"
        log = project.root / "log"
        with log.open("w") as out:
            running = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "bothends",
                    "generate",
                    "--watch",
                    "harbour",
                    "--name",
                    "quay",
                ],
                cwd=project.root,
                stdout=out,
                stderr=out,
            )

        try:
            wait_for(log, "watching specs/harbour")
            break_contract(project)
            wait_for(log, "nothing was written")
            project.write(
                "specs/harbour/openapi.yaml", CONTRACT.replace("The tides.", "All of the tides.")
            )
            wait_for(client, "All of the tides")
            wait_for(log, "requests and replies are the same")
            narrower = CONTRACT.replace("items: {type: number}", "items: {type: integer}")
            project.write("specs/harbour/openapi.yaml", narrower)
            change = "compatible: GET /harbours/{harbourId}/tides: reply 200 at `heights[]`"
            wait_for(log, f"quay: {change}")
            wait_for(log, f"  {change}")
            text = log.read_text()
            assert text.index(f"quay: {change}") < text.index(f"  {change}")
            project.write("specs/harbour/overlay.yaml", OVERLAY)
            wait_for(client, "Tides of today")
            (project.root / "specs/harbour/overlay.yaml").unlink()
            referring = narrower.replace("The tides.", "{$ref: words.md}")
            project.write("specs/harbour/words.md", "What the sea does.")
            project.write("specs/harbour/openapi.yaml", referring)
            wait_for(client, "What the sea does")
            project.write("specs/harbour/words.md", "What the moon does.")
            wait_for(client, "What the moon does")
            linked = narrower.replace("The tides.", "{$ref: later/words.md}")
            project.write("specs/harbour/openapi.yaml", linked)
            wait_for(log, "later/words.md")
            project.write("specs/harbour/later/words.md", "What the wind does.")
            wait_for(client, "What the wind does")
            wait_for(log, "watching specs/harbour, specs/harbour/later")
            project.write("specs/harbour/later/words.md", "What the rain does.")
            wait_for(client, "What the rain does")
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=20) == 130
        finally:
            running.kill()
            running.wait()

        assert "Traceback" not in log.read_text()


def wait_for(file: Path, text: str) -> None:
    deadline = time.monotonic() + 300
    while not (file.exists() and text in file.read_text()):
        assert time.monotonic() < deadline, (
            f"{text!r} never came; {file} has: {file.read_text() if file.exists() else None}"
        )
        time.sleep(0.05)
