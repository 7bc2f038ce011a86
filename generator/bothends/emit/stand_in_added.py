"""The methods that a person's stand-in lacks, added to its text.

    class StandIn(HarbourHandler):             class StandIn(HarbourHandler):
        def get_tide(self, tide_id): …   ->        def get_tide(self, tide_id): …

                                                   def list_tides(self) -> Answer[list[Tide]]:
                                                       return contract_reply(LIST_TIDES)

Of methods that are there, only those that nobody touched since `init` wrote them change: they get a
new signature, or go with their operation. What the new methods need and the file does not import is
added to its imports of the same module; a new import follows the last one.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from bothends.emit.stand_in_signature import has_other_signature, is_untouched, signature_of
from bothends.python_text import parse_python

_CLASS = "StandIn"
_WIDTH = 88
_Method = ast.FunctionDef | ast.AsyncFunctionDef


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
    compared = _compare(tree, whole, text)
    if compared.added or compared.gone:
        text = _changed(text, tree, complete, compared)
    return Addition(
        text,
        _names(compared.missing),
        _names(old for _, old in compared.renewed),
        _names(compared.gone),
        compared.outdated,
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """Methods of a stand-in beside those that `init` would write; `renewed` has both."""

    missing: list[ast.FunctionDef]
    renewed: list[tuple[ast.FunctionDef, _Method]]
    gone: list[_Method]
    outdated: tuple[str, ...]

    @property
    def added(self) -> list[ast.FunctionDef]:
        return [*self.missing, *(node for node, _ in self.renewed)]


def _compare(tree: ast.Module, whole: ast.Module, text: str) -> _Compared:
    pattern = _class(whole)
    existing = {node.name: node for node in _class(tree).body if isinstance(node, _Method)}
    methods = {node.name: node for node in pattern.body if isinstance(node, ast.FunctionDef)}
    handlers = {base.id for base in pattern.bases if isinstance(base, ast.Name)}
    packages = {package for package, name in _imported(whole) if name in handlers}
    models = {name for package, name in _imported(tree) if package in packages}

    both = [(node, existing[name]) for name, node in methods.items() if name in existing]
    others = [(node, own) for node, own in both if has_other_signature(own, node, models)]
    renewed = [(node, own) for node, own in others if is_untouched(own, text)]
    outdated = tuple(signature_of(node) for node, own in others if not is_untouched(own, text))
    missing = [node for name, node in methods.items() if name not in existing]
    unknown = [node for name, node in existing.items() if name not in methods]
    return _Compared(
        missing, renewed, [node for node in unknown if is_untouched(node, text)], outdated
    )


def _changed(text: str, tree: ast.Module, complete: str, compared: _Compared) -> str:
    """The text with the methods that differ, and with the imports that these need."""
    lines, pattern_lines = _Lines(text), complete.splitlines()
    added = list[str]()
    for method in compared.missing:
        added += ["", *pattern_lines[method.lineno - 1 : method.end_lineno]]
    end = _class(tree).end_lineno or 0
    lines.replace(end, end, added)

    for method, old in compared.renewed:
        new = pattern_lines[method.lineno - 1 : method.end_lineno]
        lines.replace(old.lineno - 1, old.end_lineno or 0, new)

    for removed in compared.gone:
        decorated = removed.decorator_list[0] if removed.decorator_list else removed
        # With the blank line above it.
        first = decorated.lineno - 1 - lines.is_blank(decorated.lineno - 1)
        lines.replace(first, removed.end_lineno or 0, [])

    kept = dict(_unused(tree, compared))
    new_imports: list[str] = []
    for node in _imports(ast.parse(complete), compared.added, _bound(tree)):
        same = _import_of_same(tree, node, lines)
        if same is None:
            new_imports += _wrapped(ast.unparse(node))
        else:
            names = kept.get(same, [alias.name for alias in same.names])
            kept[same] = sorted({*names, *(alias.name for alias in node.names)})

    for statement, names in kept.items():
        line = f"from {statement.module} import {', '.join(names)}"
        new = [*_wrapped(line)] if names else []
        lines.replace(statement.lineno - 1, statement.end_lineno or 0, new)

    imports = _last_import(tree)
    lines.replace(imports, imports, new_imports)
    return lines.text()


def _names(methods: Iterable[_Method]) -> tuple[str, ...]:
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

    def has_comment(self, first: int, last: int) -> bool:
        """Whether the lines with these numbers hold a comment."""
        return any("#" in line for line in self._lines[first - 1 : last])

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


def _unused(tree: ast.Module, compared: _Compared) -> Iterator[tuple[ast.ImportFrom, list[str]]]:
    """Imports that only replaced methods used, each with the names that are still needed."""
    replaced = [*compared.gone, *(old for _, old in compared.renewed)]
    used = Counter(_used(tree))
    used.subtract(name for node in replaced for name in _used(node))
    used.update(name for node in compared.added for name in _used(node))
    unused = {name for name, count in used.items() if count == 0}
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
) -> Iterator[ast.ImportFrom | ast.Import]:
    """What these methods need of the imports of the first text, and the file has not."""
    used = {
        node.id for method in methods for node in ast.walk(method) if isinstance(node, ast.Name)
    }
    for node in whole.body:
        if not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        needed = [alias for alias in node.names if (alias.asname or alias.name) in used - {*bound}]
        if needed:
            node.names = needed
            yield node


def _import_of_same(
    tree: ast.Module, needed: ast.ImportFrom | ast.Import, lines: _Lines
) -> ast.ImportFrom | None:
    """The import of the same module in the file, if it has names alone, and no comment."""
    if not isinstance(needed, ast.ImportFrom):
        return None
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module, node.level) == (needed.module, 0):
            is_plain = all(alias.asname is None and alias.name != "*" for alias in node.names)
            if is_plain and not lines.has_comment(node.lineno, node.end_lineno or 0):
                return node
    return None


def _wrapped(line: str) -> Iterator[str]:
    """The lines of an import, one for each name where it is long."""
    if len(line) <= _WIDTH:
        yield line
        return
    head, _, names = line.partition(" import ")
    yield from (f"{head} import (", *(f"    {name}," for name in names.split(", ")), ")")
