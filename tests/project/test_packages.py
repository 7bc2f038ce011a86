"""A generated package needs the base install only, and works wherever its folder is copied, under whatever name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(path.parent for path in (ROOT / "generated").glob("*/client.py"))

# Every distribution that only an extra brings is made impossible to import, as on a machine without it.
PROGRAM = """
import sys

BARRED = set(sys.argv[1].split(","))

class Bar:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BARRED:
            raise ModuleNotFoundError(f"{name} is not part of the base install", name=name)

sys.meta_path.insert(0, Bar())

import inner.renamed as package

loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"pydantic", "httpx2", "jsonschema_rs"}, "importing a package loads what it may never need"

from inner.renamed import client, errors, models, operations, server

for name in package.__all__:
    assert getattr(package, name) is not None
api_client = next(value for name, value in vars(client).items() if name.endswith("Client") and value.__module__ == client.__name__)
with api_client(app=server.create_app(object())) as made:
    print(type(made).__name__)
"""

MODULES = {
    "datamodel-code-generator": "datamodel_code_generator",
    "jinja2": "jinja2",
    "jsonschema": "jsonschema",
    "openapi-spec-validator": "openapi_spec_validator",
    "granian": "granian",
    "hypothesis": "hypothesis",
    "pytest": "pytest",
    "rich": "rich",
    "ruff": "ruff",
    "schemathesis": "schemathesis",
    "starlette": "starlette",
    "typer": "typer",
    "uvicorn": "uvicorn",
    "watchfiles": "watchfiles",
    "redis": "redis",
}


def only_in_extras() -> set[str]:
    wanted = [Requirement(text) for text in requires("bothends") or []]
    base = {requirement.name for requirement in wanted if requirement.marker is None}
    return {requirement.name for requirement in wanted if requirement.name != "bothends"} - base


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_package_copy_runs_on_base_install(package: Path, tmp_path: Path) -> None:
    shutil.copytree(package, tmp_path / "inner" / "renamed")
    barred = ",".join(
        MODULES.get(name, name.replace("-", "_")) for name in sorted(only_in_extras())
    )
    assert "typer" in barred
    assert "jinja2" in barred
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, barred],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("Client")
