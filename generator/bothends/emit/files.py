"""All files of a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bothends import ir
from bothends.diagnostics import Finding
from bothends.emit.client import emit_client
from bothends.emit.contract import emit_contract
from bothends.emit.coverage import emit_coverage
from bothends.emit.errors import emit_errors
from bothends.emit.models import emit_models
from bothends.emit.operations import emit_operations
from bothends.emit.package import emit_package
from bothends.emit.part import parts
from bothends.emit.server import emit_server
from bothends.emit.source import environment
from bothends.emit.vocabulary import check_vocabulary
from bothends.load import Document


@dataclass(frozen=True, slots=True)
class Emitted:
    """The texts by file name, not yet formatted, and what could not be said in them."""

    files: Mapping[str, str]
    losses: tuple[Finding, ...]


def emit(api: ir.Api, document: Document) -> Emitted:
    """Write every file of the package of a named API. Raises `VocabularyError` when a text is not plain declarations."""
    shown, templates = document.path, environment()
    models = emit_models(api, shown)
    sources = {
        "__init__.py": emit_package(api, shown, templates),
        "errors.py": emit_errors(api, shown, templates),
        "models.py": models.text,
    }
    for part in parts(api):
        sources[f"{part.client}.py"] = emit_client(part, shown, templates)
        sources[f"{part.operations}.py"] = emit_operations(part.api, shown, templates)
        sources[f"{part.server}.py"] = emit_server(part, shown, templates)

    sources = {path: text for path, text in sources.items() if text}
    for path, text in sources.items():
        check_vocabulary(path, text)

    return Emitted(
        files={
            **sources,
            "contract.json": emit_contract(api, document),
            "coverage.json": emit_coverage(api, document, models.losses),
            "py.typed": "",
        },
        losses=models.losses,
    )
