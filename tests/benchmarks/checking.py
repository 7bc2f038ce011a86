"""What a type checker needs for ten lines of a user who calls a large package."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.corpus.contracts import CORPUS

from .generating import OTHERS, copied, run
from .peers import environment
from .process import cost
from .rows import Measure, Row

_OURS = """
from github import GithubClient, MinimalRepository

with GithubClient() as client:
    print(client.meta.root().current_user_url)
    for repository in client.repos.list_for_user("octocat"):
        assert isinstance(repository, MinimalRepository)
        print(repository.full_name, repository.owner.login)
"""
_PEER = """
from opc_github.api.meta import metaroot
from opc_github.api.repos import reposlist_for_user
from opc_github.client import Client

client = Client("https://api.github.com")
root = metaroot.sync(client=client)
assert root is not None
print(root.current_user_url)
for repository in reposlist_for_user.sync("octocat", client=client) or ():
    print(repository.full_name, repository.owner.login)
"""


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured; nothing where the contract of GitHub is not there."""
    source = CORPUS / OTHERS["GitHub"]
    if not source.exists():
        return

    project = copied(folder / "github", source)
    run(project)
    out = ("--meta", "none", "--output-path", str(folder / "opc_github"))
    command = ("-m", "openapi_python_client", "generate", "--path", str(source), *out)
    cost(folder, *command, environment=environment(), statuses=(0, 1))
    ours, peer = project / "generated" / "user.py", folder / "user.py"
    ours.write_text(_OURS, "utf-8")
    peer.write_text(_PEER, "utf-8")

    name = "Ten lines of a user of GitHub's package, openapi-python-client's"
    yield Row(f"pyright: {name}", pyright(ours), pyright(peer), 1.5, "s", 3)
    yield Row(f"mypy, no cache: {name}", mypy(ours), mypy(peer), 1.5, "s", 1)


def pyright(file: Path) -> Measure:
    """Measure pyright on a file, in whose folder the package lies."""
    return lambda: cost(file.parent, "-m", "pyright", file.name, statuses=(0, 1)).seconds


def mypy(file: Path) -> Measure:
    """Measure mypy on a file, in whose folder the package lies."""

    def measure() -> float:
        cache = file.parent / "mypy_cache"
        shutil.rmtree(cache, ignore_errors=True)
        command = ("-m", "mypy", "--cache-dir", str(cache), file.name)
        variables = {**os.environ, "MYPYPATH": str(file.parent)}
        return cost(file.parent, *command, statuses=(0, 1), environment=variables).seconds

    return measure
