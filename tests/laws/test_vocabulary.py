"""The gate that generated files pass looks at every node of them."""

from __future__ import annotations

import ast
from pathlib import Path

from bothends.emit.vocabulary import all_nodes

_FILES = sorted(Path(__file__).parents[1].glob("*/*.py"))


def test_every_node() -> None:
    for file in _FILES:
        tree = ast.parse(file.read_text("utf-8"))
        assert all_nodes(tree) == list(ast.walk(tree))
