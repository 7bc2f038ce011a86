"""What a change does to Python callers: names, signatures and types of the package."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from bothends import ir
from bothends.diagnostics import SourceLocation
from bothends.diff.change import Change, Direction, Effect, Verdict
from bothends.diff.surface.caller_sides import CallerSide, caller_sides
from bothends.diff.surface.python_types import narrows, overlaps, takes_same
from bothends.diff.surface.signature import (
    NOTHING,
    Argument,
    errors_of,
    iterators_of,
    results_of,
    signature_of,
)
from bothends.load import Document

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_Spelling: TypeAlias = Callable[[ir.Type], str]


def compare_surface(
    old: ir.Api,
    new: ir.Api,
    annotation: _Spelling,
    documents: tuple[Document, Document] | None = None,
) -> list[Change]:
    """Compare the public names of two generated packages.

    Args:
        old: The named API of the old contract.
        new: The named API of the new contract.
        annotation: How a type is written in Python.
        documents: The two contracts, for the places of the changes.

    Returns:
        The changes of credentials, methods, arguments, classes and fields, the breaking ones first.
        A wider argument and a narrower result are compatible, and so are fields of a class that
        callers only make, or are only given. Where only a type checker can tell, as of the fields
        of a class that is both, the change is unknown.
    """
    comparison = _Surface(old, new, annotation, documents)
    changes = [
        *comparison.credentials(),
        *comparison.methods(),
        *comparison.iterators(),
        *comparison.classes(),
    ]
    return sorted(changes, key=lambda change: list(Verdict).index(change.verdict))


@dataclass(frozen=True, slots=True)
class _Surface:
    """Two named APIs, and how the changes between them are told."""

    old: ir.Api
    new: ir.Api
    annotation: _Spelling
    documents: tuple[Document, Document] | None

    def credentials(self) -> Iterator[Change]:
        """The arguments of a client that take credentials."""
        was = {str(scheme.name): scheme for scheme in self.old.security_schemes}
        now = {str(scheme.name): scheme for scheme in self.new.security_schemes}
        for name, scheme in was.items():
            another = now.get(name)
            if another is None:
                message = f"the client takes no `{name}` any more"
                yield self._change("python-credentials-gone", name, message, (scheme.pointer, None))
            elif scheme.kind != another.kind:
                message = f"`{name}` of the client was {scheme.kind}, is {another.kind}"
                pointers = (scheme.pointer, another.pointer)
                yield self._change("python-credentials-type", name, message, pointers)

        for name, scheme in now.items():
            if name not in was:
                message = f"the client takes `{name}`"
                yield self._change(
                    "python-credentials-added", name, message, (None, scheme.pointer)
                )

    def methods(self) -> Iterator[Change]:
        """Methods that are gone or new, and the arguments and results of the others."""
        was = {str(operation.name): operation for operation in self.old.every_operation}
        now = {str(operation.name): operation for operation in self.new.every_operation}

        for name, operation in was.items():
            if name in now:
                yield from self._arguments(name, operation, now[name])
                yield from self._places(name, operation, now[name])
                yield from self._outcomes(name, operation, now[name])
            else:
                yield self._change(
                    "python-method-gone", name, f"`{name}()` is gone", (operation.pointer, None)
                )

        for name, operation in now.items():
            if name not in was:
                yield self._change(
                    "python-method-added", name, f"`{name}()` is new", (None, operation.pointer)
                )

    def iterators(self) -> Iterator[Change]:
        """The methods that iterate over all items of an operation with pages."""
        was, now = iterators_of(self.old), iterators_of(self.new)
        for name, pages in was.items():
            another = now.get(name)
            if another is None:
                message = f"`{name}()` is gone"
                yield self._change("python-method-gone", name, message, (pages.pointer, None))
            elif not takes_same(*self._texts(pages.item, another.item)):
                types = self._both(pages.item, another.item)
                yield self._change(
                    "python-result-type",
                    name,
                    f"`{name}()` gives items of another type: {types}",
                    (pages.pointer, another.pointer),
                    narrows(*self._texts(another.item, pages.item)),
                )

        for name, pages in now.items():
            if name not in was:
                message = f"`{name}()` is new"
                yield self._change("python-method-added", name, message, (None, pages.pointer))

    def _arguments(self, method: str, old: ir.Operation, new: ir.Operation) -> Iterator[Change]:
        was, now = signature_of(old), signature_of(new)
        for name, argument in was.items():
            if name not in now:
                message = f"`{method}()` takes no `{name}` any more"
                yield self._change(
                    "python-argument-gone", method, message, (argument.pointer, None)
                )
                continue

            another = now[name]
            if another.required and not argument.required:
                message = f"`{name}` of `{method}()` became required"
                yield self._change(
                    "python-argument-required", method, message, (argument.pointer, another.pointer)
                )
            if not takes_same(*self._texts(argument.type, another.type)):
                types = self._both(argument.type, another.type)
                message = f"`{name}` of `{method}()` has another type: {types}"
                verdict = narrows(*self._texts(argument.type, another.type))
                places = (argument.pointer, another.pointer)
                yield self._change("python-argument-type", method, message, places, verdict)

        for name, argument in now.items():
            if name not in was:
                verdict = Verdict.BREAKING if argument.required else Verdict.COMPATIBLE
                word = "required" if argument.required else "optional"
                message = f"`{method}()` takes `{name}`, {word}"
                yield self._change(
                    "python-argument-added", method, message, (None, argument.pointer), verdict
                )

        yield from self._positions(method, was, now)

    def _positions(
        self, method: str, was: dict[str, Argument], now: dict[str, Argument]
    ) -> Iterator[Change]:
        """Arguments that are passed by position, and were at another one."""
        by_position = [name for name in was if was[name].by_position and name in now]
        for name in by_position:
            if not now[name].by_position:
                message = f"`{name}` of `{method}()` is passed by keyword alone"
                pointers = (was[name].pointer, now[name].pointer)
                yield self._change("python-argument-position", method, message, pointers)

        before = [name for name in by_position if now[name].by_position]
        after = [name for name in now if name in before]
        if before != after:
            first = next(name for name, new in zip(before, after, strict=True) if name != new)
            message = (
                f"`{method}()` takes {_listed(after)} in this order, and took {_listed(before)}"
            )
            pointers = (was[first].pointer, now[first].pointer)
            yield self._change("python-argument-position", method, message, pointers)

    def _places(self, method: str, old: ir.Operation, new: ir.Operation) -> Iterator[Change]:
        """Arguments that fill another place of the same path: the request has not changed."""
        (text, before), (new_text, after) = _divided(old.path), _divided(new.path)
        if text == new_text and before != after and sorted(before) == sorted(after):
            message = (
                f"`{method}()` writes {_listed(after)} in this order into the path,"
                f" and wrote {_listed(before)}"
            )
            yield self._change("python-argument-place", method, message, (old.pointer, new.pointer))

    def _outcomes(self, method: str, old: ir.Operation, new: ir.Operation) -> Iterator[Change]:
        """What a method returns, and the bodies of the errors that it raises."""
        results, new_results = results_of(old), results_of(new)
        if not takes_same(*self._texts(results, new_results)):
            types = self._both(results, new_results)
            message = f"`{method}()` gives another type: {types}"
            verdict = narrows(*self._texts(new_results, results))
            yield self._change(
                "python-result-type", method, message, (old.pointer, new.pointer), verdict
            )

        errors, new_errors = errors_of(old), errors_of(new)
        for name, (pointer, body) in errors.items():
            new_pointer, new_body = new_errors.get(name, (pointer, body))
            if not takes_same(*self._texts(body, new_body)):
                message = f"`{name}.body` has another type: {self._both(body, new_body)}"
                verdict = narrows(*self._texts(new_body, body))
                yield self._change(
                    "python-error-type", name, message, (pointer, new_pointer), verdict
                )

    def classes(self) -> Iterator[Change]:
        """Classes that are gone, and the fields of the others."""
        was = {str(component.name): component for component in self.old.components}
        now = {str(component.name): component for component in self.new.components}
        # Users import error classes for `except`, so a name that goes breaks them like a model's.
        pointers = {name: component.pointer for name, component in was.items()}
        for operation in self.old.every_operation:
            pointers |= {name: pointer for name, (pointer, _) in errors_of(operation).items()}
        errors = {name for each in self.new.every_operation for name in errors_of(each)}

        for name, pointer in pointers.items():
            if name not in now and name not in errors:
                yield self._change(
                    "python-class-gone", name, f"class `{name}` is gone", (pointer, None)
                )

        sides, new_sides = caller_sides(self.old), caller_sides(self.new)
        for name, component in was.items():
            another = now.get(name)
            if isinstance(component, ir.Model) and isinstance(another, ir.Model):
                both = sides[component.pointer] | new_sides[another.pointer]
                yield from self._fields(name, component, another, both)

    def _fields(
        self, name: str, old: ir.Model, new: ir.Model, side: CallerSide
    ) -> Iterator[Change]:
        was = {str(field.name): field for field in old.properties}
        now = {str(field.name): field for field in new.properties}

        for field, before in was.items():
            after = now.get(field)
            if after is None:
                yield self._change(
                    "python-field-gone", name, f"`{name}.{field}` is gone", (before.pointer, None)
                )
            elif before.type != after.type or before.required != after.required:
                message = f"`{name}.{field}` became {'required' if after.required else 'optional'}"
                if before.type != after.type:
                    types = self._both(before.type, after.type)
                    message = f"`{name}.{field}` has another type: {types}"
                is_same = takes_same(*self._texts(before.type, after.type))
                if is_same and before.required == after.required:
                    continue  # an enumeration in another order
                verdict = self._verdict_of_field(before, after, side)
                yield self._change(
                    "python-field-type", name, message, (before.pointer, after.pointer), verdict
                )

        for field, after in now.items():
            if field not in was:
                is_needed = after.required and CallerSide.MADE in side
                verdict = Verdict.BREAKING if is_needed else Verdict.COMPATIBLE
                word = "required" if after.required else "optional"
                message = f"`{name}.{field}` is new, {word}"
                yield self._change(
                    "python-field-added", name, message, (None, after.pointer), verdict
                )

    def _verdict_of_field(self, old: ir.Property, new: ir.Property, side: CallerSide) -> Verdict:
        """What the change means for whoever makes objects of the class, and who reads them."""
        was, now = self._texts(old.type, new.type)
        making, reading = narrows(was, now), narrows(now, was)
        if new.required and not old.required:
            making = Verdict.BREAKING
        if old.required and not new.required:
            reading = Verdict.BREAKING

        if CallerSide.GIVEN not in side:
            return making
        if CallerSide.MADE not in side:
            return reading
        if {making, reading} == {Verdict.COMPATIBLE}:
            return Verdict.COMPATIBLE
        # A caller may do only what still works.
        return Verdict.UNKNOWN if overlaps(was, now) else Verdict.BREAKING

    def _texts(self, *types: Any) -> tuple[list[str], list[str]]:
        old, new = (self._written(type_) for type_ in types)
        return old, new

    def _both(self, old: Any, new: Any) -> str:
        """The old and the new type in words."""
        words: list[str] = []
        for texts in self._texts(old, new):
            quoted = [text if text == NOTHING else f"`{text}`" for text in texts]
            words.append(" or ".join(quoted))
        return f"{words[0]} became {words[1]}"

    def _written(self, type_: Any) -> list[str]:
        """A type as Python writes it; of several, as of a body's media types, each once."""
        if isinstance(type_, list | tuple):
            members = cast("Sequence[Any]", type_)
            return list(dict.fromkeys(text for each in members for text in self._written(each)))
        return [NOTHING] if type_ == NOTHING else [self.annotation(type_)]

    def _change(
        self,
        code: str,
        subject: str,
        message: str,
        pointers: tuple[str | None, str | None],
        verdict: Verdict | None = None,
    ) -> Change:
        if verdict is None:
            verdict = Verdict.COMPATIBLE if pointers[0] is None else Verdict.BREAKING
        places: list[SourceLocation | None] = [None, None]
        for side, document in enumerate(self.documents or ()):
            pointer = pointers[side]
            places[side] = document.location_of(pointer) if pointer else None
        old, new = places
        return Change(code, (subject,), message, Direction.NEITHER, Effect.NONE, verdict, old, new)


def _divided(path: str) -> tuple[list[str], list[str]]:
    """The text of a template between its variables, and their names."""
    pieces = _VARIABLE.split(path)
    return pieces[::2], pieces[1::2]


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
