"""`bothends ir`."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from bothends.cli.arguments import Spec, load_project
from bothends.cli.exits import FINE
from bothends.cli.outline import outline, plain


class Format(StrEnum):
    """An outline for people, or all of it for programs."""

    TEXT = "text"
    JSON = "json"


def ir(
    spec: Spec,
    format: Annotated[  # noqa: A002 (the word of the command line)
        Format,
        typer.Option(
            "--format", "-f", help="An outline that leaves out what is empty, or all of it as JSON."
        ),
    ] = Format.TEXT,
) -> int:
    """Print the intermediate representation of a contract: what the generator understood.

    The first thing to run when generated code looks wrong: if a type or a name is wrong here, the
    fault is not in emit.

    Examples:

      bothends ir harbour

      bothends ir harbour --format json | jq '.operations[].path'
    """
    from bothends.pipeline import intermediate

    _, [chosen] = load_project([spec])
    _, intermediate_result = intermediate(chosen)
    api = intermediate_result.api

    if format is Format.JSON:
        print(json.dumps(plain(api), indent=2))
    else:
        print("\n".join(outline(api)))

    return FINE
