"""The methods that a person's stand-in lacks, added to its text.

    class StandIn(HarbourHandler):             class StandIn(HarbourHandler):
        def get_tide(self, tide_id): …   ->        def get_tide(self, tide_id): …

                                                   def list_tides(self) -> Answer[list[Tide]]:
                                                       return contract_reply(LIST_TIDES)

Of methods that are there, only those that nobody touched since `init` wrote them change: they get a
new signature, or go with their operation. The imports that the new methods need, and that are not
there, follow the last import of the file.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
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
        gone: Those that were as `init` had written them, of operations that are gone.
        outdated: The new signatures of those that a person wrote, to be copied.
    """

    text: str
    methods: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
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
    handlers = {base.id for base in pattern.bases if isinstance(base, ast.Name)}
    packages = {package for package, name in _imported(whole) if name in handlers}
    models = {name for package, name in _imported(tree) if package in packages}
    others = [
        node
        for node in methods
        if node.name in existing and has_other_signature(existing[node.name], node, models)
    ]
    renewed = [node for node in others if is_untouched(existing[node.name], text)]
    outdated = tuple(signature_of(node) for node in others if node not in renewed)
    current = {node.name for node in methods}
    gone = [
        node for name, node in existing.items() if name not in current and is_untouched(node, text)
    ]
    if not (missing or renewed or gone):
        return Addition(text, outdated=outdated)

    lines = _Lines(text)
    pattern_lines = complete.splitlines()
    added = list[str]()
    for method in missing:
        added += ["", *pattern_lines[method.lineno - 1 : method.end_lineno]]
    lines.replace(own.end_lineno or 0, own.end_lineno or 0, added)

    for method in renewed:
        old = existing[method.name]
        new = pattern_lines[method.lineno - 1 : method.end_lineno]
        lines.replace(old.lineno - 1, old.end_lineno or 0, new)

    for removed in gone:
        decorated = removed.decorator_list[0] if removed.decorator_list else removed
        first = decorated.lineno
        # With the blank line above it.
        lines.replace(first - 1 - lines.is_blank(first - 1), removed.end_lineno or 0, [])

    replaced = [*gone, *(existing[node.name] for node in renewed)]
    for statement, names in _unused(tree, replaced):
        first, last = statement.lineno - 1, statement.end_lineno or 0
        lines.replace(
            first,
            last,
            _wrapped(f"from {statement.module} import {', '.join(names)}") if names else [],
        )

    imports = _last_import(tree)
    lines.replace(imports, imports, _imports(whole, [*missing, *renewed], _bound(tree)))
    return Addition(
        lines.text(),
        _names(missing),
        _names(renewed),
        _names(gone),
        outdated,
    )


def _names(methods: Iterable[ast.FunctionDef | ast.AsyncFunctionDef]) -> tuple[str, ...]:
    return tuple(node.name for node in methods)


class _Lines:
    """The lines of a text with replacements, each counted as the text was at first."""

    def __init__(self, text: str) -> None:
        # As Python counts them; `splitlines` would also break the texts that a person wrote.
        self._lines = StringIO(text, newline="").readlines()
        self._ending = "\r\n" if "\r\n" in text else "\n"
        if not self._lines[-1].endswith(("\n", "\r")):
            self._lines[-1] += self._ending
        self._replacements: list[tuple[int, int, list[str]]] = []

    def is_blank(self, number: int) -> bool:
        """Whether the line with this number, of which the first is 1, has nothing in it."""
        return not self._lines[number - 1].strip()

    def replace(self, start: int, end: int, new: Iterable[str]) -> None:
        """Put other lines in the place of those from `start` to before `end`, counted from 0."""
        self._replacements.append((start, end, [line + self._ending for line in new]))

    def text(self) -> str:
        """The text with all replacements made, from the end on: none moves a line of another."""
        lines = [*self._lines]
        for start, end, new in sorted(self._replacements, reverse=True):
            lines[start:end] = new
        return "".join(lines)


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


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that a file imports, with the package that it is from."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module.partition(".")[0], alias.asname or alias.name


def _unused(
    tree: ast.Module, replaced: Sequence[ast.AST]
) -> Iterator[tuple[ast.ImportFrom, list[str]]]:
    """Imports that only replaced methods used, each with the names that are still needed."""
    before = Counter(_used(tree))
    dropped = Counter(name for node in replaced for name in _used(node))
    unused = {name for name, count in dropped.items() if before[name] == count}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names = [
                alias.name for alias in node.names if (alias.asname or alias.name) not in unused
            ]
            if len(names) < len(node.names) and not any(alias.asname for alias in node.names):
                yield node, names


def _used(tree: ast.AST) -> Iterator[str]:
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


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
            yield from _wrapped(ast.unparse(node))


def _wrapped(line: str) -> Iterator[str]:
    """The lines of an import, one for each name where it is long."""
    if len(line) <= _WIDTH:
        yield line
        return
    head, _, names = line.partition(" import ")
    yield from (f"{head} import (", *(f"    {name}," for name in names.split(", ")), ")")
