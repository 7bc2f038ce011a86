"""What a change does to Python callers: names, signatures and types of the package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, cast

from bothends import ir
from bothends.diff.change import Change, Direction, Effect, Verdict

_Spelling: TypeAlias = Callable[[ir.Type], str]


def compare_surface(old: ir.Api, new: ir.Api, annotation: _Spelling) -> list[Change]:
    """Compare the public names of two generated packages.

    Args:
        old: The named API of the old contract.
        new: The named API of the new contract.
        annotation: How a type is written in Python.

    Returns:
        The changes of methods, arguments, classes and fields, the breaking ones first. A type is
        compared as it is written; another spelling of a wider argument or a narrower result counts
        as
        unknown, because only a type checker can tell.
    """
    changes = [*_methods(old, new, annotation), *_classes(old, new, annotation)]
    return sorted(changes, key=lambda change: list(Verdict).index(change.verdict))


def _methods(old: ir.Api, new: ir.Api, annotation: _Spelling) -> Iterator[Change]:
    was = {str(operation.name): operation for operation in old.every_operation}
    now = {str(operation.name): operation for operation in new.every_operation}

    for name, operation in was.items():
        if name not in now:
            yield _change("python-method-gone", name, f"`{name}()` is gone", Verdict.BREAKING)
        else:
            yield from _arguments(name, operation, now[name], annotation)

    for name in now.keys() - was.keys():
        yield _change("python-method-added", name, f"`{name}()` is new", Verdict.COMPATIBLE)


def _arguments(
    method: str, old: ir.Operation, new: ir.Operation, annotation: _Spelling
) -> Iterator[Change]:
    was, now = _signature(old), _signature(new)
    for name, (required, type_) in was.items():
        if name not in now:
            message = f"`{method}()` takes no `{name}` any more"
            yield _change("python-argument-gone", method, message, Verdict.BREAKING)
            continue

        is_required, new_type = now[name]
        if is_required and not required:
            message = f"`{name}` of `{method}()` became required"
            yield _change("python-argument-required", method, message, Verdict.BREAKING)
        if type_ != new_type:
            types = _both(type_, new_type, annotation)
            message = f"`{name}` of `{method}()` has another type: {types}"
            yield _change("python-argument-type", method, message, Verdict.UNKNOWN)

    for name, (required, _) in now.items():
        if name not in was:
            verdict = Verdict.BREAKING if required else Verdict.COMPATIBLE
            message = f"`{method}()` takes `{name}`, {'required' if required else 'optional'}"
            yield _change("python-argument-added", method, message, verdict)

    results, new_results = _results(old), _results(new)
    if results != new_results:
        types = _both(results, new_results, annotation)
        message = f"`{method}()` gives another type: {types}"
        yield _change("python-result-type", method, message, Verdict.UNKNOWN)


def _signature(operation: ir.Operation) -> dict[str, tuple[bool, Any]]:
    """Each argument with whether it is required, and its type."""
    signature: dict[str, tuple[bool, Any]] = {
        str(parameter.name): (parameter.required, parameter.type)
        for parameter in operation.parameters
    }
    if isinstance(operation.body, ir.Body):
        types = tuple(content.type for content in operation.body.contents)
        signature[str(operation.body.name)] = (operation.body.required, types)

    return signature


def _results(operation: ir.Operation) -> list[Any]:
    results: list[Any] = []
    for reply in operation.replies:
        if reply.is_success:
            contents = reply.contents
            results.append(
                "nothing" if isinstance(contents, ir.NoBody) else [c.type for c in contents]
            )

    return results


def _classes(old: ir.Api, new: ir.Api, annotation: _Spelling) -> Iterator[Change]:
    was = {str(component.name): component for component in old.components}
    now = {str(component.name): component for component in new.components}
    # Users import error classes for `except`, so a name that goes breaks them like a model's.
    errors_was, errors_now = _errors(old), _errors(new)

    for name in [*was, *errors_was]:
        if name not in now and name not in errors_now:
            yield _change("python-class-gone", name, f"class `{name}` is gone", Verdict.BREAKING)

    for name, component in was.items():
        another = now.get(name)
        if isinstance(component, ir.Model) and isinstance(another, ir.Model):
            yield from _fields(name, component, another, annotation)


def _errors(api: ir.Api) -> list[str]:
    return [
        str(reply.name)
        for operation in api.every_operation
        for reply in operation.replies
        if not reply.is_success
    ]


def _fields(name: str, old: ir.Model, new: ir.Model, annotation: _Spelling) -> Iterator[Change]:
    was = {str(field.name): field for field in old.properties}
    now = {str(field.name): field for field in new.properties}

    for field, before in was.items():
        after = now.get(field)
        if after is None:
            message = f"`{name}.{field}` is gone"
            yield _change("python-field-gone", name, message, Verdict.BREAKING)
        elif before.type != after.type or before.required != after.required:
            types = _both(before.type, after.type, annotation)
            if before.type == after.type:
                types = "required" if after.required else "optional"
            message = f"`{name}.{field}` has another type: {types}"
            yield _change("python-field-type", name, message, Verdict.UNKNOWN)

    for field, after in now.items():
        if field not in was:
            verdict = Verdict.BREAKING if after.required else Verdict.COMPATIBLE
            message = f"`{name}.{field}` is new, {'required' if after.required else 'optional'}"
            yield _change("python-field-added", name, message, verdict)


def _both(old: Any, new: Any, annotation: _Spelling) -> str:
    """The old and the new type."""
    return f"{_written(old, annotation)} became {_written(new, annotation)}"


def _written(type_: Any, annotation: _Spelling) -> str:
    """A type as Python writes it; of several, such as those of a body's media types, each once."""
    if isinstance(type_, list | tuple):
        members = cast("Sequence[Any]", type_)
        return " or ".join(dict.fromkeys(_written(each, annotation) for each in members))
    return "nothing" if type_ == "nothing" else f"`{annotation(type_)}`"


def _change(code: str, subject: str, message: str, verdict: Verdict) -> Change:
    return Change(code, (subject,), message, Direction.NEITHER, Effect.NONE, verdict, None, None)
