"""Errors of JSON Schema validation, said for people: the branch that was meant, the place, a short sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind

from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

_LONGEST = 80
_TAGS = ("in", "type", "kind")


def explain(errors: Iterable[ValidationError], pointer: str = "") -> list[Problem]:
    """One problem per fault of the value at `pointer`; of alternatives, only the one that fits best is spoken of."""
    problems = [problem for cause in causes(errors) for problem in describe(cause, pointer)]
    return list(dict.fromkeys(problems))


def causes(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """Find the errors to speak of: those of the alternative that was meant, without mere consequences."""
    leaves = [leaf for error in errors for leaf in _leaves(error)]
    return [leaf for leaf in leaves if not _follows(leaf, leaves)]


def shorten(value: Any) -> str:
    """A JSON value as it may stand in a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    match error.kind:
        case ValidationErrorKind.AnyOf(context) | ValidationErrorKind.OneOfNotValid(context):
            branches = [
                branch for branch in context if branch and not any(map(_is_wrong_kind, branch))
            ]
            if not branches:
                yield error
                return

            best = max(branches, key=_fitness)
            for inner in best:
                yield from _leaves(inner)
        case _:
            yield error


def _is_wrong_kind(error: ValidationError) -> bool:
    """Whether the branch was not meant at all: the reference that is none, the object that is a list."""
    kind = error.kind
    is_missing_reference = (
        isinstance(kind, ValidationErrorKind.Required) and kind.property == "$ref"
    )
    return is_missing_reference or (
        isinstance(kind, ValidationErrorKind.Type) and not error.schema_path[:-1]
    )


def _fitness(branch: list[ValidationError]) -> tuple[int, int, int]:
    """How likely the branch was meant: its tag fits, it judged far into the value, it has little to say."""
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
    """A property counts as unevaluated also because something beside it is wrong; only the cause is told."""
    if not isinstance(error.kind, ValidationErrorKind.UnevaluatedProperties):
        return False

    return any(
        not isinstance(all_error.kind, ValidationErrorKind.UnevaluatedProperties)
        and all_error.instance_path == error.instance_path
        for all_error in all_errors
    )


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


def _sentence(error: ValidationError) -> str:
    value = shorten(error.instance)
    match error.kind:
        case ValidationErrorKind.Required(name):
            sentence = f'"{name}" is missing.'
        case ValidationErrorKind.Type(types):
            sentence = f"This must be {' or '.join(types)}, not {value}."
        case ValidationErrorKind.Enum(options):
            sentence = f"{value} is not one of {', '.join(map(shorten, options))}."
        case ValidationErrorKind.Constant(expected):
            sentence = f"This must be {shorten(expected)}, not {value}."
        case ValidationErrorKind.Pattern(pattern):
            sentence = f"{value} does not match the pattern {pattern}."
        case ValidationErrorKind.Format(name):
            sentence = f"{value} is not of the format {name}."
        case ValidationErrorKind.FalseSchema():
            sentence = f"Nothing is allowed here, but there is {value}."
        case _:
            sentence = _shortened_message(error)

    return sentence


def _shortened_message(error: ValidationError) -> str:
    """The library's own sentence, which quotes the whole value, with the value cut."""
    complete = json.dumps(error.instance, ensure_ascii=False, separators=(",", ":"), default=str)
    message = error.message.replace(complete, shorten(error.instance), 1)
    return f"{message[: 3 * _LONGEST]}." if not message.endswith(".") else message[: 3 * _LONGEST]
