"""All files of a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from bothends.emit.tags import emit_tags
from bothends.emit.vocabulary import check_vocabulary
from bothends.kept import Keep, keep_nothing
from bothends.load import Document


@dataclass(frozen=True, slots=True)
class Emitted:
    """The texts by file name, not yet formatted, and the types that models cannot express."""

    files: Mapping[str, str]
    losses: tuple[Finding, ...]


def emit(
    api: ir.Api,
    document: Document,
    repairs: Iterable[Finding] = (),
    keep: Keep = keep_nothing,
) -> Emitted:
    """Make the text of every file of a package.

    Args:
        api: The named API.
        document: The normalised contract, for `contract.json` and the locations in `coverage.json`.
        repairs: What was repaired in the contract, for `coverage.json`.
        keep: May have the text of groups of classes, and of modules, from earlier runs.

    Raises:
        VocabularyError: a text holds something else than plain declarations (law 6).
    """
    contract_path, templates = document.path, environment()
    models = emit_models(api, contract_path, keep)
    sources = {
        "__init__.py": emit_package(api, contract_path, templates),
    }
    calls, *webhooks = parts(api)
    if api.layout == "tags":
        sources |= emit_tags(calls, models.text, contract_path, templates, keep)
    else:
        sources["errors.py"] = emit_errors(api, contract_path, templates)
        sources["models.py"] = models.text

    for part in webhooks if api.layout == "tags" else (calls, *webhooks):
        sources[f"{part.client}.py"] = emit_client(part, contract_path, templates)
        sources[f"{part.operations}.py"] = emit_operations(part, contract_path, templates)
        sources[f"{part.server}.py"] = emit_server(part, contract_path, templates)

    sources = {path: text for path, text in sources.items() if text}
    for path, text in sources.items():
        check_vocabulary(path, text)

    return Emitted(
        files={
            **sources,
            **emit_contract(api, document),
            "coverage.json": emit_coverage(api, document, repairs, models.losses),
            # PEP 561: without this marker type checkers ignore the annotations of a package.
            "py.typed": "",
        },
        losses=models.losses,
    )
