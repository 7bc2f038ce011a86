"""`models.py` as a whole: our header, the classes, nothing that the base class says already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bothends import ir
from bothends.diagnostics import Finding, Severity
from bothends.emit.at_work import PartFault
from bothends.emit.header import header
from bothends.emit.models.aliases import write_recursive_aliases
from bothends.emit.models.classes import write_nulls_and_extras
from bothends.emit.models.groups import ClassNotWritten, write_classes
from bothends.emit.models.lower import lower_alias, lower_model
from bothends.emit.models.unions import flatten_unions
from bothends.emit.source import docstring
from bothends.kept import Keep, keep_nothing

BASE_CLASS: Final = "bothends.runtime.Model"

_HEADER = re.compile(r"\A(?:#[^\n]*\n)*\n*")
_CONFIG = re.compile(
    r"^    model_config = ConfigDict\(\n        use_attribute_docstrings=True,\n    \)\n+",
    re.MULTILINE,
)
# A class of answers whose only property is writeOnly has nothing else in its body.
_ONLY_CONFIG = re.compile(_CONFIG.pattern + r"(?=\S|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Models:
    """The text of `models.py`, and what could not be said in it."""

    text: str
    losses: tuple[Finding, ...]


def emit_models(api: ir.Api, display_path: str, keep: Keep = keep_nothing) -> Models:
    """Write the models of an API. `display_path` is the contract's path in the header."""
    names = {model.pointer: model.name for model in api.models}
    # Comprehensions, so that no model is still held when something later fails.
    schemas = {
        str(model.name): lower_model(model, names.get(model.variant_of, "")) for model in api.models
    }
    schemas |= {str(alias.name): lower_alias(alias) for alias in api.aliases}
    if not schemas:
        return Models("", ())

    try:
        source, warnings = write_classes(schemas, _aliases(api), BASE_CLASS, keep=keep)
    except ClassNotWritten as error:
        parts: dict[str, ir.Model | ir.Alias] = {str(alias.name): alias for alias in api.aliases}
        parts |= {str(model.name): model for model in api.models}
        raise PartFault(parts[error.name]) from error.__cause__
    source = _CONFIG.sub("", _ONLY_CONFIG.sub("    ...\n\n\n", source))
    source = _HEADER.sub("", source, count=1)
    source = write_nulls_and_extras(source, api)
    source = flatten_unions(write_recursive_aliases(source, api))
    text = docstring(header(api, display_path, "the objects of the API")) + "\n\n" + source

    return Models(
        text, tuple(Finding("model-loss", Severity.WARNING, warning) for warning in warnings)
    )


def _aliases(api: ir.Api) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for model in api.models:
        for field in model.properties:
            if field.name != field.wire_name:
                found[f"{model.name}.{field.wire_name}"] = str(field.name)
    return found
