"""What a flag names to be written: nothing there is waited for, and no link leads out of the project."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bothends.cli import main
from bothends.cli.report_file import is_replaceable, write_report

from .test_files import SECRET, plant, project

__all__ = ["project"]

URL = ("--url", "http://127.0.0.1:9", "--port=0")
COMMANDS = {
    "validate -o": ("validate", "harbour", "-o", "named"),
    "prove --json": ("prove", "harbour", "--max-examples=0", "--json", "named"),
    "prove --junit": ("prove", "harbour", "--max-examples=0", "--junit", "named"),
    "prove --html": ("prove", "harbour", "--max-examples=0", "--html", "named"),
    "generate --tests": ("generate", "harbour", "--tests", "named"),
    "record --to": ("record", "harbour", *URL, "--to", "named"),
}
IN_FOLDERS = ("generate --tests", "record --to")


@pytest.fixture(autouse=True)
def no_package_of_another_test() -> Iterator[None]:
    path = [*sys.path]
    yield
    sys.path[:] = path
    for name in [name for name in sys.modules if name.split(".")[0] == "harbour"]:
        del sys.modules[name]


def plant_output(file: Path, kind: str) -> None:
    if kind == "no folder":
        return
    if kind == "folder out":
        (file.parent.parent / "elsewhere").mkdir()
        file.symlink_to(file.parent.parent / "elsewhere")
    else:
        plant(file, kind)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("kind", ["fifo", "folder", "circle", "outside", "folder out", "no folder"])
def test_what_cannot_be_written_is_told(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    if name in IN_FOLDERS and kind in ("folder", "no folder"):
        return

    plant_output(project / "named", kind)
    words = [*COMMANDS[name]]
    if kind == "no folder":
        words[-1] = "missing/named"
    capsys.readouterr()
    code = main(words)
    out, err = capsys.readouterr()
    assert code in (1, 2), out + err
    assert {"named", "passwd"} & {*re.split(r"\W", err)}, out + err
    assert "Traceback" not in out + err
    assert len(out + err) < 5_000
    if kind == "outside":
        assert (project.parent / "passwd").read_text() == f"{SECRET}\n"
    if kind == "folder out":
        assert not [*(project.parent / "elsewhere").iterdir()]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in IN_FOLDERS])
@pytest.mark.parametrize("file", ["/dev/null", "/dev/zero", "/proc/nothing", "a\0b"])
def test_devices_are_written_to_and_stay(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, file: str
) -> None:
    code = main([*COMMANDS[name][:-1], file])
    assert "Traceback" not in "".join(capsys.readouterr())
    assert code == (0 if file.startswith("/dev") else 2)
    assert not file.startswith("/dev") or Path(file).is_char_device()


def test_whoever_reads_a_fifo_gets_the_report(project: Path) -> None:
    fifo, text, received = project / "named", "é" * 100_000, list[bytes]()
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    # With a writer there is no end before the report.
    writer = os.open(fifo, os.O_WRONLY)
    os.set_blocking(reader, True)

    def read() -> None:
        with os.fdopen(reader, "rb") as stream:
            received.append(stream.read(200_000))

    thread = threading.Thread(target=read)
    thread.start()
    write_report(fifo, text)
    thread.join()
    os.close(writer)
    assert received == [text.encode()]


def test_a_shorter_report_replaces_a_longer_one(project: Path) -> None:
    file = project / "named"
    assert is_replaceable(file)
    for text in ("long text", "short", "\ud800"):
        write_report(file, text)
    assert file.read_text() == "\\ud800"
    assert is_replaceable(file)
    assert not is_replaceable(Path("/dev/null"))
