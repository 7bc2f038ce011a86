"""What the budgets of a body and an answer just allow takes a second of CPU and 200 MB at most.

Each shape is read in a process of its own, so that its memory is its own, and the best of three
counts: what else the machine does only adds. An answer is read by the generated client, a body by
the generated server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bothends.runtime.json.budget import CHOICES, COLLECTIONS, DIGITS, NAMES, VALUES
from tests.conftest import ROOT
from tests.packages import import_files, make

CONTRACT = """\
paths:
  /sheds:
    post:
      operationId: putSheds
      requestBody:
        content:
          application/json: &array {schema: {type: array, items: {$ref: '#/components/schemas/Shed'}}}
          application/jsonl: *array
      responses: {'204': {description: Put.}, '400': {description: Wrong.}}
  /sheds/array:
    get:
      operationId: array
      responses: {'200': {description: Sheds., content: {application/json: *array}}}
  /sheds/lines:
    get:
      operationId: lines
      responses: {'204': {description: None.}, '400': {description: Sheds., content: {application/jsonl: *array}}}
components:
  schemas:
    Shed:
      type: object
      properties:
        name: {type: string}
        built: {type: string, format: date-time}
        area: {type: number}
        parts: {type: array, items: {type: integer}}
        numbers: {type: array, items: {type: number}}
        either:
          anyOf:
            - {type: object, required: [a], properties: {a: {type: integer}}}
            - {type: object, required: [b], properties: {b: {type: integer}}}
        shed: {$ref: '#/components/schemas/Shed'}
"""
MOST_CPU, MOST_MEMORY = 1.0, 200_000_000
ROUNDS = 3

# Reads the text beside it once, after a small one, and prints what that took: seconds of CPU, and
# bytes over what was held before.
READ = """\
import importlib, json, resource, sys, time
from pathlib import Path

import httpx2
import pytest

from tests.hostile.served import Sheds, post

end, kind, name = sys.argv[1:]
package = importlib.import_module(name)
content = Path("text").read_bytes()


def answer(content):
    status, headers = 200 if kind == "application/json" else 400, {"content-type": kind}
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(status, headers=headers, content=content)
    )
    with package.MadeClient(base_url="http://a", transport=transport) as client:
        if status == 200:
            return client.array()
        # Lines are a list in an error only; in a success they are a stream, each with its own budget.
        with pytest.raises(package.LinesBadRequest) as error:
            client.lines()
        return error.value.body


app = package.create_app(Sheds())


def body(content):
    assert post(app, kind, content) == 204


read = answer if end == "answer" else body
read(b'[{"name":"a"}]' if kind == "application/json" else b'{"name":"a"}\\n')
held, spent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
read(content)
spent = time.process_time() - spent
print(json.dumps([spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) * 1024]))
"""


def lines(item: str, count: int) -> tuple[str, str]:
    return "application/jsonl", (item + "\n") * count


def array(item: str, count: int) -> tuple[str, str]:
    return "application/json", "[" + ",".join([item] * count) + "]"


AN_EACH = '{"name":"a","area":1,"built":"2026-01-02T03:04:05Z"}'
SHAPES = {
    "objects": lambda: array("{}", COLLECTIONS - 1),
    "objects in lines": lambda: lines("{}", COLLECTIONS),
    "objects with a name": lambda: array('{"name":"a"}', COLLECTIONS - 1),
    "objects with a name, in lines": lambda: lines('{"name":"a"}', COLLECTIONS),
    "objects with a date": lambda: array('{"built":"2026-01-02T03:04:05Z"}', COLLECTIONS - 1),
    "objects with three names": lambda: array(AN_EACH, min(COLLECTIONS - 1, NAMES // 3)),
    "objects with three names, in lines": lambda: lines(AN_EACH, min(COLLECTIONS, NAMES // 3)),
    # Decimals that no double writes so are read by a slower reader, which counts them once more.
    "objects with a decimal": lambda: array('{"area":1.10}', COLLECTIONS // 2 - 1),
    "objects with a decimal, in lines": lambda: lines('{"area":1.10}', COLLECTIONS // 2),
    "decimals": lambda: array('{"numbers":[' + "1.10," * 639 + "1]}", VALUES // 641 // 2),
    "long integers": lambda: array('{"parts":[%s]}' % ("9" * 4_300), DIGITS // 4_300 // 2),
    "unions": lambda: array('{"either":{"b":1}}', CHOICES // 3),
    "objects in objects": lambda: array('{"shed":' * 99 + "{}" + "}" * 99, COLLECTIONS // 100 - 1),
    "lists": lambda: array('{"parts":[1]}', COLLECTIONS // 2 - 1),
    "lists of many": lambda: array('{"parts":[' + ",".join(["1"] * 640) + "]}", VALUES // 641),
    "names of one object": lambda: (
        "application/json",
        "[{" + ",".join(f'"n{number}":1' for number in range(NAMES - 1)) + "}]",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("end", ["answer", "body"])
def test_what_the_budgets_allow_is_affordable(tmp_path: Path, end: str, shape: str) -> None:
    package = import_files(tmp_path, make(tmp_path, CONTRACT).files)
    kind, text = SHAPES[shape]()
    (tmp_path / "text").write_text(text, "utf-8")
    found = [measured(tmp_path, end, kind, package.__name__) for _ in range(ROUNDS)]
    seconds, memory = (min(figures) for figures in zip(*found, strict=True))
    assert seconds < MOST_CPU, f"{seconds:.2f} s"
    assert memory < MOST_MEMORY, f"{memory / 1e6:.0f} MB"


def measured(folder: Path, *arguments: str) -> tuple[float, int]:
    """The seconds of CPU and bytes of memory that one reading takes."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", READ, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, memory = json.loads(done.stdout)
    return seconds, memory
