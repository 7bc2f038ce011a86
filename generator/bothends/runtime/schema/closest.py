"""Find the alternative of a union that a value was probably meant as, if it fits none.

Example: `{kind: cat, lives: "9"}` and `anyOf: [Dog, Cat]`, whose `kind` are constants. Cat is the
closest, because its constant is right, so the error is "lives must be an integer" and not a list of
the faults of both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object

from .composition import COMPOSING, composed, reference, tag_text

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

Find = Callable[[str], Any]
"""The node at a pointer of the contract, or None."""

_MOST_ALTERNATIVES, _MOST_ERRORS = 50, 50


@dataclass(frozen=True, slots=True)
class Alternative:
    """One alternative of a union: its schema's pointer, and why the value does not fit it.

    `pointer` is that of the schema's component where it is one.
    """

    number: int
    pointer: str
    errors: Sequence[ValidationError]


def closest(error: ValidationError, find: Find) -> tuple[Alternative, list[Alternative]] | None:
    """The alternative that a value fits best, and all that were looked at.

    None where nothing is known of any.

    Where the contract has a discriminator, that decides (OpenAPI 3.1 §4.8.25). Else it is the one
    of the value's JSON type, with its constants, and with most of its parts right.
    """
    union = join(*error.schema_path)
    # The library's types have one class for all kinds of errors.
    causes: list[list[ValidationError]] = getattr(error.kind, "context")  # noqa: B009
    found: list[Alternative] = []
    for number, errors in enumerate(causes[:_MOST_ALTERNATIVES]):
        if errors:
            pointer = f"{union}/{number}"
            schema = find(pointer)
            if is_object(schema) and "$ref" in schema:
                pointer = reference(schema)
            found.append(Alternative(number, pointer, errors[:_MOST_ERRORS]))
    if not found:
        return None

    # The discriminator is what the sender meant, even if another alternative is nearer.
    best = _discriminated(error.instance, find(union.rpartition("/")[0]), found)
    if best is None:
        best = min(found, key=lambda alternative: _distance(alternative, error, find))
    return best, found


def type_fault(alternative: Alternative, error: ValidationError) -> ValidationError | None:
    """Return the error that the value is of a JSON type which the alternative forbids."""
    for cause in alternative.errors:
        if cause.kind.name == "type" and not _below(cause, error):
            return cause
    return None


def constant_fault(alternative: Alternative, error: ValidationError) -> ValidationError | None:
    """Return the first error of a property that has another constant than the alternative."""
    for cause in alternative.errors:
        if cause.kind.name == "const" and len(_below(cause, error)) == 1:
            return cause
    return None


def _below(cause: ValidationError, error: ValidationError) -> list[str | int]:
    return list(cause.instance_path)[len(error.instance_path) :]


def _discriminated(value: object, union: object, found: list[Alternative]) -> Alternative | None:
    discriminator = union.get("discriminator") if is_object(union) else None
    if not is_object(discriminator) or not is_object(value):
        return None

    tag = tag_text(value.get(discriminator.get("propertyName", "")))
    target = str(discriminator.get("mapping", {}).get(tag, tag)).removeprefix("#")
    for alternative in found:
        if target in (alternative.pointer, alternative.pointer.rpartition("/")[2]):
            return alternative
    return None


def _distance(
    alternative: Alternative, error: ValidationError, find: Find
) -> tuple[bool, bool, int, int, int]:
    """How far a value is from an alternative, the weightiest difference first."""
    paths = [_below(entry, error) for entry in alternative.errors]
    wrong = {path[0] for path in paths if path}
    value: object = error.instance
    existing = set[str]()
    if is_object(value):
        existing = _declared(find, alternative.pointer) & value.keys()

    # Properties, not errors, are counted: one wrong array has an error for each item.
    faults = len(wrong) + sum(not path for path in paths)
    return (
        type_fault(alternative, error) is not None,
        constant_fault(alternative, error) is not None,
        -len(existing - wrong),
        -len(existing),
        faults,
    )


def _declared(find: Find, pointer: str) -> set[str]:
    """The properties that a schema declares, itself or through `$ref` and composition."""
    found = set[str]()
    for schema in composed(find, [pointer], *COMPOSING).values():
        if is_object(schema):
            found |= schema.get("properties", {}).keys()
    return found
