"""The page of a stand-in in a browser: nothing overflows, no script fails, a form sends, the log lives."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from bothends.runtime.stand_in import default_stand_in, make_stand_in
from bothends.serve.listen import running
from bothends.serve.site import Site

from .chromium import Page, browsing, find_chromium

CHROMIUM = find_chromium()
ROOT = Path(__file__).parents[2]
NAMES = ("zuora", "leegality", "capillary")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browsing(CHROMIUM or "") as page:
        yield page


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The page of the package that the test names, served."""
    sys.path.insert(0, str(ROOT / "generated"))
    operations = import_module(f"{request.param}.operations")
    sys.path.pop(0)
    stand_in = make_stand_in(default_stand_in(operations.API, operations.OPERATIONS))
    site = Site(operations.API, stand_in.app(), "the default stand-in")
    logger = logging.getLogger("bothends")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(site.log)
    with running(site) as url:
        yield f"{url}{site.prefix}/"
    logger.removeHandler(site.log)
    logger.setLevel(level)


@pytest.mark.parametrize("address", NAMES, indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overflows_and_no_script_fails(page: Page, address: str, width: int) -> None:
    page.errors.clear()
    page.open(address, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    too_wide = "[...document.querySelectorAll('h1,h2,h3,p,dt,td,label,input,textarea,pre.line')]"
    too_wide += f".filter(one => one.getBoundingClientRect().right > {width} + 1)"
    too_wide += ".filter(one => !one.closest('.table')).map(one => one.textContent.slice(0, 60))"
    assert page.evaluate(too_wide) == []
    assert page.errors == []


@pytest.mark.parametrize("address", ["zuora"], indirect=True)
def test_form_sends_and_log_shows_the_verdict(page: Page, address: str) -> None:
    page.errors.clear()
    page.open(address, 1280)
    sent = page.evaluate(
        """(async () => {
            const form = document.querySelector('form');
            form.closest('details').open = true;
            form.requestSubmit();
            for (let i = 0; i < 100 && !/^[0-9]/.test(form.querySelector('output').textContent); i++)
                await new Promise(done => setTimeout(done, 50));
            await readLog();
            return [form.querySelector('output').textContent, document.querySelector('#log').textContent,
                    form.parentElement.querySelector('.curl').textContent];
        })()"""
    )
    answer, log, curl = sent
    assert answer[:1] == "2"
    assert "accepted, answered 2" in log
    assert curl.startswith("curl -i -X ")
    assert "http://127.0.0.1:" in curl
    assert "client." in page.evaluate("document.querySelector('.try').textContent")


@pytest.mark.parametrize("address", ["leegality"], indirect=True)
def test_refused_request_is_marked_in_the_log(page: Page, address: str) -> None:
    page.open(address, 1280)
    text = page.evaluate(
        "(async () => { await fetch('/no/such/path'); await readLog();"
        " return document.querySelector('#log .bad').textContent; })()"
    )
    assert "refused: the contract has no such path" in text
