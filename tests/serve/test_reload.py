"""`bothends serve --reload`: the server follows its contract, and survives one that is broken."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

CONTRACT = """\
openapi: 3.1.0
info: {title: Harbour, version: '1'}
paths:
  /tides:
    get:
      operationId: listTides
      responses:
        '200': {description: Tides., content: {application/json: {schema: {$ref: parts/tide.yaml}}}}
"""


def eventually(check: Callable[[], bool]) -> bool:
    """Whether something becomes true in time; a machine under load gets a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.1)
    return False


def test_server_follows_its_contract(tmp_path: Path) -> None:
    contract = tmp_path / "specs/harbour/openapi.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text(CONTRACT, encoding="utf-8")
    part = contract.parent / "parts/tide.yaml"
    part.parent.mkdir()
    part.write_text("const: first\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    log = (tmp_path / "log.txt").open("wb")
    command = [sys.executable, "-m", "bothends", "serve", "harbour", "--port", "0", "--reload"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)

    def printed() -> str:
        return (tmp_path / "log.txt").read_text("utf-8")

    def answers(text: str) -> bool:
        _, _, rest = printed().partition("http://")
        try:
            answer = httpx2.get(f"http://{rest.partition(',')[0]}/tides", timeout=5)
        except httpx2.TransportError:
            return False
        return bool(answer.json() == text)

    try:
        assert eventually(lambda: "Ctrl-C ends\nthe contract" in printed()), printed()
        assert eventually(lambda: answers("first")), printed()
        contract.write_text("openapi: [\n", encoding="utf-8")
        assert eventually(lambda: "yaml-syntax" in printed()), printed()
        contract.write_text(CONTRACT, encoding="utf-8")
        assert eventually(lambda: answers("first")), printed()
        part.write_text("const: second\n", encoding="utf-8")
        assert eventually(lambda: answers("second")), printed()
        elsewhere = contract.parent / "later/tide.yaml"
        elsewhere.parent.mkdir()
        contract.write_text(CONTRACT.replace("parts/", "later/"), encoding="utf-8")
        assert eventually(lambda: "later/tide.yaml" in printed()), printed()
        elsewhere.write_text("const: third\n", encoding="utf-8")
        assert eventually(lambda: answers("third")), printed()
        elsewhere.write_text("const: fourth\n", encoding="utf-8")
        assert eventually(lambda: answers("fourth")), printed()
    finally:
        process.terminate()
        assert process.wait(30) == 0
        log.close()
    assert eventually(lambda: not answers("fourth"))
