"""The faults that stop a document from being read, as findings with a place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Final

from bothends.diagnostics import ContractError, Finding, Lines, Severity, SourceLocation
from bothends.load.limits import (
    MAX_ALIASES,
    MAX_DEPTH,
    MAX_KEYS_LENGTH,
    MAX_NODES,
    MAX_TEXT,
    MAX_WIDTH,
)
from bothends.nearest import nearest
from bothends.openapi.pointer import split

OF_ONE_PLACE: Final = {
    "duplicate-key",
    "key-not-text",
    "lone-surrogate",
    "not-finite",
    "number-too-long",
    "tag",
    "unknown-alias",
}
"""The codes of faults that leave a member or an item out of a document, and spoil nothing else."""

_NAMED_BY_AUTHORS: Final = {
    "callbacks",
    "content",
    "definitions",
    "$defs",
    "headers",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "variables",
    "webhooks",
}
"""The fields of OpenAPI and JSON Schema that hold a map: its keys are names, not fields."""

_WITHOUT_EFFECT: Final = {
    "default",
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "title",
}


def fault(
    code: str, message: str, hint: str, *, path: str, source: str, offset: int, pointer: str = ""
) -> Finding:
    """An error at a character offset of the text."""
    line, column = _lines(source).locate(min(max(offset, 0), len(source)))
    return Finding(code, Severity.ERROR, message, SourceLocation(path, line, column, pointer), hint)


@lru_cache(maxsize=1)
def _lines(source: str) -> Lines:
    return Lines(source)


def as_note(finding: Finding) -> Finding:
    """A fault of one place as it is told of a contract: a warning where nothing depends on it.

    That is in what is for readers only: examples, descriptions, extensions.
    """
    if finding.severity is not Severity.ERROR:
        return finding

    parts = split(finding.location.pointer) if finding.location else []
    holders = ["", *parts[:-1]]
    for holder, part in zip(holders, parts, strict=True):
        is_field = holder not in _NAMED_BY_AUTHORS
        if is_field and (part in _WITHOUT_EFFECT or part.startswith("x-")):
            code = f"left-out-{finding.code}"
            return replace(finding, code=code, severity=Severity.WARNING)

    return finding


def same_twice(finding: Finding, name: str) -> Finding:
    """A repeated key, where both members are the same."""
    message = f'The key "{name}" occurs twice in this mapping, with the same value.'
    return replace(
        finding, code="repaired-duplicate-key", severity=Severity.WARNING, message=message
    )


def file_fault(code: str, message: str, hint: str, *, path: str) -> ContractError:
    """An error of the file as a whole, to be raised."""
    return ContractError([Finding(code, Severity.ERROR, message, SourceLocation(path, 1, 1), hint)])


# What both readers refuse, in the same words: code, message, hint.
TOO_DEEP = (
    "too-deep",
    f"This is nested more than {MAX_DEPTH} levels deep.",
    "Move inner parts to components and refer to them.",
)
TOO_MANY_NODES = (
    "too-many-nodes",
    f"The document holds more than {MAX_NODES:,} values (each alias counts as all it stands for).",
    "Split the contract, or write fewer aliases.",
)
TOO_WIDE = (
    "too-wide",
    f"This mapping or list has more than {MAX_WIDTH:,} entries.",
    "Split it, or describe the values by a pattern instead of naming each.",
)
TEXT_TOO_LONG = (
    "text-too-long",
    f"This text has more than {MAX_TEXT:,} characters.",
    "Move it to a document of its own, and name that in `externalDocs`.",
)
KEYS_TOO_LONG = (
    "keys-too-long",
    f"The keys that lead here have more than {MAX_KEYS_LENGTH:,} characters.",
    "Shorten the path or the names.",
)
TOO_MANY_ALIASES = (
    "too-many-aliases",
    f"The document has more than {MAX_ALIASES:,} aliases.",
    "Use $ref instead of aliases.",
)
NOT_FINITE = (
    "not-finite",
    "JSON has no such number.",
    "Write a finite number, or quote it if it is meant as text.",
)
LONG_NUMBER = (
    "number-too-long",
    "This number has too many digits.",
    "Quote it if it is meant as text.",
)
LONE_SURROGATE = (
    "lone-surrogate",
    "This text holds half of a surrogate pair, which is not a character.",
    "Write the character itself, or both halves.",
)


def duplicate_key(name: str) -> tuple[str, str, str]:
    """The same key twice in one mapping."""
    return (
        "duplicate-key",
        f'The key "{name}" occurs twice in this mapping.',
        "Keep one; readers disagree on which one counts.",
    )


NO_CONTENT = (
    "empty",
    "The document is empty.",
    "`bothends init NAME` writes a first contract.",
)
CONTROL = (
    "control-character",
    "A control character cannot stand in YAML.",
    'Remove it, or write it as an escape in double quotes ("\\x07").',
)
CONFLICT = (
    "merge-conflict",
    "Git left a conflict here.",
    "Keep one of the two versions, and remove the lines with <<<<<<<, ======= and >>>>>>>.",
)
SEVERAL_DOCUMENTS = (
    "several-documents",
    "A second YAML document begins here.",
    "Keep one document in the file.",
)
TAG = (
    "tag",
    "A tag asks the reader for another type; a contract is plain data.",
    "Remove the tag; quote the value to make it text.",
)
TEMPLATE = (
    "key-not-text",
    "Two braces open a mapping whose key is a mapping: a template that was not filled in?",
    "Fill it in; or quote the value.",
)
KEY_NOT_TEXT = ("key-not-text", "A key must be text.", "Quote it.")


def unknown_alias(name: str, anchors: Collection[str]) -> tuple[str, str, str]:
    """Return the fault of an alias whose anchor is missing, misspelt, or around it."""
    near = nearest(name, [each for each in anchors if each != name])
    hint = f"Did you mean *{near}?" if near else "Define the anchor before its alias."
    return "unknown-alias", f"No value that ends before *{name} has the anchor &{name}.", hint


def alias_inside_itself(name: str) -> tuple[str, str, str]:
    """Return the fault of an alias in the value that its anchor names."""
    message = f"*{name} stands inside of the value that &{name} names."
    return "unknown-alias", message, "What contains itself is written by `$ref` to a component."
