"""Long unions, which datamodel-code-generator writes with `|`, in a flat form.

    S = TypeAliasType("S", A | B | … 2,000 more)    →    TypeAliasType("S", Union[A, B, …])

The tree of `A | B | C` is as deep as it has members; the formatter's stack ends at a thousand.
"""

from __future__ import annotations

import ast

from bothends.emit.types import MOST_ALTERNATIVES


def flatten_unions(source: str) -> str:
    """Write each union of many members as `Union[…]`."""
    lines = [line.encode() for line in source.splitlines()]
    if not any(line.count(b" | ") >= MOST_ALTERNATIVES for line in lines):
        return source

    unions = [members for node in _outermost(ast.parse(source)) if (members := _members(node))]
    # From the last to the first: what comes before keeps its columns.
    for members in reversed(unions):
        first, last = members[0], members[-1]
        if first.lineno != last.end_lineno or len(members) <= MOST_ALTERNATIVES:
            continue

        line = lines[first.lineno - 1]
        texts = [line[node.col_offset : node.end_col_offset] for node in members]
        flat = b"Union[" + b", ".join(texts) + b"]"
        lines[first.lineno - 1] = line[: first.col_offset] + flat + line[last.end_col_offset :]

    text = b"\n".join(lines).decode() + "\n"
    return f"from typing import Union\n{text}" if "Union[" in text else text


def _outermost(tree: ast.Module) -> list[ast.BinOp]:
    """Every `|` that is not the left side of another one, in the order of the text."""
    found: list[ast.BinOp] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            found.append(node)
            waiting.extend(_members(node))
        else:
            waiting.extend(ast.iter_child_nodes(node))

    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _members(node: ast.expr) -> list[ast.expr]:
    members: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        members.append(node.right)
        node = node.left
    return [node, *members[::-1]]
