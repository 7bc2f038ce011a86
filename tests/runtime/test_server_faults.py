"""What the server answers when something behind it is wrong: a 500 that tells nothing, and a line in the log."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest

from bothends.runtime import App, Credential, Response

from .harbour.models import Problem
from .harbour.operations import API, OPERATIONS
from .wire import Got, send

INTERNAL = {"type": "about:blank", "title": "Internal Server Error", "status": 500}


class Harbour:
    def __init__(self, answer: object = None) -> None:
        self.answer = answer

    def sink(self) -> object:
        """Documented for any status, as "default"."""
        return self.answer


def sink(answer: object, *, check: bool = True) -> Got:
    return send(App(API, OPERATIONS, Harbour(answer), check_replies=check), "DELETE", "/vessels")


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("status", ["200", None, 600, 100, 0, -1, True, 200.0])
def test_a_status_that_is_none(status: Any, check: bool, caplog: pytest.LogCaptureFixture) -> None:
    got = sink(Response(Problem(title="x"), status), check=check)
    assert (got.status, got.json) == (500, INTERNAL)
    assert len(caplog.records) == 1


def test_a_status_of_the_enumeration() -> None:
    assert sink(Response(Problem(title="x"), HTTPStatus.CONFLICT)).status == 409


def test_a_header_value_that_cannot_be_written(caplog: pytest.LogCaptureFixture) -> None:
    class Odd:
        def __str__(self) -> str:
            raise ZeroDivisionError

    got = sink(Response(Problem(title="x"), 400, {"X-Odd": Odd()}))
    assert (got.status, got.json) == (500, INTERNAL)
    assert "ZeroDivisionError" in caplog.text


def test_arguments_that_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    def authenticate(_credentials: Mapping[str, Credential]) -> bool:
        raise NameError("nobody knows this name")

    app = App(API, OPERATIONS, Harbour(), authenticate=authenticate)
    got = send(app, "GET", "/harbours/h1/tides", headers=[("authorization", "Bearer t")])
    assert (got.status, got.json) == (500, INTERNAL)
    assert "NameError" in caplog.text
