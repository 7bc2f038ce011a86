"""Packages for tests of behaviour: a tiny contract, both ends, no patching."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.packages import Package, import_files, make


@pytest.fixture
def package(tmp_path: Path) -> Callable[[str], Package]:
    """Makes, writes and imports the package of a contract."""

    def made(text: str) -> Package:
        generated = make(tmp_path / "specs", text)
        return Package(import_files(tmp_path, generated.files), generated)

    return made


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Package]:
    """The same, for all tests of a module."""

    def made(text: str) -> Package:
        folder = tmp_path_factory.mktemp("made")
        generated = make(folder / "specs", text)
        return Package(import_files(folder, generated.files), generated)

    return made
