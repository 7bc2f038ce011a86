"""The vendors' documents, where they lie beside the working copy, and our contracts and claims made from them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

ROOT = Path(__file__).parents[2]
SHELF = ROOT.parent / "shared" / "vendors"
FILES = {
    "zuora": "zuora-resend-email-notifications.txt",
    "capillary": "capillary-resend-rendered-page.txt",
    "capillary-markdown": "capillary-resend-markdown-source.txt",
    "leegality": "leegality-resend-notifications.txt",
}
VENDORS = ("zuora", "capillary", "leegality")
ROWS = {"zuora": ("Z", 31), "capillary": ("C", 30), "leegality": ("L", 31)}


def document(key: str) -> str:
    """The text of a vendor's document; skips the test where it is not at hand."""
    file = SHELF / FILES[key]
    if not file.is_file():
        pytest.skip(
            f"the vendor's document is not part of the repository and not at ../shared/vendors/{file.name}"
        )
    return file.read_text(encoding="utf-8")


def contract(vendor: str) -> dict[str, Any]:
    """The vendor's contract as plain data."""
    data: dict[str, Any] = yaml.safe_load(
        (ROOT / "specs" / vendor / "openapi.yaml").read_text(encoding="utf-8")
    )
    return data


def claims(vendor: str) -> dict[str, Any]:
    """The vendor's claims file as plain data."""
    data: dict[str, Any] = yaml.safe_load(
        (ROOT / "specs" / vendor / "claims.yaml").read_text(encoding="utf-8")
    )
    return data


def operation(vendor: str) -> dict[str, Any]:
    """The one operation of the vendor's contract."""
    (path_item,) = contract(vendor)["paths"].values()
    found: dict[str, Any] = path_item["post"]
    return found


def request_content(vendor: str) -> dict[str, Any]:
    """What the contract says of the request body."""
    content: dict[str, Any] = operation(vendor)["requestBody"]["content"]["application/json"]
    return content


def reply_content(vendor: str, status: str) -> dict[str, Any]:
    """What the contract says of the body of one reply."""
    content: dict[str, Any] = operation(vendor)["responses"][status]["content"]["application/json"]
    return content


def fits(vendor: str, content: dict[str, Any], value: object) -> bool:
    """Whether the contract allows the value here."""
    schema = {**content["schema"], "components": contract(vendor)["components"]}
    return bool(jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value))


def examples(content: dict[str, Any]) -> list[Any]:
    """The values of the named examples."""
    return [example["value"] for example in content["examples"].values()]


def json_samples(text: str) -> list[Any]:
    """The JSON objects and arrays that occur in a document, in order. List marks that a scraper left are dropped."""
    text = re.sub(r'^\s*- +(?=["}\]])', "", text, flags=re.MULTILINE)
    found, position = list[Any](), 0
    while start := re.compile(r"[\[{]").search(text, position):
        try:
            value, position = json.JSONDecoder().raw_decode(text, start.start())
        except json.JSONDecodeError:
            position = start.end()
            continue
        found += [value] if value else []
    return found
