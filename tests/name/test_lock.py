"""`names.lock` as a file: written the same for any order, read back, and told where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.diagnostics import ContractError
from bothends.name import format_lock, load_lock

NAMES = {"/info": "Tides", "/paths/~1b/get": "b", "/paths/~1a/get": "größe"}


def test_what_is_written_is_read_and_sorted(tmp_path: Path) -> None:
    file = tmp_path / "names.lock"
    file.write_text(format_lock(NAMES), "ascii")
    assert load_lock(file, "names.lock").names == NAMES
    assert format_lock(NAMES) == format_lock(dict(reversed(NAMES.items())))


def test_no_file_is_no_names(tmp_path: Path) -> None:
    assert load_lock(tmp_path / "names.lock", "names.lock").names == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "is not a names.lock"),
        ("<<<<<<< ours\n", 1, "is not a names.lock"),
        ("[]", 1, "is not a names.lock"),
        ('{"names": []}', 1, "must map places to names"),
        ('{"names": {"/info": 1}}', 1, "must map places to names"),
        (
            '{"names": {\n  "/info": "Tides",\n  "/a": "two words"\n}}',
            3,
            "'two words', which is not a Python identifier",
        ),
        ('{"names": {\n  "/a": "class"\n}}', 2, "not a Python identifier"),
        ('{"names": {\n  "/a": "x; import os"\n}}', 2, "not a Python identifier"),
        ("[" * 100_000, 1, "is not a names.lock"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    file = tmp_path / "names.lock"
    file.write_text(text, "utf-8")
    with pytest.raises(ContractError, match=r"names\.lock") as caught:
        load_lock(file, "shown/names.lock")

    (finding,) = caught.value.findings
    assert finding.location is not None
    assert (finding.code, finding.location.path, finding.location.line) == (
        "names-lock",
        "shown/names.lock",
        line,
    )
    assert message in finding.message


def test_a_folder_or_bytes_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for name in ("folder", "bytes"):
        with pytest.raises(ContractError, match="cannot be read"):
            load_lock(tmp_path / name, "names.lock")
