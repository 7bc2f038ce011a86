"""Methods of a person's stand-in whose signatures are not those of the contract any more.

def get_tide(self, tide_id: str) -> Answer[Tide]:      written by `init`, untouched: replaced
    return contract_reply(GET_TIDE, tide_id=tide_id)

def get_tide(self, tide_id: str) -> Tide:              a person's: told, with the new signature
    return self.tides[tide_id]
"""

from __future__ import annotations

import ast

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_WIDER = frozenset({"Any", "object"})
_SCALARS = frozenset({"str", "int", "float", "bool", "bytes"})


def is_untouched(method: _FUNCTION, text: str) -> bool:
    """Whether a method does what `init` wrote: it hands its arguments to `contract_reply`."""
    match method:
        case ast.FunctionDef(
            body=[ast.Return(ast.Call(ast.Name("contract_reply"), [ast.Name()], keywords))]
        ):
            segment = ast.get_source_segment(text, method) or ""
            passed = [(word.arg, ast.unparse(word.value)) for word in keywords]
            names = [argument.arg for argument in _arguments(method)]
            return passed == [(name, name) for name in names] and "#" not in segment
        case _:
            return False


def has_other_signature(method: _FUNCTION, pattern: ast.FunctionDef, models: set[str]) -> bool:
    """Whether a method takes or gives something else than the contract says now.

    A person may leave types out, take wider ones, and give a narrower one: `Tide` in place of
    `Answer[Tide]`.

    Args:
        method: The method that a person has.
        pattern: The one that `init` would write.
        models: The names that the file imports from the package.
    """
    if method.args.vararg or method.args.kwarg:
        return False

    own, wanted = _arguments(method), _arguments(pattern)
    names = [each.arg for each in own]
    if names != [each.arg for each in wanted]:
        return True
    if len(method.args.kwonlyargs) > len(pattern.args.kwonlyargs):
        return True

    for argument, other in zip(own, wanted, strict=True):
        type_, new = _text(argument.annotation), _text(other.annotation)
        if type_ not in ("", new, *_WIDER):
            return True

    given, allowed = _names(method.returns), _names(pattern.returns)
    return bool(given & (models | _SCALARS) - allowed)


def signature_of(pattern: ast.FunctionDef) -> str:
    """The head of a method, to be copied: `def get_tide(self, tide_id: str) -> Answer[Tide]:`."""
    returns = f" -> {ast.unparse(pattern.returns)}" if pattern.returns else ""
    return f"def {pattern.name}({ast.unparse(pattern.args)}){returns}:"


def _arguments(method: _FUNCTION) -> list[ast.arg]:
    arguments = method.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs][1:]


def _text(annotation: ast.expr | None) -> str:
    return "" if annotation is None else ast.unparse(annotation)


def _names(annotation: ast.expr | None) -> set[str]:
    if annotation is None:
        return set()
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
