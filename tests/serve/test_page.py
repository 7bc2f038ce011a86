"""The page of a contract: all of it is there, nothing is loaded, and its text is never markup."""

from __future__ import annotations

import json
import re
import shlex
import sys
from html import escape, unescape
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest

from bothends.runtime.server.asgi import Receive, Scope, Send
from bothends.serve.page import ContractPage
from bothends.serve.site import DEFAULT_STAND_IN, Site, _free_prefix
from tests.packages import import_files, make, send

ROOT = Path(__file__).parents[2]
CONTRACTS = sorted((ROOT / "tests" / "cases").glob("*/expected/contract.json")) + sorted(
    (ROOT / "generated").glob("*/contract.json")
)


class Seen(HTMLParser):
    """The tags of a page, the anchors it has and those it links to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on")]
        assert given.get("src", "page.js") == "page.js"
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        self.links |= {given["href"] or ""} if "href" in given else set()

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    "file", CONTRACTS, ids=lambda file: file.parent.parent.name + "-" + file.parent.name
)
def test_page_lists_operations_replies_and_schemas(file: Path):
    document = json.loads(file.read_text(encoding="utf-8"))
    seen = Seen(ContractPage(document, "the default stand-in").render(sys.maxsize))

    received = document.get("x-sent-by-vendor", ())
    served = {p: item for p, item in document.get("paths", {}).items() if p not in received}
    for path, item in served.items():
        assert path in seen.text
        for method, operation in item.items():
            if method not in {"get", "put", "post", "delete", "options", "head", "patch", "trace"}:
                continue
            assert operation.get("operationId", path) in seen.text
            assert all(one.get("name", "") in seen.text for one in operation.get("parameters", ()))
            assert all(status in seen.text for status in operation.get("responses", {}))

    assert all(
        f"schema-{name}" in seen.anchors
        for name in document.get("components", {}).get("schemas", {})
    )
    inside = {unquote(link[1:]) for link in seen.links if link.startswith("#")}
    assert inside <= seen.anchors or "broken" in str(file)
    assert {link for link in seen.links if not link.startswith("#")} == {"contract.json"}
    assert not seen.tags & {"link", "img", "iframe", "object"}


def test_text_of_the_contract_is_never_markup():
    hostile = "</style><script>alert(1)</script>\"'`<img onerror=x>"
    document = {
        "info": {"title": hostile, "version": hostile, "description": hostile},
        "paths": {
            "/" + hostile: {
                "get": {
                    "operationId": hostile,
                    "parameters": [{"name": hostile, "in": "query", "schema": {"const": hostile}}],
                    "responses": {"200": {"description": hostile}},
                }
            }
        },
        "components": {
            "schemas": {
                hostile: {"description": hostile, "$ref": f"#/components/schemas/{hostile}"}
            }
        },
    }
    page = ContractPage(document, hostile).render()
    assert page.count("<script") == page.count('<script src="page.js"></script>') == 1
    assert escape("<script>") in page


def test_commands_of_a_page_send_no_file_and_no_control_character():
    media = {"text/plain": {"schema": {"type": "string"}, "example": "@/etc/passwd\x03\u202e\x9b"}}
    operation = {"requestBody": {"content": media}, "responses": {}}
    document = {"info": {"title": "\x1b[31m"}, "paths": {"/a[b]": {"post": operation}}}
    page = ContractPage(document, "the default stand-in").render(sys.maxsize)
    command = unescape(re.findall(r'curl">(.*?)</pre>', page)[0])
    assert shlex.split(command)[:6] == ["curl", "-i", "-g", "-X", "POST", "/a[b]"]
    assert shlex.split(command)[-2:] == ["--data-raw", r"@/etc/passwd\x03\u202e\x9b"]
    assert not set("\x1b\x03\u202e\x9b") & {*page}


@pytest.mark.parametrize(
    ("answered_by", "media_type", "is_sandboxed"),
    [
        (DEFAULT_STAND_IN, "text/html; charset=utf-8", True),
        (DEFAULT_STAND_IN, "image/svg+xml", True),
        (DEFAULT_STAND_IN, "application/json", False),
        ("stand_in.py", "text/html", False),
    ],
)
def test_examples_run_no_script_beside_the_page(
    tmp_path: Path, answered_by: str, media_type: str, is_sandboxed: bool
):
    async def answer(_scope: Scope, _receive: Receive, send_back: Send) -> None:
        headers = [(b"content-type", media_type.encode())]
        await send_back({"type": "http.response.start", "status": 200, "headers": headers})
        await send_back({"type": "http.response.body", "body": b"<script>alert(1)</script>"})

    package = import_files(tmp_path, make(tmp_path, "paths: {}").files)
    api = import_module(f"{package.__name__}.operations").API
    policy = send(Site(api, answer, answered_by), "GET", "/page").headers
    assert policy.get("content-security-policy") == ("sandbox" if is_sandboxed else None)


def test_pages_have_a_prefix_no_path_has():
    assert _free_prefix(["/a"]) == "/__bothends__"
    assert _free_prefix(["/__bothends__/x", "/__bothends___"]) == "/__bothends____"
