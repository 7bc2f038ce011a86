"""`bothends diff` on the command line: files, revisions of git, formats, exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bothends.cli.app import run
from tests.junit_schema import junit_faults

CONTRACT = """openapi: 3.1.0
info: {title: Tides, version: '1'}
paths:
  /tides:
    get:
      operationId: tides
      parameters: [{name: day, in: query, schema: {type: string, maxLength: 9}}]
      responses: {'204': {description: None.}}
"""
NARROWER = CONTRACT.replace("maxLength: 9", "maxLength: 5")
WIDER = CONTRACT.replace("maxLength: 9", "maxLength: 12")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository of git whose contract is committed, and the folder it is run in."""

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(
            ["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True
        )

    contract = tmp_path / "specs" / "tides" / "openapi.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text(CONTRACT, "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "tides: first")

    monkeypatch.chdir(tmp_path)
    return contract


def test_working_tree_is_compared_with_commit(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff"]) == 0
    repository.write_text(NARROWER, "utf-8")
    assert run(["diff"]) == 1

    text = capsys.readouterr().out
    assert "`maxLength` was 9, is 5 characters at most" in text
    assert "specs/tides/openapi.yaml:7:" in text
    assert 'for example: GET /tides, query parameter `day`: "' in text
    assert text.endswith("1 breaking; the next version is a major one\n")


def test_branch_is_compared_with_its_base(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write_text(NARROWER, "utf-8")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    commit = ["git", *identity, "commit", "--quiet", "--all", "--message", "tides: shorter days"]
    subprocess.run(commit, cwd=repository.parent, check=True, capture_output=True)
    assert run(["diff"]) == 0
    assert run(["diff", "--base", "HEAD~1"]) == 1
    assert "`maxLength` was 9" in capsys.readouterr().out

    assert run(["diff", "--base", "nowhere"]) == 2
    assert "git knows no commit nowhere" in capsys.readouterr().err
    assert run(["diff", "--base", "HEAD", "tides"]) == 2
    assert "git:HEAD:tides" in capsys.readouterr().err


def test_compatible_change_does_not_fail(repository: Path) -> None:
    repository.write_text(WIDER, "utf-8")
    assert run(["diff", "git:HEAD:specs/tides", "tides"]) == 0
    assert run(["diff", "tides", "git:HEAD:specs/tides/openapi.yaml"]) == 1


@pytest.mark.parametrize("format_", ["json", "markdown", "github", "sarif", "junit"])
def test_every_format_names_the_change(
    repository: Path, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write_text(NARROWER, "utf-8")
    assert run(["diff", "--format", format_]) == 1
    text = capsys.readouterr().out
    assert "request-narrowed" in text or format_ == "markdown"
    assert "maxLength" in text
    if format_ == "json":
        assert json.loads(text)["version"] == "major"
    if format_ == "junit":
        assert junit_faults(text) == []


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("git:HEAD", "is not of the form git:REF:path"),
        ("git:nowhere:specs/tides", "git says:"),
        ("git:HEAD:specs/none", "git says:"),
        ("git:--output=x:specs/tides", "is not of the form git:REF:path"),
        ("none.yaml", "there is no contract none.yaml"),
    ],
)
def test_wrong_argument_is_misuse(
    repository: Path, argument: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", argument]) == 2
    assert message in capsys.readouterr().err


def test_agreed_change_does_not_fail(
    repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    repository.write_text(NARROWER, "utf-8")
    entry = '[[ignore]]\ncode = "diff-request-narrowed"\npointer = "/paths"\nreason = "Agreed."\n'
    agreed = tmp_path / "agreed.toml"
    agreed.write_text(entry, "utf-8")
    assert run(["diff", "--ignore", "agreed.toml"]) == 0
    assert "breaking" not in capsys.readouterr().out

    repository.write_text(CONTRACT, "utf-8")
    assert run(["diff", "--ignore", "agreed.toml"]) == 0
    assert "agreed.toml:1:1: warning[ignore-stale]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        ("[[ignore]]\ncode = 'diff-request-narrowed'\n", "has no `reason`"),
        ("[[ignored]]\n", "there is no `ignored`"),
        ("ignore", "cannot be read"),
    ],
)
def test_ignore_file_that_says_nothing_is_refused(
    repository: Path, capsys: pytest.CaptureFixture[str], content: str, fragment: str
) -> None:
    Path("agreed.toml").write_text(content, "utf-8")
    assert run(["diff", "--ignore", "agreed.toml"]) == 2
    assert fragment in capsys.readouterr().err


def test_files_are_compared_outside_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(CONTRACT, "utf-8")
    Path("new.yaml").write_text(WIDER, "utf-8")
    assert run(["diff", "old.yaml", "new.yaml"]) == 0


def test_repository_without_commits_says_what_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = tmp_path / "specs" / "tides" / "openapi.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text(CONTRACT, "utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    assert run(["diff"]) == 0
    assert "nothing is committed yet: every contract is new" in capsys.readouterr().err
    assert run(["diff", "--base", "HEAD~1"]) == 2


def test_contract_that_is_gone_breaks(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = repository.parent.with_name("piers") / "openapi.yaml"
    other.parent.mkdir()
    other.write_text(CONTRACT, "utf-8")
    repository.unlink()
    assert run(["diff"]) == 1
    assert "tides: the contract is gone  [contract-gone]" in capsys.readouterr().out


def test_contract_in_another_format_is_compared(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write_text(NARROWER, "utf-8")
    repository.rename(repository.with_suffix(".yml"))
    assert run(["diff"]) == 1
    text = capsys.readouterr().out
    assert "specs/tides/openapi.yaml:7:51 → specs/tides/openapi.yml:7:51" in text


@pytest.mark.parametrize("format_", ["github", "sarif", "junit"])
def test_stale_entry_is_in_reports_for_programs(
    repository: Path, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = '[[ignore]]\ncode = "diff-{}"\npath = "specs/tides/*"\nreason = "Agreed."\n'
    text = "".join(map(entry.format, ("operation-gone", "python-method-gone", "server-gone")))
    Path("agreed.toml").write_text(text, "utf-8")
    repository.write_text(CONTRACT.replace("get:", "put:").replace("tides\n", "tell\n"), "utf-8")
    assert run(["diff", "--ignore", "agreed.toml", "--format", format_]) == 0
    streams = capsys.readouterr()
    assert "`ignore` of diff-server-gone fits no finding any more" in streams.out
    assert "diff-operation-gone" not in streams.out
    assert streams.err == ""


CLAIMS = """documents: {guide: {title: Guide}}
claims:
  Z1: {statement: Days have nine characters., source: {document: guide}, kept: contract}
  Z2: {statement: There is no reply., source: {document: guide, section: A}, kept: contract}
  Z4: {statement: It is read., source: {document: guide, fingerprint: "1w:0123456789abcdef"}, kept: contract}
"""


def test_claims_whose_text_changed_are_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    changed = CLAIMS.replace("nine", "ten").replace("section: A", "section: B").replace("1w", "2w")
    texts = {"old": CLAIMS, "new": changed + CLAIMS.splitlines()[2].replace("Z1", "Z3") + "\n"}
    for side, text in texts.items():
        Path(side).mkdir()
        Path(side, "openapi.yaml").write_text(CONTRACT, "utf-8")
        Path(side, "claims.yaml").write_text(text, "utf-8")

    assert run(["diff", "old", "new"]) == 0
    assert capsys.readouterr().out == (
        "note on the wire:\n"
        "  claim Z1: it says: Days have ten characters. It said: Days have nine characters."
        "  [claim-changed]\n"
        "      old/claims.yaml:3:7 → new/claims.yaml:3:7\n"
        "  claim Z2: it is found in guide, B, and was in guide, A  [claim-moved]\n"
        "      old/claims.yaml:4:7 → new/claims.yaml:4:7\n"
        "  claim Z4: the passage that it rests on has other words  [claim-passage-changed]\n"
        "      old/claims.yaml:5:7 → new/claims.yaml:5:7\n"
        "  claim Z3: it is new, and says: Days have nine characters.  [claim-added]\n"
        "      new/claims.yaml:6:7\n\n"
        "4 note; the next version is a patch one\n"
    )
    assert run(["diff", "new", "old", "--format", "json"]) == 0
    assert '"claim-gone"' in capsys.readouterr().out


def test_equal_contracts_load_no_judge(tmp_path: Path) -> None:
    """Starting is most of what a comparison of small contracts takes."""
    (tmp_path / "old.yaml").write_text(CONTRACT, "utf-8")
    (tmp_path / "new.yaml").write_text(CONTRACT.replace("None.", "Nothing."), "utf-8")
    program = """if True:
        import sys
        from bothends.cli import main
        code = main(["diff", "old.yaml", "new.yaml"])
        judges = {"jinja2", "openapi_spec_validator", "bothends.runtime.models"}
        loaded = judges & sys.modules.keys()
        sys.exit(f"{code} {loaded}" if code or loaded else 0)
    """
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_comparison_shows_at_a_terminal_what_it_does(tmp_path: Path) -> None:
    for name, text in (("old", CONTRACT), ("new", NARROWER)):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "bothends", "diff", "old.yaml", "new.yaml"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
        check=False,
    )
    os.close(theirs)
    assert done.stdout.startswith(b"breaking on the wire:")
    assert b"comparing old.yaml with new.yaml" in os.read(ours, 4_096)
    os.close(ours)


def test_bounds_count_what_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.bothends.bounds]\noperations = 2\n", "utf-8")
    paths = [
        f"  /{name}: {{get: {{responses: {{'204': {{description: x}}}}}}}}\n" for name in "abc"
    ]
    text = CONTRACT + "".join(paths)
    for name, written in (("old", text), ("new", text.replace("9", "12")), ("other", CONTRACT)):
        (tmp_path / f"{name}.yaml").write_text(written, "utf-8")

    assert run(["diff", "old.yaml", "new.yaml"]) == 0
    assert run(["diff", "old.yaml", "other.yaml"]) == 1


def test_old_claims_that_are_wrong_hide_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    contracts = {"old": CONTRACT, "new": CONTRACT.replace("get:", "put:")}
    for side, text in contracts.items():
        Path(side).mkdir()
        Path(side, "openapi.yaml").write_text(text, "utf-8")
    Path("old", "claims.yaml").write_text(CLAIMS.replace("kept", "held"), "utf-8")
    Path("new", "claims.yaml").write_text(CLAIMS, "utf-8")

    assert run(["diff", "old", "new"]) == 1
    streams = capsys.readouterr()
    assert "old/claims.yaml:3:7: error[claims-shape]" in streams.err
    assert "the operation is gone" in streams.out
    assert "claim-added" not in streams.out

    assert run(["diff", "new", "old"]) == 1
    assert capsys.readouterr().out == ""
