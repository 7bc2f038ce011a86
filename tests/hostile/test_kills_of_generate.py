"""`generate` is all or none, wherever it is killed: before each line of the writer, and at random moments of a whole run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from bothends.cli import main
from bothends.write import Plan, apply, find_interrupted, plan, recover, swap

OLD = {"client.py": "old client\n", "gone.py": "gone\n", "same.py": "same\n"}
NEW = {"client.py": "new client\n", "models.py": "models\n", "same.py": "same\n"}
WRITER = str(Path(swap.__file__).parent)


def disk(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in root.rglob("*")
        if path.is_file()
    }


def is_staged(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def plans(root: Path, files: dict[str, str], lock: str) -> list[Plan]:
    made = root / "generated"
    return [
        plan(made / name, files, root=root, beside={root / f"specs/{name}.lock": lock})
        for name in ("first", "second")
    ]


def killed_before_line(number: int, run: Callable[[], object]) -> bool:
    """Whether a copy of this process that runs it reached that line of the writer, and was killed there."""
    child = os.fork()
    if child == 0:
        count = 0

        def count_lines(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal count
            if not frame.f_code.co_filename.startswith(WRITER):
                return None
            count += event == "line"
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return count_lines

        sys.settrace(count_lines)
        try:
            run()
        finally:
            os._exit(0)

    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    apply(plans(root, OLD, "old lock\n"))
    (root / "generated/first/notes.txt").write_text("of a person\n")
    (root / "generated/second/data").mkdir()
    (root / "generated/second/data/more.txt").write_text("of a person\n")
    return root


def test_a_kill_before_any_line_leaves_one_state(project: Path, tmp_path: Path) -> None:
    original = tmp_path / "original"
    shutil.copytree(project, original)
    before = disk(project)
    apply(plans(project, NEW, "new lock\n"))
    after = disk(project)
    assert {name for name in after if "first/" in name} >= {"generated/first/notes.txt"}

    line, step, in_between = 1, 7, 0
    while True:
        shutil.rmtree(project)
        shutil.copytree(original, project)
        changes = plans(project, NEW, "new lock\n")
        if not killed_before_line(line, lambda changes=changes: apply(changes)):  # type: ignore[misc]
            break

        found = {name: text for name, text in disk(project).items() if not is_staged(name)}
        if found not in (before, after):
            in_between += 1
            assert find_interrupted(project / "generated", project), line
        recover(project / "generated", project)
        assert disk(project) in (before, after), line
        assert not [name for name in disk(project) if is_staged(name)], line
        line += step

    assert line > 100
    # Between the first swap and the last one, some lines are: each swap is one step of the system.
    assert in_between < line / step / 4


@pytest.mark.parametrize("way", ["rename", "file by file"])
def test_systems_without_exchange_recover_as_well(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(swap, "exchange", lambda _first, _second: False)
    if way == "file by file":
        rename = Path.rename

        def immovable(path: Path, target: Path) -> Path:
            if path.name in ("first", "second"):
                raise OSError(18, "Invalid cross-device link")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", immovable)

    original = tmp_path / "original"
    shutil.copytree(project, original)
    before = disk(project)
    apply(plans(project, NEW, "new lock\n"))
    after = disk(project)
    for line in range(1, 2000, 17):
        shutil.rmtree(project)
        shutil.copytree(original, project)
        changes = plans(project, NEW, "new lock\n")
        if not killed_before_line(line, lambda changes=changes: apply(changes)):  # type: ignore[misc]
            return
        recover(project / "generated", project)
        assert disk(project) in (before, after), line

    raise AssertionError("the writer has no end")


def test_a_full_disk_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = disk(project)
    fsync, calls = os.fsync, 0

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 6:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        apply(plans(project, NEW, "new lock\n"))
    assert disk(project) == before


def test_a_journal_of_others_moves_nothing_outside(project: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (tmp_path / ".mine.txt.bothends").write_text("theirs")
    workspace = project / "generated/.bothends"
    workspace.mkdir()
    (workspace / "journal.json").write_text(
        '{"ready": true, "folders": ["../../..", 1], "swaps": [null, {"staged": 1}, '
        '{"staged": "../../.mine.txt.bothends", "target": "../../mine.txt", "digest": "x"},'
        '{"staged": "first", "target": "second", "digest": "x", "names": ["client.py"]}]}'
    )
    before = disk(project / "generated/second")
    recover(project / "generated", project)
    assert mine.read_text() == "mine"
    assert disk(project / "generated/second") == before
    assert not workspace.exists()


@pytest.mark.parametrize("content", ["", "[" * 100_000, "null", '{"ready": true, "swaps": 3}'])
def test_a_broken_journal_is_swept(project: Path, content: str) -> None:
    before = disk(project)
    workspace = project / "generated/.bothends"
    workspace.mkdir()
    (workspace / "journal.json").write_text(content)
    recover(project / "generated", project)
    assert disk(project) == before


CONTRACT = """\
openapi: 3.1.0
info: {{title: {name}, version: '1'}}
paths:
  /{path}:
    get:
      operationId: read{path}
      responses:
        '200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{path}'}}}}}}}}
components:
  schemas:
    {path}: {{type: object, properties: {{a: {{type: string}}}}}}
"""


def write_contracts(root: Path, path: str) -> None:
    for name in ("first", "second"):
        folder = root / "specs" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "openapi.yaml").write_text(CONTRACT.format(name=name, path=path))


def start(root: Path, temporary: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "bothends", "generate"],
        cwd=root,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def generate_killed(root: Path, rounds: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How many of the killed runs left a mixed state, and how many had begun to write."""
    root.mkdir()
    monkeypatch.chdir(root)
    temporary = root.parent / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    write_contracts(root, "old")
    assert main(["generate"]) == 0
    before = {name: text for name, text in disk(root).items() if "openapi" not in name}
    original = root.parent / "original"
    write_contracts(root, "new")
    shutil.copytree(root, original)

    began = time.monotonic()
    assert start(root, temporary).wait() in (0, 1)
    length = time.monotonic() - began
    after = {name: text for name, text in disk(root).items() if "openapi" not in name}
    mixed = written = 0
    for _ in range(rounds):
        shutil.rmtree(root)
        shutil.copytree(original, root)
        os.chdir(root)
        run = start(root, temporary)
        # Longer than a whole run: a machine that becomes slower would see none that had written.
        time.sleep(random.uniform(0, 1.5 * length))
        run.kill()
        run.wait()

        found = {
            name: text
            for name, text in disk(root).items()
            if not is_staged(name) and "openapi" not in name
        }
        mixed += found not in (before, after)
        written += found == after
        main(["generate"])
        result = {name: text for name, text in disk(root).items() if "openapi" not in name}
        assert result == after
        assert list(temporary.iterdir()) == []

    return mixed, written


def test_a_whole_run_killed_at_random(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each round asserts what the next run leaves. Between two steps of the system a kill is rare, and possible.
    generate_killed(tmp_path / "project", 3, monkeypatch)


@pytest.mark.slow
def test_two_hundred_runs_killed_at_random(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, written = generate_killed(tmp_path / "project", 200, monkeypatch)
    assert written > 0
    assert mixed == 0


def test_two_runs_at_once_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_contracts(tmp_path, "new")
    both = [start(tmp_path, tmp_path.parent) for _ in range(2)]
    assert [run.wait() for run in both] == [0, 0]
    assert main(["generate", "--check"]) == 0
    assert not [name for name in disk(tmp_path) if is_staged(name)]
