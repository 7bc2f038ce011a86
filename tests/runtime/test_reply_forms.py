"""An answer that fits several media types or statuses is encoded and judged once in each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bothends.runtime.media.json import JsonCodec
from tests.packages import Package, handler, import_files, make, send

KELPS = """
paths:
  /kelps:
    get:
      operationId: listKelps
      responses:
        '200':
          description: Some.
          content:
            application/json: {schema: {type: array, items: {type: string}}}
            application/hal+json: {schema: {type: array, items: {type: integer}}}
        '206':
          description: Others.
          content:
            application/json: {schema: {type: array, items: {type: boolean}}}
"""


@pytest.mark.parametrize(
    ("answer", "status", "sent", "count"),
    [
        (["a"], 200, "application/json", 1),
        ([1], 200, "application/hal+json", 2),
        ([True], 206, "application/json", 3),
    ],
)
def test_each_form_is_judged_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: list[Any],
    status: int,
    sent: str,
    count: int,
) -> None:
    made = make(tmp_path, KELPS)
    package = Package(import_files(tmp_path, made.files), made)
    judged: list[JsonCodec] = []
    judge = JsonCodec.judge

    def count_judged(codec: JsonCodec, value: Any) -> Any:
        judged.append(codec)
        return judge(codec, value)

    monkeypatch.setattr(JsonCodec, "judge", count_judged)

    async def list_kelps() -> Any:
        return answer

    reply = send(package.app(handler(list_kelps=list_kelps)), "GET", "/kelps")
    assert (reply.status_code, reply.headers["content-type"]) == (status, sent)
    assert len(judged) == len(set(map(id, judged))) == count
