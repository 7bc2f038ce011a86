"""`claims.yaml`, read and held to its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs

from bothends.diagnostics import ContractError
from bothends.load import Document, load_document
from bothends.nearest import counted_comparisons, nearest
from bothends.openapi.explain import explain
from bothends.openapi.pointer import join
from bothends.openapi.problem import Problem, as_findings


class Kept(StrEnum):
    """What keeps a claim."""

    CONTRACT = "contract"
    STAND_IN = "stand-in"
    INFORMATIONAL = "informational"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document that claims rest on."""

    id: str
    title: str
    url: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a document, in our words; `fingerprint` is empty where none was taken."""

    id: str
    statement: str
    document: str
    section: str
    fingerprint: str
    kept: Kept
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """All claims of one contract, in the order of the file."""

    document: Document
    documents: Mapping[str, SourceDocument]
    claims: Mapping[str, Claim]


@counted_comparisons()
def load_claims(path: Path, display_path: str | None = None) -> ClaimsFile:
    """The claims in a file; raises `ContractError` with every fault of its shape."""
    document = load_document(path, display_path=display_path)
    problems = list(_shape_problems(document.data)) or list(_unknown_documents(document.data))
    if problems:
        raise ContractError(as_findings(problems, document, "claims-shape"))

    declared = document.data["documents"].items()
    documents = {key: SourceDocument(key, **entry) for key, entry in declared}
    claims = {key: _claim(key, entry) for key, entry in document.data["claims"].items()}
    return ClaimsFile(document, documents, claims)


def _shape_problems(data: dict[str, Any]) -> Iterator[Problem]:
    for problem in explain(_validator().iter_errors(data), schema=_schema()):
        if problem.pointer.endswith("/fingerprint"):
            hint = (
                'Copy what `bothends claims NAME --fingerprint "passage"` prints, or leave it out.'
            )
            yield replace(problem, hint=hint)
        else:
            yield problem


def _claim(key: str, entry: dict[str, Any]) -> Claim:
    source: dict[str, str] = entry["source"]
    return Claim(
        id=key,
        statement=entry["statement"].strip(),
        document=source["document"],
        section=source.get("section", ""),
        fingerprint=source.get("fingerprint", ""),
        kept=Kept(entry["kept"]),
        reason=entry.get("reason", "").strip(),
    )


def _unknown_documents(data: dict[str, Any]) -> Iterator[Problem]:
    for key, entry in data["claims"].items():
        found = entry["source"]["document"]
        if found not in data["documents"]:
            # Ids of documents are typed by hand in each claim, so a slip is likelier than a missing
            # document.
            near = nearest(found, data["documents"])
            hint = f"Did you mean {near}?" if near else "List it under documents."
            pointer = join("claims", key, "source", "document")
            yield Problem(pointer, f"There is no document {found}.", hint)


@cache
def _schema() -> Any:
    text = files("bothends.check.claims").joinpath("claims.schema.json").read_text("utf-8")
    return json.loads(text)


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(_schema(), offline=True)
