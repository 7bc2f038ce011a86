"""The methods that a person's stand-in lacks, added to its text.

    class StandIn(HarbourHandler):             class StandIn(HarbourHandler):
        def get_tide(self, tide_id): …   ->        def get_tide(self, tide_id): …

                                                   def list_tides(self) -> Answer[list[Tide]]:
                                                       return contract_reply(LIST_TIDES)

Of methods that are there, only those that nobody touched since `init` wrote them get a new
signature. The imports that the new methods need, and that are not there, follow the last import of the file.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import StringIO

from bothends.emit.stand_in_signature import has_other_signature, is_untouched, signature_of
from bothends.python_text import parse_python

_CLASS = "StandIn"
_WIDTH = 88


class NoClass(Exception):
    """The text is not Python, or has no class StandIn that methods could be added to."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A stand-in with what was missing.

    Attributes:
        text: The new text.
        methods: The names of the methods that were added.
        renewed: Those that were as `init` had written them, and got a new signature.
        outdated: The new signatures of those that a person wrote, to be copied.
    """

    text: str
    methods: tuple[str, ...]
    renewed: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()


def add_methods(text: str, complete: str) -> Addition:
    """Add the methods that `complete`, the first text of a stand-in, has and `text` lacks.

    Methods that are there with another signature are renewed or told.

    Raises:
        NoClass: There is no class to add them to.
    """
    try:
        tree = parse_python(text)
    except SyntaxError as error:
        raise NoClass(f"it is not Python: {error}") from error

    whole = ast.parse(complete)
    own, pattern = _class(tree), _class(whole)
    existing = {
        node.name: node
        for node in own.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    methods = [node for node in pattern.body if isinstance(node, ast.FunctionDef)]
    missing = [node for node in methods if node.name not in existing]
    models = _models(tree, whole)
    others = [
        node
        for node in methods
        if node.name in existing and has_other_signature(existing[node.name], node, models)
    ]
    renewed = [node for node in others if is_untouched(existing[node.name], text)]
    outdated = tuple(signature_of(node) for node in others if node not in renewed)
    if not missing and not renewed:
        return Addition(text, (), (), outdated)

    # Lines as Python counts them; `splitlines` would also break the texts that a person wrote.
    lines = StringIO(text, newline="").readlines()
    ending = "\r\n" if "\r\n" in text else "\n"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending

    pattern_lines = complete.splitlines()
    added = list[str]()
    for method in missing:
        added += ["", *pattern_lines[method.lineno - 1 : method.end_lineno]]

    end = own.end_lineno or len(lines)
    imports = _last_import(tree)
    needed = list(_imports(whole, [*missing, *renewed], _bound(tree)))
    # From the end on: what is added there moves no line above it.
    lines[end:end] = [line + ending for line in added]
    for method in sorted(renewed, key=lambda node: -existing[node.name].lineno):
        old = existing[method.name]
        new = pattern_lines[method.lineno - 1 : method.end_lineno]
        lines[old.lineno - 1 : old.end_lineno] = [line + ending for line in new]
    lines[imports:imports] = [line + ending for line in needed]
    return Addition(
        "".join(lines),
        tuple(method.name for method in missing),
        tuple(method.name for method in renewed),
        outdated,
    )


def _class(tree: ast.Module) -> ast.ClassDef:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == _CLASS:
            return node
    raise NoClass(f"it has no class {_CLASS}")


def _bound(tree: ast.Module) -> set[str]:
    """The names that the file has without an import of ours."""
    found = set[str]()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
    return found


def _models(tree: ast.Module, whole: ast.Module) -> set[str]:
    """The names that the file imports from the package of its contract."""
    handlers = {base.id for base in _class(whole).bases if isinstance(base, ast.Name)}
    imported = [node for node in whole.body if isinstance(node, ast.ImportFrom)]
    packages = {
        (node.module or "").partition(".")[0]
        for node in imported
        if handlers & {alias.name for alias in node.names}
    }
    return {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in packages
        for alias in node.names
    }


def _last_import(tree: ast.Module) -> int:
    """The number of lines up to the end of the last import, or of the docstring."""
    ends = [0]
    for index, node in enumerate(tree.body):
        is_docstring = index == 0 and ast.get_docstring(tree) is not None
        if is_docstring or isinstance(node, ast.Import | ast.ImportFrom):
            ends.append(node.end_lineno or 0)
    return max(ends)


def _imports(
    whole: ast.Module, methods: Collection[ast.FunctionDef], bound: Collection[str]
) -> Iterator[str]:
    used = {
        node.id for method in methods for node in ast.walk(method) if isinstance(node, ast.Name)
    }
    for node in whole.body:
        if not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        needed = [alias for alias in node.names if (alias.asname or alias.name) in used - {*bound}]
        if needed:
            node.names = needed
            line = ast.unparse(node)
            if len(line) <= _WIDTH:
                yield line
                continue
            head, _, names = line.partition(" import ")
            yield from (f"{head} import (", *(f"    {name}," for name in names.split(", ")), ")")
