"""Every reader of what comes from outside takes time that grows with what it reads, and no faster.

Four times the input: linear work costs 4 times as much, quadratic work 16 times.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bothends.check.claims.file import load_claims
from bothends.config import load_config
from bothends.load import apply_overlay, parse_document
from bothends.name import load_lock
from bothends.record import Exchange, read_har, write_har
from bothends.runtime.client.pagination import next_link
from bothends.runtime.client.retry import seconds_until
from bothends.runtime.media.accept import parse_accept
from bothends.runtime.media.error import MediaError
from bothends.runtime.media.events import EventReader
from bothends.runtime.media.json_lines import LineReader
from bothends.runtime.media.multipart.parts import read_parts
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.path_template import pattern_of, splits
from bothends.runtime.stand_in.prefer import read_preference
from bothends.serve.seed import load_seed
from bothends.write.plan import MANIFEST, _read_manifest
from tests.growth import growth
from tests.runtime.waiting import FakeClock

from .served import package_of


def read_events(text: str) -> None:
    reader = EventReader(is_event=True, is_plain=True)
    reader.feed(text.encode())
    reader.end()


def read_lines(text: str) -> None:
    reader = LineReader(b"")
    reader.feed(text.encode())
    reader.end()


def read_part(text: str) -> None:
    head = "--x\r\nContent-Disposition: form-data; name=a"
    read_parts(f"{head}{text}\r\n\r\n\r\n--x--".encode(), "x")


TEXTS: dict[str, tuple[Callable[[str], object], tuple[str, ...]]] = {
    "Prefer": (lambda text: read_preference([text]), (" ", "a", "a ", 'a="', 'a="\\', "a;", ";=")),
    "Link": (next_link, ("<", "<a>; rel=x, ", "<a>;", ' ;a="', "<a> ;\t;a", '<a>;a="\\"')),
    # Without their caches: what is measured again would cost nothing.
    "Content-Type": (
        lambda text: parse_content_type.__wrapped__(f"a/b{text}"),
        (";", '; a="', ";\t", 'a="\\'),
    ),
    "Accept": (parse_accept.__wrapped__, (";", "; ", ";q=", ",", ';a="', "a/b;q=0.5,")),
    "Retry-After": (
        lambda text: seconds_until(text, FakeClock()),
        ("9", "Mon, ", "(", "\\(", "1 Jan "),
    ),
    "events": (read_events, ("data: x\n", "data:x\n\n", ":\n", "id: 1\n", "\r", "x")),
    "lines": (read_lines, ("[]\n", "1")),
    "part": (read_part, ('; a="', ";", " ", '\\"', "\r\na: b", ";filename*=utf-8''%41")),
}


@pytest.mark.parametrize(
    ("name", "part"), [(name, part) for name in TEXTS for part in TEXTS[name][1]]
)
@pytest.mark.parametrize("end", ["", '\x00"='])
def test_headers_and_streams_grow_linearly(name: str, part: str, end: str) -> None:
    read = TEXTS[name][0]

    def run(size: int) -> None:
        with suppress(MediaError, ValueError):
            read(part * size + end)

    assert growth(run, 2_500, 10_000) < 10


def contract(size: int) -> dict[str, Any]:
    paths = {f"/a{number}": {"x-a": ["text", number, 0.5]} for number in range(size)}
    return {"openapi": "3.1.0", "info": {"title": "Made", "version": "1"}, "paths": paths}


def yaml(size: int) -> str:
    lines = [
        f"  /a{number}: &a{number}\n    x-a: ['text', {number}, 0.5]" for number in range(size)
    ]
    return "\n".join(["openapi: 3.1.0", "paths:", *lines])


def aliases(size: int) -> str:
    return "a: &a [1, 2]\nb: [" + "*a, " * size + "]"


def claims(size: int) -> str:
    lines = [
        f"  A{number}: {{statement: Text., source: {{document: d}}, kept: contract}}"
        for number in range(size)
    ]
    return "\n".join(["documents: {d: {title: D, url: 'https://a.example'}}", "claims:", *lines])


def lock(size: int) -> str:
    names = {f"/paths/~1a{number}/get": f"a{number}" for number in range(size)}
    return json.dumps({"bothends": 1, "names": names}, indent=2)


def recording(size: int) -> str:
    exchange = Exchange(
        method="GET",
        url="http://localhost/",
        request_headers=(),
        request_body=b"",
        status=200,
        answer_headers=(("a", "b"),),
        answer_body=b"a",
    )
    return write_har([exchange] * size)


def manifest(size: int) -> str:
    files = {f"models/tide_{number}.py": "0" * 64 for number in range(size)}
    return json.dumps({"about": "", "files": files})


def overlay(size: int) -> str:
    actions = [{"target": f"$.paths['/a{number}']", "update": {"x-b": 1}} for number in range(size)]
    info = {"title": "Made", "version": "1"}
    return json.dumps({"overlay": "1.0.0", "info": info, "actions": actions})


def settings(size: int) -> str:
    entry = '[[tool.bothends.ignore]]\ncode = "a"\nreason = "b"\n'
    return "[tool.bothends]\n" + entry * size


FILES: dict[str, tuple[str, Callable[[int], str], Callable[[Path], object]]] = {
    "YAML": ("a.yaml", yaml, lambda file: parse_document(file.read_bytes(), "a.yaml")),
    "aliases": ("b.yaml", aliases, lambda file: parse_document(file.read_bytes(), "b.yaml")),
    "JSON": (
        "a.json",
        lambda size: json.dumps(contract(size)),
        lambda file: parse_document(file.read_bytes(), "a.json").location_of("/paths"),
    ),
    "claims": ("claims.yaml", claims, load_claims),
    "lock": ("names.lock", lock, lambda file: load_lock(file, "names.lock")),
    "seed": ("seed.yaml", yaml, load_seed),
    "manifest": (MANIFEST, manifest, lambda file: _read_manifest(file.parent)),
    "HAR": ("a.har", recording, lambda file: list(read_har(file.read_text()))),
    "overlay": (
        "overlay.json",
        overlay,
        lambda file: apply_overlay(
            parse_document(json.dumps(contract(10)).encode(), "a.json"), file, "overlay.json"
        ),
    ),
    "TOML": ("pyproject.toml", settings, lambda file: load_config(file.parent)),
}


# Sizes at which a quadratic copy of what is left of a text shows.
LONG: dict[str, Callable[[int], object]] = {
    "Content-Type": lambda size: parse_content_type.__wrapped__("a/b" + ";\t" * size),
    "Link": lambda size: next_link("<a>;" * size),
    "Prefer": lambda size: read_preference(["a, " * size]),
    "Accept": lambda size: parse_accept.__wrapped__("a/b," * size),
}


@pytest.mark.parametrize("name", LONG)
def test_long_headers_grow_by_two_and_a_half_when_doubled(name: str) -> None:
    # Doubled five times: 2.5 to the fifth is 97, where quadratic work costs 1,024 times as much.
    # A single doubling of linear work was seen to cost 2.8 times, when memory is short.
    assert growth(LONG[name], 12_500, 400_000) < 97


@pytest.mark.parametrize("variables", [2, 3, 4])
def test_path_templates_grow_linearly(variables: int) -> None:
    # 2 KB of it took a minute where a path has three variables.
    segment = "-".join(f"{{a{number}}}" for number in range(variables))
    pattern = pattern_of(f"{segment}.json")
    assert growth(lambda size: pattern.fullmatch("a-" * size), 50_000, 200_000) < 10


@pytest.mark.parametrize("literals", ["-", ".-", "", "a-a"])
def test_splits_of_a_segment_grow_linearly(literals: str) -> None:
    segment = "{a}-{b}" + "".join(f"{literal}{{c{at}}}" for at, literal in enumerate(literals))

    def read(size: int) -> None:
        assert len(list(splits(segment, "a-" * size))) <= 64

    assert growth(read, 50_000, 200_000) < 10


@pytest.mark.parametrize("name", FILES)
def test_files_beside_contracts_grow_linearly(tmp_path: Path, name: str) -> None:
    file, build, read = FILES[name]
    paths: dict[int, Path] = {}
    for size in (300, 1_200):
        paths[size] = tmp_path / str(size) / file
        paths[size].parent.mkdir()
        paths[size].write_text(build(size), "utf-8")

    def run(size: int) -> None:
        read(paths[size])

    assert growth(run, 300, 1_200) < 10


SERVED = """\
paths:
  /wharves/{id}:
    post:
      operationId: addWharf
      parameters:
        - {name: id, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: string}}}
        - {name: at, in: query, schema: {type: array, items: {type: integer}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, additionalProperties: {type: string}}}
        - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: Trace, in: header, schema: {type: array, items: {type: string}}}
        - {name: seen, in: cookie, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}}
          multipart/form-data: {schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}
          application/jsonl: {itemSchema: {type: object}}
      responses: {'204': {description: Added.}, '400': {description: Wrong.}}
