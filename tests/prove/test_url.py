"""`bothends prove --url`: a server that runs already, seen from outside only."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bothends.cli import main
from bothends.prove import Package
from bothends.prove.target.serve import serve
from bothends.prove.target.success_handler import SuccessHandler
from bothends.runtime import App

from .packages import make_package
from .wrong import of_success

pytestmark = pytest.mark.filterwarnings("ignore")
SECRET = "sesame-4711"
SIGNED = ("--credential", "token=QUAY_TOKEN")
Prove = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("url")
    (folder / "pyproject.toml").write_text('[tool.bothends]\ngenerated = "made"\n', "utf-8")
    return folder


@pytest.fixture(scope="module")
def quay(folder: Path) -> Package:
    made = make_package(folder / "made", "quay")
    (folder / "made" / "specs").rename(folder / "specs")
    return made


@pytest.fixture
def prove(
    folder: Path, quay: Package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Prove:
    """Runs the command in the project; gives its exit code and all that it said, each of its words one blank apart."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("QUAY_TOKEN", SECRET)
    monkeypatch.setenv("EMPTY", "")

    def run(*words: str, url: str) -> tuple[int, str]:
        code = main(["prove", "quay", "--url", url, "--max-examples", "0", *words])
        said = capsys.readouterr()
        return code, " ".join((said.out + said.err).split())

    return run


@contextmanager
def serving(quay: Package, wrap: Callable[[Any], Any] = lambda app: app) -> Iterator[str]:
    app = App(
        quay.api,
        quay.operations,
        SuccessHandler(quay.operations),
        authenticate=lambda presented: all(one.secret == SECRET for one in presented.values()),
    )
    with serve(wrap(app)) as address:
        yield address


def test_good_server_is_proved_with_untried_parts(
    prove: Prove, quay: Package, tmp_path: Path
) -> None:
    reports = [tmp_path / name for name in ("evidence.json", "evidence.html", "evidence.xml")]
    words = [
        word
        for file in reports
        for word in (f"--{file.suffix[1:].replace('xml', 'junit')}", str(file))
    ]
    with serving(quay) as url:
        code, said = prove(*SIGNED, *words, url=f"{url}/")

    assert (code, "proved: every answer" in said) == (0, True)
    assert (
        "what the handler receives, and what a caller gets of its answer: the handler is out of reach"
        in said
    )
    assert all("the handler is out of reach" in file.read_text("utf-8") for file in reports)
    assert not any(SECRET in file.read_text("utf-8") for file in reports)


def test_a_bug_is_seen_from_outside_without_telling_the_secret(
    prove: Prove, quay: Package, tmp_path: Path
) -> None:
    report = tmp_path / "evidence.json"
    with serving(quay, of_success(lambda value: value.pop("id"))) as url:
        code, said = prove(*SIGNED, "--json", str(report), url=url)

    assert code == 1
    assert "id" in said
    failures = json.loads(report.read_text("utf-8"))["failures"]
    assert {failure["operation"] for failure in failures} == {"book", "find"}
    assert SECRET not in said + report.read_text("utf-8")
    assert "$SECRET stands for the credential" in said
    assert "bothends serve" not in said  # the server runs, and is where the curl lines say


@pytest.mark.parametrize("secret", ["a", "id", "status"])
def test_a_short_secret_spoils_no_report(
    prove: Prove, quay: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    report = tmp_path / "evidence.json"
    monkeypatch.setenv("QUAY_TOKEN", secret)
    monkeypatch.setattr(f"{__name__}.SECRET", secret)
    with serving(quay, of_success(lambda value: value.pop("id"))) as url:
        prove(*SIGNED, "--json", str(report), url=url)

    failures = json.loads(report.read_text("utf-8"))["failures"]
    masked = {
        word for failure in failures for word in failure["curl"].split("-H ") if "SECRET" in word
    }
    assert masked
    assert all(re.match(r'"(?i:authorization): \S+ \$SECRET"', word) for word in masked), masked
    assert not any(f"Bearer {secret}" in failure["curl"] for failure in failures)


def test_a_server_behind_a_path_is_proved_there(prove: Prove, quay: Package) -> None:
    def mounted(app: Any) -> Any:
        return Starlette(routes=[Mount("/port/v2", app)])

    with serving(quay, mounted) as url:
        assert prove(*SIGNED, url=f"{url}/port/v2")[0] == 0
        code, said = prove(*SIGNED, url=url)
        assert (code, "knows no path of the contract: each is answered 404" in said) == (2, True)
        assert "may have a base path" in said
        code, said = prove(*SIGNED, url=f"{url}/port/v3")
        assert (code, "is /port/v3 its base path?" in said) == (2, True)


def test_a_secret_that_is_refused_everywhere_is_told(
    prove: Prove, quay: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUAY_TOKEN", "another-secret")

    def guarded(app: Any) -> Any:
        async def guard(scope: Any, receive: Any, send: Any) -> None:
            # The one operation that asks for no credentials is no help here.
            if scope["type"] == "http" and scope["method"] == "DELETE":
                scope = {**scope, "path": "/none", "raw_path": b"/none"}
            await app(scope, receive, send)

        return guard

    with serving(quay, guarded) as url:
        code, said = prove(*SIGNED, url=url)

    assert (code, "refuses the credentials of token" in said) == (2, True)
    assert "another-secret" not in said


def test_where_nothing_listens_is_told(prove: Prove) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    code, said = prove(*SIGNED, url=f"http://127.0.0.1:{port}")
    assert (code, f"nothing listens at http://127.0.0.1:{port}" in said) == (2, True)


def test_what_is_no_http_is_told(prove: Prove, quay: Package) -> None:
    with serving(quay) as url:
        code, said = prove(*SIGNED, url=url.replace("http:", "https:"))
    assert (code, "no secure connection" in said) == (2, True)


@pytest.mark.parametrize(
    ("words", "url", "told"),
    [
        ((), "http://127.0.0.1:1", "book needs credentials of token"),
        (("--credential", "token=EMPTY"), "http://127.0.0.1:1", "EMPTY is not set, or empty"),
        (("--credential", "key=QUAY_TOKEN"), "http://127.0.0.1:1", "no security scheme key"),
        (
            (*SIGNED, "--default"),
            "http://127.0.0.1:1",
            "--default is for a server that is started here",
        ),
        (SIGNED, "http://name:word@127.0.0.1:1", "the address holds credentials"),
        (SIGNED, "http://127.0.0.1:70000", "is not an address"),
        (SIGNED, "http://127.0.0.1:1/?page=2", "is not an address"),
    ],
)
def test_misuse_is_told(prove: Prove, words: tuple[str, ...], url: str, told: str) -> None:
    code, said = prove(*words, url=url)
    assert (code, told in said) == (2, True)
    assert "name:word" not in said
