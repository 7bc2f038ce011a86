"""How parts are framed and named by the libraries of others: text before the first, names of files in any letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.packages import Package, handler, send

CHARTS = """
paths:
  /charts:
    post:
      operationId: addChart
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, required: [chart], properties: {chart: {type: string, format: binary}}}
      responses: {'204': {description: Added.}, '400': {description: Refused.}}
"""
HEAD = 'Content-Disposition: form-data; name="chart"'


@pytest.fixture(scope="module")
def charts(made_once: Callable[[str], Package]) -> Package:
    return made_once(CHARTS)


def received(charts: Package, head: str, before: bytes = b"") -> object:
    files: list[object] = []

    def add_chart(body: object) -> None:
        files.append(getattr(body, "chart", None))

    content = before + f"--x\r\n{head}\r\n\r\nabc\r\n--x--\r\n".encode()
    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = send(
        charts.app(handler(add_chart=add_chart)),
        "POST",
        "/charts",
        headers=headers,
        content=content,
    )
    return files[0] if response.status_code == 204 else response.status_code


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (f"{HEAD}; filename*=UTF-8''%C3%9Cber%20%E2%82%AC.png", "\xdcber \u20ac.png"),
        (f"{HEAD}; filename*=iso-8859-1'de'%DCber.png", "\xdcber.png"),
        (f"{HEAD}; filename=\"=?utf-8?B?w5wucG5n?=\"; filename*=utf-8''%C3%9C.png", "\xdc.png"),
        (f"{HEAD}; filename=\"a.png\"; filename*=utf-8''%FF.png", "a.png"),
        (f'{HEAD}; filename="a.png"; filename*=%C3%9C.png', "a.png"),
        (f'{HEAD}; filename="\xdcber.png"', "\xdcber.png"),
        (HEAD, None),
    ],
)
def test_file_has_the_name_that_was_sent(charts: Package, head: str, name: str | None) -> None:
    file = received(charts, head)
    assert getattr(file, "filename", file) == name


@pytest.mark.parametrize("before", [b"", b"\r\n", b"Parts follow.\r\n", b"a\r\n--xy\r\n\r\nb\r\n"])
def test_text_before_the_first_part_is_passed_over(charts: Package, before: bytes) -> None:
    assert getattr(received(charts, HEAD, before), "content", None) == b"abc"


def test_boundary_inside_of_a_line_is_text(charts: Package) -> None:
    assert getattr(received(charts, HEAD, b"text --x text\r\n"), "content", None) == b"abc"
