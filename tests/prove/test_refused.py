"""A stand-in that refuses valid requests by a rule of the business: what the proof says, and that both ways out are ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bothends.prove import Budget, Evidence, causes, prove_package
from bothends.runtime import Response
from tests.packages import HEAD

from .packages import make_package

pytestmark = pytest.mark.filterwarnings("ignore")
_PAY = """
paths:
  /payments:
    post:
      operationId: pay
{}
      requestBody: {{required: true, content: {{application/json: {{schema: {{type: object, required: [amount], properties: {{amount: {{type: integer, minimum: 1}}}}}}}}}}}}
      responses:
        '204': {{description: Paid.}}
        '409': {{description: Too much.}}
        '400':
          description: No.
          content:
            application/json:
              schema: {{type: object, required: [code], properties: {{code: {{type: string}}}}}}
              examples: {{broken: {{value: {{code: BROKEN}}}}}}
"""
_STATED = "      x-on-invalid: {status: 400, example: broken}"


def _prove(
    folder: Path, name: str, status: int, *, code: str = "TOO_MUCH", stated: str = ""
) -> Evidence:
    class StandIn:
        def pay(self, body: Any) -> Response[Any]:
            if body.amount > 1000:
                return Response(None if status != 400 else {"code": code}, status)
            return Response(None, 204)

    contract = folder / f"{name}.yaml"
    contract.write_text(HEAD + _PAY.format(stated), "utf-8")
    package = make_package(folder, name, contract)

    return prove_package(package, Budget(1, 20), stand_in=StandIn, constants=(1000, 1001))


def test_documented_400_is_one_cause_with_hints(
    tmp_path: Path,
) -> None:
    [cause] = causes(_prove(tmp_path, "paying_400", 400))
    assert cause.headline.startswith("a valid request is refused with 400")
    assert "by another status" in cause.headline
    assert "`x-on-invalid: {status: 400, example: …}`" in cause.headline
    assert {part for part, _ in cause.checks} == {"wire probes", "conformance"}
    assert "1001" in cause.smallest.curl


def test_another_status_is_a_way_out(tmp_path: Path) -> None:
    assert _prove(tmp_path, "paying_409", 409).failures == []


def test_x_on_invalid_helps_but_its_reply_fails(tmp_path: Path) -> None:
    assert _prove(tmp_path, "paying_told", 400, stated=_STATED).failures == []
    [cause] = causes(_prove(tmp_path, "paying_same", 400, code="BROKEN", stated=_STATED))
    assert cause.headline.startswith(
        "a valid request gets the reply of status 400 that `x-on-invalid` names"
    )
