"""Is it legal OpenAPI? The judge is openapi-spec-validator; the places and the sentences are ours.

Its schema of OpenAPI is run first (structure.py); these are its checks beyond the schema. Those of
its parts that judge schemas, examples and defaults with a backtracking
regex engine are left out: `check_examples` does that, and schemas are held to their metaschema
here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

from jsonschema_path.paths import SchemaPath
from openapi_spec_validator import (
    OpenAPIV30SpecValidator,
    OpenAPIV31SpecValidator,
    OpenAPIV32SpecValidator,
)
from openapi_spec_validator.validation.exceptions import (
    DuplicateOperationIDError,
    UnresolvableParameterError,
)
from openapi_spec_validator.validation.keywords import KeywordValidator
from openapi_spec_validator.validation.registries import KeywordValidatorRegistry
from openapi_spec_validator.validation.validators import SpecValidator

from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import join
from bothends.openapi.problem import Problem

_Check: TypeAlias = Callable[..., Iterator[Any]]

# Rules of ours say these with a better place: `operation-id-repeated`, `path-parameter`.
_SAID_BY_RULES = (DuplicateOperationIDError, UnresolvableParameterError)


def check_meaning(contract: Contract) -> Iterator[Problem]:
    """What no schema can say.

    Only for contracts whose structure is legal and whose references lead somewhere.
    """
    data = dict(contract.document.data)
    # The library takes `x-note: text` beside the paths for a path item, and fails on the text.
    paths = as_object(data.get("paths"))
    if any(path.startswith("x-") for path in paths):
        data["paths"] = {path: item for path, item in paths.items() if path[:2] != "x-"}
    validator: SpecValidator = OpenAPIV31SpecValidator(data)
    if contract.is_v3_0:
        validator = OpenAPIV30SpecValidator(data)
    elif contract.is_v3_2:
        validator = OpenAPIV32SpecValidator(data)

    registry = validator.keyword_validators_registry
    for name in validator.keyword_validators:
        # Its regex engine backtracks: a pattern of the contract may keep it busy for ever.
        is_ours = name in ("schema", "default")
        registry[name] = _Skipped(registry) if is_ours else _Placed(registry, registry[name])

    # The library has no types for what a registry holds.
    check = cast("_Check", registry["__root__"])
    try:
        for error in check(validator.schema_path):
            if not isinstance(error, _SAID_BY_RULES):
                yield Problem(getattr(error, "pointer", ""), f"{error.message}.")
    except (ValueError, RecursionError):
        # The library takes path templates apart with string.Formatter, which raises on loose
        # braces, and follows chains of references in recursion. The rules `path-template` and
        # `nesting-by-reference` tell of those.
        return
    except (AttributeError, KeyError, TypeError) as error:
        # It follows references without asking what they lead to.
        yield Problem(
            "/paths",
            f"A reference leads to something of another kind than is needed there ({error}).",
        )


class _Skipped(KeywordValidator):
    """In place of the checks that are made elsewhere, and faster."""

    def __call__(self, *_: object, **__: object) -> Iterator[Any]:
        return iter(())


class _Placed(KeywordValidator):
    """A check that notes on each error the place of the object that it judged."""

    def __init__(self, registry: KeywordValidatorRegistry, check: KeywordValidator) -> None:
        super().__init__(registry)
        self._check = cast("_Check", check)

    def __call__(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        for error in self._check(*arguments, **options):
            if not hasattr(error, "pointer"):
                path = next(argument for argument in arguments if isinstance(argument, SchemaPath))
                error.pointer = join(*(str(part) for part in path.parts))
            yield error