"""
PART = b"--x\r\nContent-Disposition: form-data; name=%s\r\n\r\nb\r\n"
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
# The path, the query, one header and its value, and the body, of a size.
REQUESTS: dict[str, Callable[[int], tuple[str, str, str, str, bytes]]] = {
    "path": lambda size: (";id=a" * size, "", "", "", b""),
    "segments": lambda size: ("/a" * size, "", "", "", b""),
    "list": lambda size: (";id=a", "at=1&" * size, "", "", b""),
    "deep": lambda size: (";id=a", "&".join(f"deep[{n}]=a" for n in range(size)), "", "", b""),
    "nested": lambda size: (";id=a", "deep" + "[a]" * size + "=a", "", "", b""),
    "unknown": lambda size: (";id=a", "&".join(f"x{n}=a" for n in range(size)), "", "", b""),
    "piped": lambda size: (";id=a", "piped=" + "a|%7C" * size, "", "", b""),
    "header": lambda size: (";id=a", "", "trace", "a, " * size, b""),
    "cookies": lambda size: (";id=a", "", "cookie", "seen=a; b=c;" * size, b""),
    "JSON": lambda size: (
        ";id=a",
        "",
        "content-type",
        "application/json",
        b'{"a":[%s1]}' % (b"1," * size),
    ),
    "form": lambda size: (";id=a", "", "content-type", FORM, b"a=1&" * size),
    "form names": lambda size: (
        ";id=a",
        "",
        "content-type",
        FORM,
        b"&".join(b"a%d=1" % n for n in range(size)),
    ),
    "parts": lambda size: (
        ";id=a",
        "",
        "content-type",
        PARTS,
        (PART % b"a") * (size // 4) + b"--x--",
    ),
    "part names": lambda size: (
        ";id=a",
        "",
        "content-type",
        PARTS,
        b"".join(PART % b"a%d" % n for n in range(size // 4)) + b"--x--",
    ),
    "lines": lambda size: (";id=a", "", "content-type", "application/jsonl", b"{}\n" * size),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("wharves")
    package = package_of(folder, SERVED)

    class Wharves:
        async def add_wharf(self, **_: object) -> None:
            return None

    return package.create_app(Wharves())


@pytest.mark.parametrize("name", REQUESTS)
def test_requests_grow_linearly(app: Any, name: str) -> None:
    def run(size: int) -> None:
        path, query, header, value, body = REQUESTS[name](size)
        headers = [(header.encode(), value.encode())] if header else []
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"/wharves/{path}",
            "raw_path": f"/wharves/{path}".encode(),
            "query_string": query.encode(),
            "headers": headers,
        }
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        statuses: list[int] = []

        async def receive() -> Any:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            statuses.append(message.get("status", 0))

        asyncio.run(app(scope, receive, send))
        assert statuses[0] < 500

    assert growth(run, 2_000, 8_000) < 10
