"""A contract served without generating, and a stand-in whose methods are incomplete."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2

from bothends.runtime import Operation
from bothends.runtime.stand_in import default_stand_in
from bothends.serve.missing import missing_methods, uncallable_methods
from tests.cli.conftest import CONTRACT
from tests.packages import Package, import_files, make, send
from zuora.operations import API, OPERATIONS


def test_contract_is_served_without_generating(tmp_path: Path) -> None:
    (tmp_path / "tides.yaml").write_text(CONTRACT, encoding="utf-8")
    command = [sys.executable, "-m", "bothends", "serve", "tides.yaml", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first.startswith("tides on http://127.0.0.1:")
            url = first.split()[2].rstrip(",")
            reply = httpx2.get(f"{url}/harbours/porto/tides")
            assert reply.status_code == 200
            assert "heights" in reply.json()
        finally:
            process.terminate()

    assert [path.name for path in tmp_path.iterdir()] == ["tides.yaml"]


def test_many_findings_of_one_cause_are_folded_at_the_start(tmp_path: Path) -> None:
    """GitHub's contract has 536 warnings: 1,624 lines stood before the address."""
    paths = {
        f"/tides{number}": {
            "get": {
                "operationId": f"get{number}",
                "responses": {"ok": {"description": "Fine."}},
            }
        }
        for number in range(20)
    }
    contract = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    (tmp_path / "tides.json").write_text(json.dumps(contract), encoding="utf-8")
    command = [sys.executable, "-m", "bothends", "serve", "tides.json", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("tides on http://127.0.0.1:")
        process.terminate()
        said = process.stderr.read()

    assert said.count("warning[repaired-status]") == 3
    assert "repaired-status: 17 more like these in tides.json" in said
    assert "`bothends validate tides.json --all` lists them" in said


def test_start_shows_at_a_terminal_what_it_does(tmp_path: Path) -> None:
    (tmp_path / "tides.yaml").write_text(CONTRACT, encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bothends", "serve", "tides.yaml", "--port", "0"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("tides on http://127.0.0.1:")
        process.terminate()
    os.close(theirs)
    assert b"generating tides.yaml" in os.read(ours, 4_096)
    os.close(ours)


def operations() -> tuple[Operation[object], ...]:
    return tuple(OPERATIONS)


class Misspelt:
    def resend_email_notification(self) -> None: ...


class Elsewhere:
    def app(self) -> None: ...


def test_misspelt_method_is_named_at_start() -> None:
    [sentence] = missing_methods(Misspelt(), operations())[:1]
    assert sentence == (
        "Misspelt has no resend_email_notifications: it is answered with 501; "
        "did you mean resend_email_notification?"
    )


def test_methods_that_nobody_wrote_are_one_sentence() -> None:
    """Eight warnings about a stand-in that was just begun hid what came before them."""
    unwritten: Any = [SimpleNamespace(name=name) for name in ("add_tide", "get_tide", "drop_tide")]
    [sentence] = missing_methods(Misspelt(), unwritten)
    assert sentence == (
        "Misspelt has no add_tide, get_tide and drop_tide: they are answered with 501"
    )


class Renamed:
    def resend_email_notifications(self, ids: list[str]) -> None: ...


def test_method_with_other_arguments_is_named() -> None:
    [sentence] = uncallable_methods(Renamed(), operations())
    assert sentence.startswith("Renamed.resend_email_notifications is called with idempotency_key")
    assert "notification_ids: missing a required argument: 'ids'" in sentence


def test_operations_of_the_default_stand_in_are_not_loaded() -> None:
    """Its methods take any argument: to look at those of thousands would load them all."""
    (operation,) = operations()
    unloaded: Any = SimpleNamespace(name=operation.name)
    assert list(uncallable_methods(default_stand_in(API, [operation]), [unloaded])) == []


def test_stand_in_with_other_handler_is_trusted() -> None:
    assert missing_methods(Elsewhere(), operations()) == []


RANGES = """\
openapi: 3.1.0
info: {title: Charts, version: '1'}
paths:
  /charts/{id}:
    get:
      operationId: getChart
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: The chart.
          content: {image/*: {schema: {type: string, format: binary}}}
"""


def test_media_range_has_a_default(tmp_path: Path) -> None:
    package = Package(import_files(tmp_path, (made := make(tmp_path, RANGES)).files), made)
    operations = package.part("operations")
    kind: Any = default_stand_in(operations.API, operations.OPERATIONS)
    stand_in = kind()
    reply = send(stand_in.app(), "GET", "/charts/1")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/png")
    reply = send(stand_in.app(), "GET", "/charts/1", headers={"Accept": "image/gif"})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/gif")
