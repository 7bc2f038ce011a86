"""Which claims a stand-in says it keeps, read from its syntax tree; the file is never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bothends.diagnostics import ContractError, Finding, Severity, SourceLocation
from bothends.python_text import parse_python
from bothends.small_file import read_small

# Its syntax tree takes 200 times as much.
_MOST_BYTES = 1_000_000
_MOST_COLUMNS = 1_000
_KEEPS = ".runtime.keeps"
"""Of bothends, or of a package with a copy of the runtime."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim named by `@keeps(…)`; `name` is that of the decorated function, method or class."""

    claim: str
    name: str
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class StandIn:
    """The marks of a stand-in, and what is wrong with them."""

    path: str
    source: str
    marks: tuple[Mark, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def parse(cls, source: str, path: str) -> StandIn:
        """Read the marks in a source text.

        A text that is not Python has one finding and no marks.
        """
        try:
            tree = parse_python(source)
        except SyntaxError as error:
            location = SourceLocation(path, error.lineno or 1, error.offset or 1)
            # The text of the error itself repeats the line, and a name that no file has.
            finding = Finding(
                "stand-in-syntax", Severity.ERROR, f"This is not Python: {error.msg}.", location
            )
            return cls(path, source, (), (finding,))

        reader = _MarkReader(tree, source, path)
        return cls(path, source, tuple(reader.marks), tuple(reader.findings))


def read_stand_in(path: Path, display_path: str) -> StandIn:
    """The marks in a file; raises `ContractError` when it cannot be read."""
    try:
        source = read_small(path, _MOST_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"The stand-in cannot be read: {reason.lower()}."
        raise ContractError(
            [
                Finding(
                    "file-unreadable", Severity.ERROR, message, SourceLocation(display_path, 1, 1)
                )
            ]
        ) from error

    return StandIn.parse(source, display_path)


class _MarkReader:
    def __init__(self, tree: ast.Module, source: str, path: str) -> None:
        self.marks: list[Mark] = []
        self.findings: list[Finding] = []
        self._lines = source.split("\n")
        self._path = path
        self._names = dict(_imported(tree))

        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._read(node)

    def _read(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and self._full_name(decorator.func).endswith(_KEEPS):
                for argument in decorator.args:
                    self._read_argument(argument, node.name)

    def _read_argument(self, argument: ast.expr, name: str) -> None:
        location = self._location(argument)
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            self.marks.append(Mark(argument.value, name, location))
        else:
            message = "keeps() takes the ids of claims as plain text."
            self.findings.append(
                Finding(
                    "stand-in-mark", Severity.ERROR, message, location, 'Write @keeps("H1", "H2").'
                )
            )

    def _full_name(self, node: ast.expr) -> str:
        words: list[str] = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            words.append(self._names.get(node.id, node.id))
        return ".".join(reversed(words))

    # The stand-in is parsed and never imported here: `validate` must not run people's code.
    def _location(self, node: ast.expr) -> SourceLocation:
        line, column = self._lines[node.lineno - 1], node.col_offset
        if not line.isascii():
            # The syntax tree counts columns in UTF-8 bytes. Further to the right nobody looks, and
            # each mark of a line would be counted from its beginning.
            before = line[:_MOST_COLUMNS].encode()[:column]
            column = len(before.decode("utf-8", "replace"))
        return SourceLocation(self._path, node.lineno, column + 1)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that an import binds, and what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield alias.asname, alias.name
