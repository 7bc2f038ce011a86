"""The README's Python runs, and its commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bothends.pytest_plugin import StandIns
from zuora.client import ZuoraClient

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_there_is_an_example_of_each_end() -> None:
    assert len(BLOCKS) >= 2


def test_the_python_blocks_run_in_order(repository: Path) -> None:
    # The client's section comes before the handler's, and calls it.
    blocks = sorted(BLOCKS, key=lambda block: "app = create_app" not in block)
    script = "import sys\nsys.path.insert(0, 'generated')\n" + "\n".join(blocks)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize("way", ["resend", "resend_by_hand"])
def test_the_same_task_has_the_same_result(bothends_stand_in: StandIns, way: str) -> None:
    known: dict[str, Any] = {str(number): {} for number in range(1001)}
    full = {"failure": {"code": "MailboxFull", "message": "The mailbox is full."}}
    vendor = bothends_stand_in("zuora", seed={"notifications": {**known, "full": full}})
    names: dict[str, Any] = {}

    for block in BLOCKS:
        if "def resend" in block:
            exec(block, names)

    with (
        ZuoraClient(bearer_auth="t", app=vendor.app) as client,
        httpx2.Client(base_url=vendor.url) as http,
    ):
        arguments = (client,) if way == "resend" else (http, "t")
        assert names[way](*arguments, [*known, "full"]) == {"full": "The mailbox is full."}
        assert names[way](*arguments, ["1"]) == {}
        assert names[way](*arguments, ["full"]) == {"full": "The mailbox is full."}

    assert vendor.handler.sent == [*known, "1"]


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"(?:`|^    )bothends ([a-z-]+)", README, re.MULTILINE)))
)
def test_the_commands_exist(repository: Path, command: str) -> None:
    assert (repository / f"generator/bothends/cli/{command.replace('-', '_')}.py").is_file()
