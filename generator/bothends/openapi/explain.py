"""Errors of JSON Schema validation for people: the likely branch, its place, a sentence.

Worked example: `{in: path, required: false}` fits neither of the alternatives of a parameter. The
validator lists the faults of both. `in: path` says which one was meant, so there is one problem:

    Problem("/required", '"required" must be true, not false.')
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind

from bothends.counted import counted
from bothends.nearest import listed, nearest
from bothends.openapi.grammar import GRAMMAR
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import Problem

_LONGEST = 80
_NOUNS = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
STATUS = "A key of `responses` is a status such as '200', a range such as 4XX, or default."
_PATH = (
    "A key of `paths` is a path such as /tides; a method is below its path: see its indentation."
)
_CALLBACK = (
    "Between the name of a callback and its method is the URL that is called: "
    "'{$request.body#/url}': {post: …}."
)
_ADDED = {
    "authorizationUrl": "Such as authorizationUrl: https://login.example/authorize.",
    "openIdConnectUrl": (
        "Such as openIdConnectUrl: https://login.example/.well-known/openid-configuration."
    ),
    "tokenUrl": "Such as tokenUrl: https://login.example/token.",
}
_SECTIONS = tuple(GRAMMAR["components"])
_EXTRA = "Remove it, or correct its spelling; the name of an extension begins with x-."
FORMAT_EXAMPLES = {
    "date": "2026-01-02 (RFC 3339)",
    "date-time": "2026-01-02T10:00:00Z: with the zone, Z or +05:30 (RFC 3339)",
    "duration": "P1DT12H (ISO 8601)",
    "email": "name@host.example",
    "time": "10:00:00Z: with the zone, Z or +05:30 (RFC 3339)",
    "uri": "https://host.example/path",
    "uuid": "5f0c1a5e-2b1c-4c55-9d52-0f3f0d6f7a10",
}
_TAGS = ("in", "type", "kind")


def explain(
    errors: Iterable[ValidationError],
    pointer: str = "",
    schema: Any = None,
    *,
    is_data: bool = False,
) -> list[Problem]:
    """Return one problem per fault of a value; of alternatives, only the one that fits best.

    Args:
        errors: What the validator found.
        pointer: Where the value is in its document.
        schema: The schema, if keys that it does not allow are compared with those that it does.
        is_data: Whether the value is an example or a default: what would make a contract of it is
            no hint there, and its schema may be wrong as well.
    """
    problems: dict[Problem, None] = {}
    for cause in causes(errors):
        for problem in describe(cause, pointer):
            hinted = _with_hint(problem, cause, schema)
            problems[_with_addition(hinted, cause) if not (is_data or hinted.hint) else hinted] = (
                None
            )
    return list(problems)


def causes(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """Find the errors of the alternative that was probably meant, without consequences."""
    leaves = [leaf for error in errors for leaf in _leaves(error)]
    return [leaf for leaf in leaves if not _follows(leaf, leaves)]


def shorten(value: Any) -> str:
    """A JSON value as it may stand in a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    match error.kind:
        case ValidationErrorKind.AnyOf(context) | ValidationErrorKind.OneOfNotValid(context):
            fitting = [branch for branch in context if not any(map(_is_wrong_kind, branch))]
            branches = list(filter(None, fitting))
            if not branches:
                yield error
                return

            best = max(branches, key=_fitness)
            for inner in best:
                yield from _leaves(inner)
        case _:
            yield error


def _is_wrong_kind(error: ValidationError) -> bool:
    """Whether a branch was not meant: it is for references or objects, and this is none."""
    kind = error.kind
    is_missing_reference = (
        isinstance(kind, ValidationErrorKind.Required) and kind.property == "$ref"
    )
    return is_missing_reference or (
        isinstance(kind, ValidationErrorKind.Type) and not error.schema_path[:-1]
    )


def _fitness(branch: list[ValidationError]) -> tuple[int, int, int]:
    """Rank a branch: its tag fits, its errors are deep in the value, they are few."""
    worst_tag = max(_tag_mismatch(error) for error in branch)
    return -worst_tag, max(_depth(error) for error in branch), -len(branch)


