"""The page of a large contract loads what is seen, finds what is looked for, and sends any body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from bothends.serve.page import ContractPage
from tests.packages import import_files, make

from .chromium import Page, browsing, find_chromium
from .test_browser import faults, served

CHROMIUM = find_chromium()
WAITING = "for (let i = 0; i < 200 && !({0}); i++) await new Promise(done => setTimeout(done, 20));"


def large_contract(count: int = 40) -> dict[str, Any]:
    """Operations with so much text that a page of all would be slow, and one with several bodies."""
    long = "The tides of a harbour, in all their detail. " * 300
    paths: dict[str, Any] = {
        f"/tides{number}/{{day}}": {
            "get": {
                "operationId": f"getTide{number}",
                "summary": f"Get tide {number}",
                "description": long,
                "parameters": [
                    {"name": "day", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"200": _json("Tide")},
            }
        }
        for number in range(count)
    }
    chart = {
        "type": "object",
        "required": ["title", "scan"],
        "properties": {
            "title": {"type": "string"},
            "scan": {"type": "string", "format": "binary"},
        },
    }
    paths["/charts"] = {
        "post": {
            "operationId": "addChart",
            "parameters": [
                {
                    "name": "tag",
                    "in": "query",
                    "schema": {"type": "array", "minItems": 2, "items": {"type": "string"}},
                },
                {"name": "X-Ship", "in": "header", "required": True, "schema": {"enum": ["elbe"]}},
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "multipart/form-data": {"schema": chart},
                    "application/pdf": {},
                    "application/json": {"schema": {"type": "object", "required": ["title"]}},
                },
            },
            "responses": {"200": _json("Tide")},
        }
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Harbour", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Tide": {"type": "object", "description": "A tide."}}},
    }


def _json(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": "Fine.", "content": content}


def test_page_of_a_large_contract_has_headings_and_parts_apart():
    page = ContractPage(large_contract(), "the default stand-in")
    text = page.render()

    assert len(text) < 40_000
    assert text.count("data-part=") == 42
    assert "in all their detail" not in text
    assert "in all their detail" in (page.part("operation-39") or "")
    assert "A tide." in (page.part("schema-0") or "")
    for name in ("operation-41", "schema-1", "operation--1", "operation-٣", "other-0", ""):
        assert page.part(name) is None


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with browsing(CHROMIUM) as page:
        yield page


@pytest.fixture(scope="module")
def address(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("large")
    package = import_files(folder, make(folder, json.dumps(large_contract())).files)
    with served(import_module(f"{package.__name__}.operations"), page) as url:
        yield url


@pytest.mark.parametrize("width", [1280, 390])
def test_link_leads_to_an_operation_that_was_not_loaded(page: Page, address: str, width: int):
    page.errors.clear()
    page.open(address, width)
    assert page.evaluate("document.querySelectorAll('form').length") < 5

    top = page.evaluate(
        """(async () => {
            [...document.querySelectorAll('nav a')].find(a => a.textContent === '/tides35/{day}').click();
            const section = document.getElementById('operation-get-/tides35/{day}');
            WAITING
            await new Promise(done => setTimeout(done, 300));
            return section.getBoundingClientRect().top;
        })()""".replace("WAITING", WAITING.format("section.querySelector('form')"))
    )
    assert abs(top) < 100
    assert page.evaluate("document.querySelectorAll('form').length") < 30
    assert faults(page, width) == []


def test_search_finds_operations_and_schemas(page: Page, address: str):
    page.open(address, 1280)
    found = page.evaluate(
        """(() => {
            const search = document.querySelector('#search');
            return ['get tide 17', 'TIDE', 'nothing of it', ''].map(words => {
                search.value = words;
                search.dispatchEvent(new Event('input'));
                return document.querySelectorAll('nav li:not([hidden])').length;
            });
        })()"""
    )
    assert found == [1, 41, 0, 41]


@pytest.mark.parametrize(
    ("media_type", "fill"),
    [
        (
            "multipart/form-data",
            "q('[name=title]').value = 'Elbe'; q('[name=scan]').files = files;",
        ),
        ("application/pdf", "q('fieldset:not([hidden]) input').files = files;"),
        ("application/json", "q('textarea').value = '{\"title\": \"Elbe\"}';"),
    ],
)
def test_form_sends_query_header_and_body(page: Page, address: str, media_type: str, fill: str):
    page.errors.clear()
    page.open(f"{address}#operation-post-%2Fcharts", 1280)
    script = """(async () => {
        const q = what => document.getElementById('operation-post-/charts').querySelector(what);
        WAIT_FORM
        const chosen = q('select');
        chosen.value = MEDIA_TYPE;
        chosen.dispatchEvent(new Event('input', {bubbles: true}));
        const files = (() => {
            const list = new DataTransfer();
            list.items.add(new File(['%PDF-1.7'], 'elbe.pdf'));
            return list.files;
        })();
        q('[name=tag]').value = 'tide,chart';
        q('[name=X-Ship]').value = 'elbe';
        FILL
        q('form').requestSubmit();
        const answer = q('output');
        WAIT_ANSWER
        await readLog();
        return [answer.textContent, q('.curl').textContent, document.querySelector('#log').textContent];
    })()"""
    script = script.replace("WAIT_FORM", WAITING.format("q('form')"))
    script = script.replace("WAIT_ANSWER", WAITING.format("/^[0-9n]/.test(answer.textContent)"))
    script = script.replace("MEDIA_TYPE", json.dumps(media_type)).replace("FILL", fill)

    answer, _, log = page.evaluate(script)
    assert answer.startswith("200"), (answer, log)
    assert "accepted, answered 200" in log
    assert page.errors == []


def test_curl_line_names_the_file_of_a_form(page: Page, address: str):
    page.open(f"{address}#operation-post-%2Fcharts", 1280)
    line = page.evaluate(
        """(async () => {
            const q = what => document.getElementById('operation-post-/charts').querySelector(what);
            WAITING
            q('select').value = 'multipart/form-data';
            q('select').dispatchEvent(new Event('input', {bubbles: true}));
            const list = new DataTransfer();
            list.items.add(new File(['%PDF-1.7'], 'elbe.pdf'));
            q('[name=scan]').files = list.files;
            q('[name=title]').value = 'Elbe';
            q('[name=title]').dispatchEvent(new Event('input', {bubbles: true}));
            return q('.curl').textContent;
        })()""".replace("WAITING", WAITING.format("q('form')"))
    )
    assert "--form-string 'title=Elbe'" in line
    assert "-F 'scan=@elbe.pdf'" in line
