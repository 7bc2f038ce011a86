"""What starting costs with a large contract: importing its package, a first call, `serve`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus.contracts import CORPUS

from .generating import OTHERS, copied
from .process import cost, seconds_until_line
from .rows import Bound, Row

_PEER = "import httpx2, pydantic"
_IMPORT = "import github; github.GithubClient"
_CALL_BY_HAND = """
import httpx2, pydantic
class Root(pydantic.BaseModel):
    current_user_url: str = ""
answer = lambda request: httpx2.Response(200, json={}, request=request)
httpx2.Client().close()
with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
    Root.model_validate_json(client.get("https://api.github.com/").content)
"""
_CALL = """
import httpx2, github
answer = lambda request: httpx2.Response(200, json={}, request=request)
with github.GithubClient(transport=httpx2.MockTransport(answer), responses="off") as client:
    client.meta.root()
"""


def rows(folder: Path) -> Iterator[Row | Bound]:
    """Yield what is measured; nothing where the contract of GitHub is not there."""
    source = CORPUS / OTHERS["GitHub"]
    if not source.exists():
        return

    project = copied(folder / "github", source)
    cost(project, "-m", "bothends", "generate", "-q")
    yield from started(project)


def started(project: Path) -> Iterator[Row | Bound]:
    """Yield what is measured of the project that has GitHub's package."""
    package = project / "generated"
    bare = lambda: cost(package, "-c", _PEER).seconds  # noqa: E731
    bare()

    yield Row(
        "Importing the client of GitHub, httpx2 and pydantic",
        lambda: cost(package, "-c", _IMPORT).seconds * 1e3,
        lambda: bare() * 1e3,
        1.2,
        "ms",
        9,
    )
    yield Bound(
        "First call of GitHub's client, beyond one by hand with httpx2 and pydantic",
        lambda: cost(package, "-c", _CALL).seconds - cost(package, "-c", _CALL_BY_HAND).seconds,
        0.15,
        "s",
        9,
    )
    yield Bound(
        "Memory of importing GitHub's client and a first call, beyond httpx2 and pydantic",
        lambda: cost(package, "-c", _CALL).megabytes - cost(package, "-c", _PEER).megabytes,
        80.0,
        "MB",
        5,
    )
    serve = ("-m", "bothends", "serve", "github", "--default", "--port", "0")
    yield Bound(
        "`serve` up with GitHub", lambda: seconds_until_line(project, "http://", *serve), 1.0
    )