def _tag_mismatch(error: ValidationError) -> int:
    """0: no tag is wrong; 1: a fixed value is; 2: one that by its name tells the branches apart."""
    match error.kind:
        case ValidationErrorKind.Enum([_]) | ValidationErrorKind.Constant():
            return 2 if error.instance_path[-1:] and error.instance_path[-1] in _TAGS else 1
        case _:
            return 0


def _depth(error: ValidationError) -> int:
    return max((len(leaf.instance_path) for leaf in _leaves(error)), default=0)


def _follows(error: ValidationError, all_errors: Sequence[ValidationError]) -> bool:
    """A property counts as unevaluated also because something beside it, or in it, is wrong.

    `{type: apiKey, in: headers, name: X}`: nothing is wrong with `name`. Only the cause is told.
    """
    if isinstance(error.kind, ValidationErrorKind.OneOfMultipleValid):
        # A text fits several alternatives that are for objects only; another error says so.
        return any(
            another is not error and another.instance_path == error.instance_path
            for another in all_errors
        )
    if not isinstance(error.kind, ValidationErrorKind.UnevaluatedProperties):
        return False

    own = error.instance_path
    unexpected = error.kind.unexpected
    for another in all_errors:
        path = another.instance_path
        if isinstance(another.kind, ValidationErrorKind.UnevaluatedProperties):
            continue
        if path[: len(own)] == own and (len(path) <= len(own) + 1 or path[len(own)] in unexpected):
            return True
    return False


def describe(error: ValidationError, pointer: str) -> Iterator[Problem]:
    """Say one error about the value at a pointer in words."""
    value_pointer = below(pointer, *error.instance_path)
    match error.kind:
        case ValidationErrorKind.AdditionalProperties(
            unexpected
        ) | ValidationErrorKind.UnevaluatedProperties(unexpected):
            for name in unexpected:
                yield Problem(
                    below(value_pointer, name), f'"{name}" is not allowed here.', key=True
                )
        case ValidationErrorKind.PropertyNames(inner):
            yield Problem(value_pointer, f"A key is not allowed here: {_sentence(inner)}")
        case _:
            yield Problem(value_pointer, _sentence(error))


def _with_hint(problem: Problem, error: ValidationError, schema: Any) -> Problem:
    """Add what was probably meant: an allowed key, an allowed value, a text in the format."""
    match error.kind:
        case ValidationErrorKind.AdditionalProperties() if schema is not None:
            for step in error.schema_path[:-1]:
                schema = as_object(schema).get(str(step))
            allowed = [*as_object(as_object(schema).get("properties"))]
            # One that is there already was not meant: `file` beside `title`.
            missing = [name for name in allowed if name not in as_object(error.instance)]
            near = nearest(split(problem.pointer)[-1], missing)
            possible = f"These are: {listed(allowed)}." if allowed else ""
            return replace(problem, hint=f"Did you mean {near}?" if near else possible)
        case (
            ValidationErrorKind.AdditionalProperties() | ValidationErrorKind.UnevaluatedProperties()
        ):
            steps = split(problem.pointer)
            if steps[-4:-3] == ["callbacks"]:
                return replace(problem, hint=_CALLBACK)
            if steps[:-1] == ["components"] and (near := nearest(steps[-1], _SECTIONS)):
                return replace(problem, hint=f"Did you mean {near}?")
            hints = {"responses": STATUS, "paths": _PATH}
            return replace(problem, hint=hints.get("".join(steps[-2:-1]), _EXTRA))
        case ValidationErrorKind.Enum(options):
            texts = [option for option in options if isinstance(option, str)]
            near = nearest(str(error.instance), texts)
            return replace(problem, hint=f"Did you mean {near}?") if near else problem
        case ValidationErrorKind.Format(name) if name in FORMAT_EXAMPLES:
            return replace(problem, hint=f"Such as {FORMAT_EXAMPLES[name]}.")
        case ValidationErrorKind.Pattern():
            # A runtime expression without its dollar sign: `request.header.X`.
            is_expression = str(error.instance).partition(".")[0] in ("request", "response")
            hint = f"Did you mean ${error.instance}?" if is_expression else problem.hint
            return replace(problem, hint=hint)
        case _:
            return problem


