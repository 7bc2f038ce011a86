"""Wrong use, interruptions and missing extras: an exit code and a sentence, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text
from typer.main import get_group

from bothends.cli.app import app
from bothends.cli.extras import describe_missing_extra

from .conftest import Project

COMMANDS = ("validate", "generate", "ir", "claims", "rules")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["validate", "--nonsense"], "--nonsense"),
        (["validate", "--format", "xml"], "xml"),
        (["validate", "harbor"], "did you mean `harbour`?"),
        (["generate", "missing/openapi.yaml"], "there is no contract missing/openapi.yaml"),
        (["ir"], "SPEC"),
        (["ir", "harbor"], "did you mean `harbour`?"),
        (["claims", "specs"], "the folder specs has no openapi.yaml"),
        (["validate", " "], "no contract is named: the argument is blank"),
        (["prove", "--merge", "specs"], "specs: is a directory"),
        (["prove", "--default", "--remember"], "--default and --remember name two stand-ins"),
        (["diff"], "name two contracts, or run it in a git repository"),
        (
            ["diff", "--ignore", "gone.toml", "specs/harbour", "specs/harbour"],
            "gone.toml cannot be read: no such file or directory",
        ),
    ],
)
def test_wrong_use_is_told_on_stderr(project: Project, arguments: list[str], said: str) -> None:
    done = project.spawn(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_folder_of_schemas_is_no_contract(project: Project) -> None:
    project.run("init", "quay")
    done = project.run("validate", "nothing")
    assert "there are: harbour, quay" in done.err


def test_file_in_the_way_of_a_recording(project: Project) -> None:
    project.run("generate")
    project.write("exchanges", "mine")
    target = ("--url", "http://127.0.0.1:9", "--to", "exchanges", "--port", "0")
    done = project.run("record", "harbour", *target)
    assert done.code == 2
    assert "cannot write to exchanges: file exists" in done.err
    assert "--to takes a folder" in done.err


@pytest.mark.parametrize("url", ["http://[bad", "http://[::::]/", "http://a:99999/", "ftp://a/"])
def test_address_of_a_server_that_is_none(project: Project, url: str) -> None:
    project.run("generate")
    for words in (("record", "harbour", "--to", "exchanges"), ("prove", "harbour")):
        done = project.run(*words, "--url", url)
        assert done.code == 2
        assert url in done.err


def test_a_wrong_setting(project: Project) -> None:
    project.write("pyproject.toml", "[tool.bothends]\nspecz = 'x'\n")
    done = project.run("validate")
    assert (done.code, done.out) == (2, "")
    assert "pyproject.toml:2:1" in done.err
    assert "did you mean `specs`?" in done.err


def test_without_a_command_the_help_is_shown(project: Project) -> None:
    done = project.run()
    assert done.code == 2
    assert all(command in done.out + done.err for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_help_has_an_example(project: Project, command: str) -> None:
    done = project.run(command, "--help")
    assert done.code == 0
    assert "Example" in done.out
    assert f"bothends {command}" in done.out.partition("Example")[2]


@pytest.mark.parametrize("command", ["", "init", "serve", "prove", "generate"])
def test_help_has_no_types_of_python(project: Project, command: str) -> None:
    text = project.run(*command.split(), "--help").out
    assert not {"<bool>", "<str>", "<int>", "<list[str]>"} & set(text.split())


def test_help_of_options_is_shown_whole() -> None:
    """Brackets are markup there: `[[ignore]]` was shown as `[]`."""
    commands = get_group(app).commands.values()
    helps = [
        getattr(option, "help", None) or "" for command in commands for option in command.params
    ]
    assert len(helps) > 50
    assert [text for text in helps if Text.from_markup(text).plain != text] == []


def test_version(project: Project) -> None:
    assert project.run("--version").out.startswith("bothends ")


def test_output_that_nobody_reads_to_the_end(project: Project) -> None:
    shell = f"{sys.executable} -m bothends ir harbour | head -n 1"
    done = subprocess.run(
        ["sh", "-c", shell], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("Api\n", "")


@pytest.mark.parametrize(
    "command", ["rules", "ir harbour", "validate", "--version", "nonsense", ""]
)
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_output_that_is_closed(project: Project, command: str, closed: str) -> None:
    def shell(redirect: str) -> tuple[int, str]:
        line = f"{sys.executable} -m bothends {command} {redirect}"
        done = subprocess.run(
            ["sh", "-c", line], cwd=project.root, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    code, said = shell(closed)
    assert code == shell("")[0]
    assert "Traceback" not in said and "Exception" not in said


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="a disk that is always full is Linux's own"
)
@pytest.mark.parametrize("command", ["rules", "ir harbour", "--version", "rules --help"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_to_a_full_disk(project: Project, command: str, unbuffered: str) -> None:
    shell = f"{sys.executable} -m bothends {command} > /dev/full"
    done = subprocess.run(
        ["sh", "-c", shell],
        cwd=project.root,
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "the output cannot be written: no space is left for it\n",
    )


def test_a_terminal_that_knows_only_ascii(project: Project) -> None:
    contract = project.root / "specs/harbour/openapi.yaml"
    contract.write_text(
        contract.read_text().replace("type: number", "type: größe"), encoding="utf-8"
    )
    done = project.spawn("validate", PYTHONIOENCODING="ascii")
    assert done.code == 0
    assert "gr\\xf6\\xdfe" in done.out


def test_ctrl_c_while_working(project: Project) -> None:
    interrupting = f"""
import os, signal, sys
import bothends.pipeline
def interrupted(spec):
    os.kill(os.getpid(), {int(signal.SIGINT)})
    signal.pause()
bothends.pipeline.validate = interrupted
from bothends.cli import main
sys.exit(main(["validate"]))
"""
    done = project.spawn(python=("-c", interrupting))
    assert (done.code, done.out) == (130, "")
    assert "Traceback" not in done.err


WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
from bothends.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("typer", ["--help"]),
        ("rich", ["--help"]),
        ("yaml", ["validate"]),
        ("openapi_spec_validator", ["validate"]),
        ("jinja2", ["generate"]),
        ("datamodel_code_generator", ["generate"]),
        ("ruff", ["generate"]),
        ("watchfiles", ["generate", "--watch"]),
    ],
)
def test_a_missing_module_names_the_extra(
    project: Project, module: str, arguments: list[str]
) -> None:
    done = project.spawn(*arguments, python=("-c", WITHOUT.format(module=module)))
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == f"this command needs {module}, which is not installed: pip install 'bothends[generate]'\n"
    )


def test_missing_module_of_ours_is_raised() -> None:
    error = ModuleNotFoundError("No module named 'bothends.nonsense'", name="bothends.nonsense")
    with pytest.raises(ModuleNotFoundError):
        describe_missing_extra(error)


def test_a_subfolder_is_told_where_the_project_is(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "pyproject.toml").unlink(missing_ok=True)
    for folder, above in (("notes/old", "../.."), ("specs/harbour", "../..")):
        (project.root / folder).mkdir(parents=True, exist_ok=True)
        monkeypatch.chdir(project.root / folder)
        for arguments in (["validate"], ["generate", "harbour"]):
            done = project.run(*arguments)
            assert (done.code, done.out) == (2, "")
            assert f"there are contracts in {above}/specs: run it in {above}" in done.err
            assert "init" not in done.err
