"""What was written anew because a library's own takes long gives what the library gives."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bothends.emit.prose import WIDTH, section, wrap
from bothends.emit.vocabulary import all_nodes
from bothends.openapi.json_value import as_array, as_object, copy_data

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=30,
)
_LINES = st.text(st.sampled_from("ab- \t\u00a0\u3000é."), max_size=150)


class TestCopies:
    """A copy is equal, shares nothing that can be changed, and keeps what is one object one."""

    @given(_VALUES)
    def test_equal(self, value: Any) -> None:
        made = copy_data({"first": value, "again": value})
        assert made == {"first": value, "again": value}
        assert made["first"] is made["again"]

        before = repr(value)
        _change(made)
        assert repr(value) == before

    def test_circle(self) -> None:
        value: dict[str, Any] = {}
        value["self"] = [value]
        made = copy_data(value)
        assert made["self"][0] is made


class TestLines:
    """Documentation is broken as textwrap breaks it."""

    @given(_LINES, st.integers(0, 12))
    def test_lines(self, line: str, indent: int) -> None:
        expected = textwrap.wrap(
            f"name: {' '.join(line.split())}",
            width=max(40, WIDTH - indent),
            initial_indent=" " * 4,
            subsequent_indent=" " * 8,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if line.strip():
            assert section("Args", [("name", line)], indent=indent) == "\n".join(
                ["Args:", *expected]
            )

    @given(st.text(st.sampled_from("ab \u00a0\u3000"), max_size=150))
    def test_plain(self, line: str) -> None:
        line = line.strip()
        options: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
        assert wrap(line) == "\n".join(textwrap.wrap(line, width=WIDTH, **options))


class TestNodes:
    """Every node of a file is looked at, in the same order."""

    def test_nodes(self) -> None:
        for file in sorted(Path(__file__).parent.glob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            assert all_nodes(tree) == list(ast.walk(tree))


def _change(value: Any) -> None:
    for item in [*as_object(value).values(), *as_array(value)]:
        _change(item)
    as_object(value)["changed"] = True
    as_array(value).append("changed")
