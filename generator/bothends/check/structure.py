"""Is it built as OpenAPI? The schema is that of openapi-spec-validator, run in Rust.

So alternatives can be looked into, and the library need not be imported.
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.openapi.contract import Contract
from bothends.openapi.explain import explain
from bothends.openapi.problem import Problem
from bothends.openapi.structure import structure_errors


def structure_problems(contract: Contract) -> Iterator[Problem]:
    """What the schema of OpenAPI and the metaschema of its schemas do not allow."""
    for pointer, errors in structure_errors(contract):
        yield from explain(errors, pointer)
