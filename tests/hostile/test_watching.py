"""What is watched stays watched: folders that are replaced, files behind links, any name above them."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bothends.cli.watched_folders import folders_of, turns


class Watch:
    """The texts that a file had at the turns of a watch of it."""

    def __init__(self, file: Path) -> None:
        self.file, self.texts, self.folders = file, [""], list[list[Path]]()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def saw(self, text: str) -> bool:
        return eventually(lambda: self.texts[-1] == text)

    def end(self) -> None:
        self._is_over = True
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        def find_folders() -> list[Path]:
            if self._is_over:
                raise InterruptedError
            return folders_of([self.file])

        try:
            for _ in turns(find_folders, lambda folders: self.folders.append([*folders])):
                self.texts.append(self.file.read_text() if self.file.exists() else "")
        except InterruptedError:
            pass


def eventually(check: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    # A filter of the library leaves out what lies below such a folder.
    file = tmp_path / "node_modules/harbour/openapi.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("first")
    watch = Watch(file)
    try:
        assert watch.saw("first")
        yield watch
    finally:
        watch.end()


def test_a_folder_that_is_replaced_is_watched(watch: Watch) -> None:
    folder = watch.file.parent
    for number in range(3):
        shutil.copytree(folder, folder.with_name("copy"))
        folder.rename(folder.with_name(f"old{number}"))
        folder.with_name("copy").rename(folder)
        watch.file.write_text(f"replaced {number}")
        assert watch.saw(f"replaced {number}")
        watch.file.write_text(f"edited {number}")
        assert watch.saw(f"edited {number}")


def test_a_folder_that_comes_back_is_watched(watch: Watch) -> None:
    for number in range(3):
        shutil.rmtree(watch.file.parent)
        assert watch.saw("")
        assert eventually(lambda: watch.folders[-1] == [])
        watch.file.parent.mkdir()
        watch.file.write_text(f"back {number}")
        assert watch.saw(f"back {number}")
        watch.file.write_text(f"edited {number}")
        assert watch.saw(f"edited {number}")


def test_a_file_behind_a_link_is_watched(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    target = tmp_path / "elsewhere/contract.yaml"
    target.parent.mkdir()
    target.write_text("linked")
    watch.file.unlink()
    watch.file.symlink_to(target)
    assert watch.saw("linked")
    assert eventually(lambda: target.parent in watch.folders[-1])
    target.write_text("edited")
    assert watch.saw("edited")


def test_a_circle_of_links_ends_no_watch(watch: Watch) -> None:
    watch.file.unlink()
    watch.file.symlink_to(watch.file.name)
    assert watch.saw("")
    watch.file.unlink()
    watch.file.write_text("mended")
    assert watch.saw("mended")


def test_names_without_an_encoding_end_no_watch(watch: Watch) -> None:
    for number in range(3):
        # Several events of it, also while the watch begins anew.
        for _ in range(8):
            with suppress(OSError):  # a file system may refuse such a name
                Path(os.fsdecode(bytes(watch.file.parent) + b"/\xff%d" % number)).touch()
            time.sleep(0.05)
        watch.file.write_text(f"edited {number}")
        assert watch.saw(f"edited {number}")
