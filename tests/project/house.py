"""What a program can see of how a file reads: the checks that tests/project/test_house.py holds each room to."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .project_files import text_of

_BARE = re.compile(
    "told|tell|shown|whole|given|made|meant|held|heard|got|said|stated|ground|known|named|kept"
    "|taken|asked|wanted|of|one|other|rest|here|there|place|at"
)
_CLOCKS = ("monotonic", "perf_counter", "process_time")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def long_lines(file: Path) -> Iterator[int]:
    """Lines of more than 100 characters."""
    for number, line in enumerate(text_of(file).splitlines(), start=1):
        if len(line) > 100:
            yield number


def nested_conditionals(file: Path) -> Iterator[int]:
    """Conditional expressions inside another one."""
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.IfExp):
            inner = (part for child in ast.iter_child_nodes(node) for part in ast.walk(child))
            if any(isinstance(part, ast.IfExp) for part in inner):
                yield node.lineno


def clock_assertions(file: Path) -> Iterator[int]:
    """Assertions that a clock has not gone on too far: they fail on a busy machine."""
    for node in ast.walk(ast.parse(text_of(file))):
        if not isinstance(node, ast.Assert) or not isinstance(node.test, ast.Compare):
            continue
        reads_clock = any(
            isinstance(part, ast.Attribute) and part.attr in _CLOCKS for part in ast.walk(node.test)
        )
        if reads_clock and any(isinstance(op, ast.Lt | ast.LtE) for op in node.test.ops):
            yield node.lineno


def crowded_statements(file: Path) -> Iterator[int]:
    """Statements with more than one comprehension; of a block, its head counts."""
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.stmt) and _comprehensions(node) > 1:
            yield node.lineno


def _comprehensions(statement: ast.stmt) -> int:
    pending: list[ast.AST] = [
        child
        for child in ast.iter_child_nodes(statement)
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
    ]
    count = 0
    while pending:
        node = pending.pop()
        count += isinstance(node, _COMPREHENSIONS)
        pending += ast.iter_child_nodes(node)

    return count


def short_helpers(file: Path) -> Iterator[int]:
    """Private functions of fewer than six lines that one place of the file calls.

    One that is decorated, or is passed on as a value, has another reason to be a function.
    """
    tree = ast.parse(text_of(file))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)]
    uses = Counter(node.id if isinstance(node, ast.Name) else node.attr for node in names)
    callees = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    calls = Counter(
        callee.id if isinstance(callee, ast.Name) else callee.attr
        for callee in callees
        if isinstance(callee, ast.Name | ast.Attribute)
    )
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.decorator_list:
            continue
        is_private = node.name.startswith("_") and not node.name.endswith("__")
        is_short = (node.end_lineno or 0) - node.lineno + 1 < 6
        if is_private and is_short and calls[node.name] == 1 == uses[node.name]:
            yield node.lineno


def bare_words(file: Path) -> tuple[int, int]:
    """How many names are one bare private word, and how many names there are."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text_of(file))):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.arg():
                names.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case _:
                pass

    return sum(bool(_BARE.fullmatch(name.strip("_"))) for name in names), len(names)
