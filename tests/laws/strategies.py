"""Contracts in other orders, smaller ones, and texts of every kind."""

from __future__ import annotations

import copy
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.goldens.cases import EXPECTED, find_cases

CONTRACTS: dict[str, Any] = {
    case.name: yaml.safe_load(case.contract.read_text("utf-8"))
    for case in find_cases()
    if (case.folder / EXPECTED).is_dir() and not case.name.startswith("broken")
}

_LISTS = ("parameters", "required", "tags")
_DATA = ("example", "examples", "default", "const", "enum", "x-empty-body")
"""Below these keys stands data: it is no part of the contract that order could matter in."""


@st.composite
def reordered(draw: st.DrawFn, contract: Any) -> Any:
    """The contract with every object, and every list that is a set, in another order."""

    def shuffled(node: Any, key: str) -> Any:
        if key in _DATA:
            return node
        if isinstance(node, dict):
            return {
                name: shuffled(node[name], str(name)) for name in draw(st.permutations(list(node)))
            }

        if isinstance(node, list):
            items = draw(st.permutations(node)) if key in _LISTS else node
            return [shuffled(item, "") for item in items]
        return node

    return shuffled(contract, "")


@st.composite
def reduced(draw: st.DrawFn, contract: Any) -> Any:
    """The contract with some of its paths, some of the methods of each, and some of the schemas that nothing refers to."""
    smaller = copy.deepcopy(contract)
    paths = smaller["paths"]
    for path in (
        draw(st.sets(st.sampled_from(sorted(paths)), max_size=len(paths) - 1)) if paths else ()
    ):
        del paths[path]

    for item in paths.values():
        methods = sorted({"get", "put", "post", "patch", "delete"} & item.keys())
        for method in (
            draw(st.sets(st.sampled_from(methods), max_size=len(methods) - 1)) if methods else ()
        ):
            del item[method]

    schemas = smaller.get("components", {}).get("schemas", {})
    used = _references(smaller)

    for key in draw(st.sets(st.sampled_from(sorted(schemas)))) if schemas else ():
        if key not in used:
            del schemas[key]

    return smaller


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        found = {str(node["$ref"]).rpartition("/")[2]} if "$ref" in node else set()
        mapped = (
            {str(value).rpartition("/")[2] for value in node.get("mapping", {}).values()}
            if "mapping" in node
            else set()
        )
        return found | mapped | set().union(*map(_references, node.values()))

    return set().union(*map(_references, node)) if isinstance(node, list) else set()


texts = st.text(
    st.one_of(
        st.sampled_from(list("\"'\\{}%#\n\r\t\0 \u2028\u2029\x85\x0b\x0c\u202e\u200b\ufeff")),
        st.characters(codec="utf-8"),
    ),
    max_size=30,
) | st.sampled_from(
    [
        '"""',
        "'''",
        '"""\nimport os\n"""',
        "\\",
        "\\\n",
        "{{ 7*7 }}",
        "{% raw %}",
        "\\N{BULLET}",
        "*/",
        "# type: ignore",
    ]
)
"""Any text, and often such that would end a string, a line or a template."""

_scalars = st.one_of(
    st.just(({"type": "string"}, {"type": "string"})),
    st.just(
        ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"})
    ),
    st.just(({"type": "integer", "format": "int32"}, {"type": "integer", "format": "int32"})),
    st.integers(-5, 5).map(
        lambda n: (
            {"type": "number", "minimum": n, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": n},
        )
    ),
    st.integers(-5, 5).map(
        lambda n: (
            {"type": "number", "maximum": n, "exclusiveMaximum": False},
            {"type": "number", "maximum": n},
        )
    ),
    st.text(max_size=5).map(
        lambda text: ({"type": "string", "example": text}, {"type": "string", "examples": [text]})
    ),
)


def _nullable(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    old, new = pair
    return {**old, "nullable": True}, {**new, "type": [new["type"], "null"]}


def _array(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    return tuple({"type": "array", "items": items} for items in pair)  # type: ignore[return-value]


def _object(pairs: dict[str, tuple[Any, Any]]) -> tuple[Any, Any]:
    old = {"type": "object", "properties": {name: pair[0] for name, pair in pairs.items()}}
    return old, {"type": "object", "properties": {name: pair[1] for name, pair in pairs.items()}}


spellings: st.SearchStrategy[tuple[Any, Any]] = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        inner.map(_nullable).filter(
            lambda pair: isinstance(pair[1]["type"], list) and isinstance(pair[1]["type"][0], str)
        ),
        inner.map(_array),
        st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, min_size=1).map(_object),
    ),
    max_leaves=6,
)
"""The same schema as OpenAPI 3.0 and as OpenAPI 3.1 write it."""
