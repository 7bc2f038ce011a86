"""Which claims a stand-in says it keeps, read from its syntax tree; the file is never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bothends.diagnostics import ContractError, Finding, Severity, SourceLocation
from bothends.small_file import read_small

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
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError) as error:
            location = SourceLocation(
                path, getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
            )
            # The text of the error itself repeats the line, and a name that no file has.
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            finding = Finding(
                "stand-in-syntax", Severity.ERROR, f"This is not Python: {reason}.", location
            )
            return cls(path, source, (), (finding,))

        reader = _MarkReader(tree, source, path)
        return cls(path, source, tuple(reader.marks), tuple(reader.findings))


def read_stand_in(path: Path, display_path: str) -> StandIn:
    """The marks in a file; raises `ContractError` when it cannot be read."""
    try:
        source = read_small(path).decode("utf-8-sig")
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
        if isinstance(node, ast.Attribute):
            return f"{self._full_name(node.value)}.{node.attr}"
        return self._names.get(node.id, node.id) if isinstance(node, ast.Name) else ""

    # The stand-in is parsed and never imported here: `validate` must not run people's code.
    def _location(self, node: ast.expr) -> SourceLocation:
        # The syntax tree counts columns in UTF-8 bytes.
        before = self._lines[node.lineno - 1].encode()[: node.col_offset]
        return SourceLocation(self._path, node.lineno, len(before.decode("utf-8", "replace")) + 1)


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
