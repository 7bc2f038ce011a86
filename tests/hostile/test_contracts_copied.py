"""`init --from` copies the files of a contract into a project, and nothing that somebody would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.cli import main

from .test_files import SECRET

CONTRACT = """\
openapi: 3.1.0
info: {title: Pier, version: '1', description: {$ref: NAMED}}
servers: [{url: 'https://a.example'}]
paths:
  /a:
    get:
      operationId: getA
      responses: {'200': {description: All is well.}}
"""


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").touch()
    folder = tmp_path / "downloads"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    return folder


def begin(downloads: Path, text: str | bytes, name: str = "api.yaml") -> int:
    file = downloads / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return main(["init", "pier", "--from", f"downloads/{name}"])


def created(downloads: Path) -> set[str]:
    specs = downloads.parent / "specs"
    return {file.relative_to(specs).as_posix() for file in specs.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "name",
    [
        "stand_in.py",
        "conftest.py",
        "parts/__init__.py",
        "names.lock",
        "overlay.yaml",
        "claims.yaml",
        ".git/config",
        ".hidden.yaml",
        "Makefile",
        "a.sh",
    ],
)
def test_what_is_no_part_of_a_contract_stays(
    downloads: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    planted = downloads / name
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text("raise SystemExit(1)\n")
    assert begin(downloads, CONTRACT.replace("NAMED", name)) == 2
    assert f"refers to {name}, which is not copied" in capsys.readouterr().err
    assert created(downloads) == set()


@pytest.mark.parametrize("name", ["words.md", "parts/words.txt", "parts/more/words.yaml"])
def test_parts_of_a_contract_are_copied(downloads: Path, name: str) -> None:
    (downloads / name).parent.mkdir(parents=True, exist_ok=True)
    (downloads / name).write_text("Tides.\n")
    assert begin(downloads, CONTRACT.replace("NAMED", name)) == 0
    assert {"pier/openapi.yaml", f"pier/{name}"} <= created(downloads)


@pytest.mark.parametrize(
    "name",
    ["../secret.md", "%2e%2e/secret.md", "/SECRET", "file:///SECRET", "https://a.example/x.md"],
)
def test_nothing_from_outside_is_copied(
    downloads: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    secret = downloads.parent / "secret.md"
    secret.write_text(SECRET)
    begin(downloads, CONTRACT.replace("NAMED", name.replace("/SECRET", secret.as_posix())))
    files = (downloads.parent / "specs").rglob("*.*")
    assert not any(SECRET in file.read_text() for file in files if file.is_file())
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err


def test_a_link_out_of_the_project_is_not_copied(
    downloads: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.md"
    secret.write_text(SECRET)
    (downloads / "words.md").symlink_to(secret)
    begin(downloads, CONTRACT.replace("NAMED", "words.md"))
    files = (downloads.parent / "specs").rglob("*.*")
    assert not any(SECRET in file.read_text() for file in files if file.is_file())
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err


BOMBS: dict[str, str | bytes] = {
    "empty": "",
    "zeros": b"\0" * 1_000,
    "not utf-8": b"openapi: \xff\xfe",
    "surrogate": "openapi: 3.1.0\ninfo: {title: '\ud800'}\n",
    "deep": "openapi: " + "[" * 100_000,
    "aliases": "openapi: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20_000)),
    "merge": "openapi: 3.1.0\nx: &x {a: 1}\npaths: {<<: *x}\n",
    "tag": "openapi: !!python/object/apply:os.system ['true']\n",
    "paths of another kind": "openapi: 3.1.0\npaths: 7\n",
    "a version": "openapi: " + "9" * 5_000 + "\n",
    "title": "openapi: 3.1.0\ninfo: {title: " + "a" * 900_000 + ", version: '1'}\npaths: {}\n",
    "controls": 'openapi: 3.1.0\ninfo: {title: "\\u001b[31m\\u202e\\0", version: "1"}\npaths: {}\n',
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_a_hostile_contract_is_told(
    downloads: Path, capsys: pytest.CaptureFixture[str], name: str, suffix: str
) -> None:
    code = begin(downloads, BOMBS[name], f"api.{suffix}")
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert code in (0, 1, 2), text
    assert "Traceback" not in text
    assert len(text) < 20_000
    assert not {character for character in text if character < " "} - {"\n"}
    assert "\u202e" not in text
