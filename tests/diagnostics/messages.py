"""Messages on contracts that no case of tests/cases, tests/broken and tests/check has: one text for each code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding, render
from bothends.pipeline import generate

FOLDER = Path(__file__).parent
CASES: dict[str, Any] = yaml.safe_load((FOLDER / "messages.yaml").read_text("utf-8"))
GOLDEN = FOLDER / "messages.txt"


def render_messages() -> str:
    """Each case with what is said of it: line, column, caret and hint."""
    return "\n".join(_told())


def _told() -> Iterator[str]:
    for code, case in CASES.items():
        name, text = case.get("file", "openapi.yaml"), case["text"].encode("utf-8", "surrogatepass")
        text = re.sub(rb"<([0-9a-f]{2})>", lambda found: bytes.fromhex(found[1].decode()), text)
        text = re.sub(rb"<(.+?)\*(\d+)>", lambda found: found[1] * int(found[2]), text)
        with TemporaryDirectory() as folder:
            contract = Path(folder, name)
            contract.write_bytes(text)
            findings = [found for found in _findings(contract) if found.code == code]

        shown = text.decode("utf-8", "replace")
        yield f"== {code}\n{render(findings, 'text', {name: shown})}"


def _findings(contract: Path) -> tuple[Finding, ...]:
    spec = SpecFile("made", contract, None, None, contract.with_name("names.lock"), contract.name)
    try:
        return generate(spec).findings
    except ContractError as error:
        return tuple(error.findings)


if __name__ == "__main__":
    GOLDEN.write_text(render_messages(), encoding="utf-8", newline="\n")