def _with_addition(problem: Problem, error: ValidationError) -> Problem:
    """Add what an object of OpenAPI lacks, or the shape that it should have."""
    match error.kind:
        case ValidationErrorKind.Required(name):
            return replace(problem, hint=_ADDED.get(name, f"Add {name}."))
        case ValidationErrorKind.Type(types):
            return replace(problem, hint=_shape_hint(problem.pointer, error.instance, types))
        case ValidationErrorKind.MaxProperties() if problem.pointer.endswith("/content"):
            return replace(problem, hint="Keep one media type.")
        case ValidationErrorKind.FalseSchema() if _excluding(error) == "encoding":
            hint = "Keep `encoding` for properties of an object, the other for items of an array."
            return replace(problem, hint=hint)
        case _:
            return problem


def _excluding(error: ValidationError) -> str:
    """The field beside which another one is not allowed; empty if that is not the reason."""
    path = [str(step) for step in error.schema_path]
    return path[path.index("dependentSchemas") + 1] if "dependentSchemas" in path else ""


def _shape_hint(pointer: str, value: Any, types: Sequence[str]) -> str:
    """What to write where an object or a list is needed, and something else is there."""
    steps = ["", *split(pointer)]
    if "security" in steps[-2:] and isinstance(value, str):
        return f"Write the scheme with its scopes, [] for none: {value}: []."
    if "security" in steps[-3:] and "array" in types:
        return f"These are the scopes of {steps[-1]}: [] for none."
    if "object" in types and isinstance(value, list):
        return "Write it without the hyphens: each entry is below a key of its own."
    if "object" in types and steps[-2] == "headers":
        return f"Describe it: {steps[-1]}: {{schema: {{type: string}}}}."
    if "array" in types:
        return "Write a list, such as [a, b]."
    return ""


def _subject(path: Sequence[str | int]) -> str:
    """The name of what is wrong: its key, or that of the list that it is in."""
    if path and isinstance(path[-1], str):
        return f'"{path[-1]}"'
    names = [step for step in path if isinstance(step, str)]
    return f'An entry of "{names[-1]}"' if names else "This"


def _sentence(error: ValidationError) -> str:
    value = shorten(error.instance)
    subject = _subject(error.instance_path)
    match error.kind:
        case ValidationErrorKind.Required(name):
            sentence = f'"{name}" is missing.'
        case ValidationErrorKind.Type(types):
            nouns = " or ".join(_NOUNS.get(type_, type_) for type_ in types)
            sentence = f"{subject} must be {nouns}, not {value}."
        case ValidationErrorKind.Enum(options):
            expected = listed([*map(shorten, options)])
            sentence = f"{subject} must be one of {expected}, not {value}."
        case ValidationErrorKind.Constant(expected):
            sentence = f"{subject} must be {shorten(expected)}, not {value}."
        case ValidationErrorKind.Pattern(pattern):
            sentence = f"{subject} must match the pattern {pattern}, and {value} does not."
        case ValidationErrorKind.Format(name):
            sentence = f"{subject} must be of the format {name}, and {value} is not."
        case ValidationErrorKind.MaxProperties(limit):
            entries = counted(len(as_object(error.instance)), "entry", "entries")
            sentence = f"{subject} has {entries}, and may have {limit}."
        case ValidationErrorKind.ExclusiveMinimum(limit):
            sentence = f"{subject} must be greater than {limit}, not {value}."
        case ValidationErrorKind.FalseSchema():
            beside = _excluding(error)
            sentence = f"Nothing is allowed here, but there is {value}."
            if beside:
                sentence = f'{subject} is not allowed beside "{beside}".'
        case _:
            complete = json.dumps(
                error.instance, ensure_ascii=False, separators=(",", ":"), default=str
            )
            message = error.message.replace(complete, shorten(error.instance), 1)
            sentence = message[: 3 * _LONGEST]
            if not message.endswith("."):
                sentence += "."

    return sentence
