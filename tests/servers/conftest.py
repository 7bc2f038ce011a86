from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bothends.config import SpecFile
from bothends.pipeline import generate
from bothends.write import apply, plan

from .running import Running, running

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def wharf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the generated package and the apps."""
    folder = tmp_path_factory.mktemp("wharf")
    spec = SpecFile(
        "wharf", HERE / "openapi.yaml", None, None, folder / "names.lock", "openapi.yaml"
    )
    apply([plan(folder / "wharf", generate(spec).files, root=folder)])
    shutil.copy(HERE / "wharf_app.py", folder)
    return folder


@pytest.fixture(scope="session")
def serving(wharf: Path) -> Iterator[Callable[[str, str], Running]]:
    """Gives the server of that program and app: one for all tests, ended by Ctrl-C after the last of them."""
    made: dict[tuple[str, str], Running] = {}
    with ExitStack() as stack:

        def serve(server: str, app: str) -> Running:
            if (server, app) not in made:
                made[server, app] = stack.enter_context(running(server, f"wharf_app:{app}", wharf))
            return made[server, app]

        yield serve

    for one in made.values():
        assert one.ended.read_text("utf-8") == "ended", "the handler was not left"
        assert "Traceback" not in one.log.read_text("utf-8")
