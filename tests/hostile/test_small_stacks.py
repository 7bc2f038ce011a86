"""Deep values on a thread with a small stack: refused or read, and never the end of the process.

Servers run handlers in threads, and musl gives those 128 KB, macOS 512 KB. Compiled readers and
writers recurse on that stack and know no limit of Python's.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.packages import make

CONTRACT = """
paths:
  /trees:
    post:
      operationId: plant
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}
      responses: {'204': {description: Done.}, '400': {description: Wrong.}}
components:
  schemas:
    Tree:
      type: object
      properties: {left: {$ref: '#/components/schemas/Tree'}, note: {}}
"""
PROGRAM = """
import sys, threading, asyncio
sys.path.insert(0, sys.argv[1])
import httpx2
from trees import create_app

class Planter:
    def plant(self, body): return None

def nested(name, depth): return b'{"%s":' % name * depth + b"{}" + b"}" * depth

async def post(content):
    transport = httpx2.ASGITransport(app=create_app(Planter()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://t") as client:
        headers = {"content-type": "application/json"}
        return (await client.post("/trees", content=content, headers=headers)).status_code

def run():
    for depth in (10, 31, 33, 100, 190, 199, 250, 5000):
        for name in (b"left", b"note"):
            print(name.decode(), depth, asyncio.run(post(nested(name, depth))))

threading.stack_size(512 * 1024)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def test_deep_bodies_do_not_end_the_process(tmp_path: Path) -> None:
    made = make(tmp_path / "specs", CONTRACT)
    for name, text in made.files.items():
        file = tmp_path / "trees" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    statuses = [line.split() for line in done.stdout.splitlines()]
    assert len(statuses) == 16
    for _, depth, status in statuses:
        assert status in (("204",) if int(depth) < 190 else ("204", "400"))
