"""Files beside a contract that are no files of the project: each is a finding, at once, and nothing of them is printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bothends.cli import main
from bothends.small_file import NotReadable, TooLarge, read_small

CONTRACT = """\
openapi: 3.1.0
info: {title: Harbour, version: '1'}
paths:
  /tides: {get: {operationId: listTides, responses: {'204': {description: None.}}}}
"""
SECRET = "root:s3cr3t:0:0"
BESIDE = (
    "pyproject.toml",
    "specs/harbour/openapi.yaml",
    "specs/harbour/names.lock",
    "specs/harbour/claims.yaml",
    "specs/harbour/stand_in.py",
    "generated/harbour/manifest.json",
    "generated/harbour/client.py",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    (root / "specs/harbour").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.bothends]\n")
    (root / "specs/harbour/openapi.yaml").write_text(CONTRACT)
    monkeypatch.chdir(root)
    assert main(["generate"]) == 0
    return root


def plant(file: Path, kind: str) -> None:
    file.unlink(missing_ok=True)
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "endless":
        file.symlink_to("/dev/zero")
    elif kind == "circle":
        file.symlink_to(file)
    else:
        outside = (
            next(folder for folder in file.parents if folder.name == "project").parent / "passwd"
        )
        outside.write_text(f"{SECRET}\n")
        file.symlink_to(outside)


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("kind", ["fifo", "folder", "endless", "circle", "outside"])
def test_what_is_no_file_of_the_project_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    plant(project / name, kind)
    for command in (["generate"], ["validate"]) if name.startswith("specs") else (["generate"],):
        capsys.readouterr()
        code = main(command)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert SECRET not in out + err
        # A manifest that is no file is written anew; of settings, those of a parent folder count.
        if name.endswith(("yaml", "lock", ".py")):
            assert code in (1, 2), (command, out + err)
            assert err or out


def test_a_link_named_by_hand_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant(project / "specs/harbour/openapi.yaml", "outside")
    assert main(["validate", "specs/harbour/openapi.yaml"]) == 2
    assert SECRET not in "".join(capsys.readouterr())


def test_links_inside_of_the_project_are_read(project: Path) -> None:
    shared = project / "shared.yaml"
    shared.write_text(CONTRACT)
    contract = project / "specs/harbour/openapi.yaml"
    contract.unlink()
    contract.symlink_to(shared)
    assert main(["generate"]) == 0


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "1" * 5000,
        "a = 0x" + "f" * 50_000,
        '[tool.bothends]\nspecs = "a\\u0000b"',
        '[tool.bothends]\nignore = "\\u0000"',
        "\ufffe",
        "[tool]\nbothends = 3",
    ],
)
def test_settings_of_any_text_are_misuse(
    project: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (project / "pyproject.toml").write_text(text)
    assert main(["generate"]) in (0, 2)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert len(out + err) < 5_000


@pytest.mark.parametrize("name", ["names.lock", "claims.yaml", "stand_in.py"])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"names": ' * 50_000,
        "1" * 10_000,
        '{"names": {"a": ' + "9" * 5000 + "}}",
        "\0",
        "(" * 9_000,
    ],
)
def test_small_files_of_any_text_are_findings(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    (project / "specs/harbour" / name).write_text(text)
    assert main(["generate"]) in (0, 1, 2)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert len(out + err) < 20_000


@pytest.mark.parametrize("text", ["[" * 100_000, "null", '{"files": {"a": ' + "9" * 5000 + "}}"])
def test_a_manifest_of_any_text_is_read(project: Path, text: str) -> None:
    (project / "generated/harbour/manifest.json").write_text(text)
    assert main(["generate", "--check"]) == 1


def test_a_file_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x" * 11)
    assert read_small(file, 11) == b"x" * 11
    with pytest.raises(TooLarge):
        read_small(file, 10)
    with pytest.raises(NotReadable):
        read_small(Path("a\0b"))
    with pytest.raises(FileNotFoundError):
        read_small(tmp_path / "missing")
