"""The one place that talks to datamodel-code-generator.

Its output changes with most of its releases, so it is pinned, given only hoisted, named, types-only
schemas, and its answer is checked against what was asked for (`emit_model_metadata`). What it
drops, it tells as Python warnings.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path

from datamodel_code_generator import GenerateConfig, InputFileType, OpenAPIScope, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import DatetimeClassType, PythonVersion
from datamodel_code_generator.parser import LiteralType

from bothends.emit.models.order import Group
from bothends.scratch import scratch_folder


def write_group(group: Group, aliases: Mapping[str, str], base_class: str) -> tuple[str, list[str]]:
    """Python source of a group of classes, and the warnings.

    `aliases` maps `Class.wireName` to the field's Python name.
    """
    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "1"},
        "paths": {},
        "components": {"schemas": group.schemas},
    }
    with scratch_folder() as folder, warnings.catch_warnings(record=True) as caught:
        # A warning is its only word on a schema that it drops; shown once per process, the second
        # contract would lose it.
        warnings.simplefilter("always")
        metadata = folder / "metadata.json"
        source = generate(document, config=_config(aliases, base_class, metadata))
        result = {
            model["source_ref"].rpartition("/")[2]
            for model in json.loads(metadata.read_text("utf-8"))["models"]
        }

    if missing := set(group.own) - result:
        raise RuntimeError(f"datamodel-code-generator made no class for {sorted(missing)}")
    if not isinstance(source, str):
        raise RuntimeError("datamodel-code-generator gave several modules instead of one")

    return source, [str(warning.message) for warning in caught]


def _config(aliases: Mapping[str, str], base_class: str, metadata: Path) -> GenerateConfig:
    return GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        output_datetime_class=DatetimeClassType.Datetime,
        # Paths are ours; given them, it would make classes for parameters too.
        openapi_scopes=[OpenAPIScope.Schemas],
        strict_refs=True,
        # A contract must not reach the network (law 6).
        allow_remote_refs=False,
        use_annotated=True,
        field_constraints=True,
        strict_nullable=True,
        use_type_alias=True,
        enum_field_as_literal=LiteralType.All,
        base_class=base_class,
        aliases=dict(aliases),
        custom_class_name_generator=lambda name: name,
        use_schema_description=True,
        use_field_description=True,
        use_attribute_docstrings=True,
        use_single_line_docstring=True,
        use_union_operator=True,
        use_standard_collections=True,
        # `Tide.V2` would else become a module of its own, and several files.
        treat_dot_as_module=False,
        # Line breaks are the work of one pass of ruff; here they cost a seventh of the call.
        formatters=[],
        # Dates in the output would break law 1.
        disable_timestamp=True,
        emit_model_metadata=metadata,
    )
