"""The page of a stand-in in a browser: nothing overflows, no script fails, a form sends, the log lives."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bothends.runtime.stand_in import default_stand_in, make_stand_in
from bothends.serve.listen import running
from bothends.serve.site import Site
from tests.packages import import_files, make

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
def address(request: pytest.FixtureRequest, page: Page) -> Iterator[str]:
    """The page of the package that the test names, served."""
    sys.path.insert(0, str(ROOT / "generated"))
    operations = import_module(f"{request.param}.operations")
    sys.path.pop(0)
    with served(operations, page) as url:
        yield url


@contextmanager
def served(operations: Any, page: Page) -> Iterator[str]:
    """The address of the page of a package, by the module of its operations; at the end it is left."""
    stand_in = make_stand_in(default_stand_in(operations.API, operations.OPERATIONS))
    site = Site(operations.API, stand_in.app(), "the default stand-in")
    logger = logging.getLogger("bothends")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(site.log)
    with running(site) as url:
        yield f"{url}{site.prefix}/"
        page.call("Page.navigate", url="about:blank")  # it would ask a server that has ended
    logger.removeHandler(site.log)
    logger.setLevel(level)


@pytest.mark.parametrize("address", NAMES, indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_overflows_and_no_script_fails(page: Page, address: str, width: int) -> None:
    page.errors.clear()
    page.open(address, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert faults(page, width) == []


def faults(page: Page, width: int) -> list[str]:
    """What is wider than the page, and what its scripts and its console reported."""
    page.evaluate("new Promise(done => setTimeout(done, 200))")
    too_wide = "[...document.querySelectorAll('h1,h2,h3,p,dt,td,label,input,textarea,pre.line')]"
    too_wide += f".filter(one => one.getBoundingClientRect().right > {width} + 1)"
    too_wide += ".filter(one => !one.closest('.table')).map(one => one.textContent.slice(0, 60))"
    found: list[str] = page.evaluate(too_wide)
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("the page scrolls sideways")
    return found + page.errors


@pytest.mark.parametrize("address", ["zuora"], indirect=True)
@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("document.querySelector('p').style.width = '3000px'", "sideways"),
        ("void setTimeout(() => { throw new Error('planted'); })", "planted"),
    ],
    ids=["overflow", "script"],
)
def test_planted_faults_of_a_page_are_seen(
    page: Page, address: str, script: str, fault: str
) -> None:
    page.errors.clear()
    page.open(address, 390)
    page.evaluate(script)
    assert any(fault in found for found in faults(page, 390))


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
    assert curl.startswith("curl -i -g -X ")
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


ATTACKS = (
    "</script><script>window.attacked = 1</script>",
    "<img src=x onerror='window.attacked = 2'>",
    '"><svg onload="window.attacked = 3">',
    "' autofocus onfocus='window.attacked = 4",
    "javascript:window.attacked=5",
    "</textarea></pre><iframe srcdoc='<script>top.attacked = 6</script>'>",
    "${window.attacked=7}`+(window.attacked=7)+`",
    "&lt;script&gt;window.attacked=8&lt;/script&gt;<!--<script>",
)


def attacking_contract(attack: str) -> dict[str, Any]:
    """A contract with an attack in each text that a page may show."""
    texts = {"description": attack, "summary": attack, "x-assumption": attack}
    links = {"externalDocs": {"description": attack, "url": "javascript:window.attacked=9"}}
    schema = {
        **links,
        "title": attack,
        "description": attack,
        "type": "object",
        "properties": {
            attack: {"type": "string", "enum": [attack], "default": attack, "title": attack},
            "pattern": {"type": "string", "pattern": f"^({re.escape(attack)})?$"},
        },
        "example": {attack: attack, "pattern": attack},
    }
    content = {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Attack"},
            "examples": {attack: {"value": {attack: attack}, "summary": attack}},
        }
    }
    operation = {
        **texts,
        **links,
        "operationId": attack,
        "tags": [attack],
        "parameters": [
            {"name": attack, "in": "query", "schema": {"type": "string"}, "example": attack},
            {"name": f"{attack} too", "in": "cookie", "schema": {"const": attack}},
        ],
        "requestBody": {"description": attack, "content": content},
        "responses": {"200": {"description": attack, "content": content}},
        "security": [{"key": []}],
    }
    key = {"type": "apiKey", "in": "query", "name": attack, "description": attack}
    return {
        "openapi": "3.1.0",
        "info": {"title": attack, "version": attack, **texts, "license": {"name": attack}},
        "servers": [{"url": "http://127.0.0.1/" + quote(attack), "description": attack}],
        "tags": [{"name": attack, "description": attack, **links}],
        "paths": {"/a": {"post": operation}, "/" + quote(attack): {"get": {**operation}}},
        "components": {"schemas": {"Attack": schema}, "securitySchemes": {"key": key}},
    }


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_script_of_a_contract_runs(page: Page, tmp_path: Path, attack: str) -> None:
    contract = attacking_contract(attack)
    del contract["paths"]["/" + quote(attack)]["get"]["operationId"]
    package = import_files(tmp_path, make(tmp_path, json.dumps(contract)).files)
    operations = import_module(f"{package.__name__}.operations")
    assert len(operations.OPERATIONS) == 2

    page.errors.clear()
    with served(operations, page) as url:
        page.open(url, 1280)
        page.evaluate(
            """(async () => {
                document.querySelectorAll('details').forEach(one => { one.open = true; });
                await fetch(ATTACK.replaceAll('#', '%23'), {headers: {prefer: 'example=a'}});
                for (const form of document.querySelectorAll('form')) {
                    form.requestSubmit();
                    for (const one of form.elements) { one.focus(); one.click?.(); }
                }
                await new Promise(done => setTimeout(done, 300));
                await readLog();
                await new Promise(done => setTimeout(done, 100));
            })()""".replace("ATTACK", json.dumps("/" + attack), 1)
        )
        assert page.evaluate("window.attacked ?? null") is None
        made = "img, svg, iframe, object, embed, base, script:not([src]), [onload], [onfocus]"
        assert page.evaluate(f"document.querySelectorAll('{made}').length") == 0
        assert page.evaluate("document.querySelectorAll('[href^=\"javascript:\"]').length") == 0
        assert attack in page.evaluate("document.body.textContent")

    # A script that the policy of the page had stopped would be an error here.
    assert [error for error in page.errors if "status of 4" not in error] == []
