"""The package of the recordings, made once for each file."""

from __future__ import annotations

import pytest

from bothends.record import Judge
from tests.packages import Package, import_files, make
from tests.record.tides import CONTRACT


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("record")
    generated = make(folder / "specs", CONTRACT)
    return Package(import_files(folder, generated.files), generated)


@pytest.fixture(scope="session")
def judge(package: Package) -> Judge:
    operations = package.part("operations")
    return Judge(operations.API, operations.OPERATIONS)
