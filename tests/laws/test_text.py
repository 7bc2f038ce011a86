"""Law 6: text is never code."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bothends.config import SpecFile
from bothends.pipeline import generate
from tests.goldens.cases import FOLDER
from tests.packages import import_files

from .strategies import texts

few = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PLAIN: Any = yaml.safe_load((FOLDER / "hostile_text" / "openapi.yaml").read_text("utf-8"))


def words_of(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of the contract that holds words for people."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("title", "description", "summary") and isinstance(value, str):
                yield node, key
            else:
                yield from words_of(value)
    elif isinstance(node, list):
        for item in node:
            yield from words_of(item)


def files_of(folder: Path, contract: Any) -> Mapping[str, str]:
    file = folder / "openapi.yaml"
    file.write_text(yaml.safe_dump(contract, allow_unicode=False, sort_keys=False), "utf-8")
    return generate(SpecFile("made", file, None, None, folder / "names.lock", file.name)).files


def shapes(files: Mapping[str, str]) -> dict[str, str]:
    """The syntax of each module, without what its strings say."""
    return {path: _shape(text) for path, text in files.items() if path.endswith(".py")}


def _shape(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def statements(files: Mapping[str, str]) -> dict[str, list[str]]:
    """The kinds of statement of each module, in order, with those of its classes and functions."""
    return {
        path: [
            type(node).__name__ for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)
        ]
        for path, text in files.items()
        if path.endswith(".py")
    }


class TestWords:
    """Whatever titles, summaries and descriptions say, the code is the same, and only its strings differ."""

    @few
    @given(data=st.data())
    def test_the_syntax_does_not_change(self, tmp_path, data: st.DataObject) -> None:
        plain, other = copy.deepcopy(PLAIN), copy.deepcopy(PLAIN)
        del plain["servers"], other["servers"]  # named after what is said of them
        for holder, key in words_of(plain):
            holder[key] = "Words."

        for holder, key in words_of(other):
            holder[key] = "Words. " + data.draw(texts)

        made = files_of(tmp_path, other)
        assert shapes(made) == shapes(files_of(tmp_path, plain))
        import_files(tmp_path, made)


class TestNames:
    """Whatever things are called on the wire, the package has the same statements, and imports."""

    @few
    @given(
        key=texts,
        scheme=st.text(st.sampled_from("aB.-_9"), min_size=1),
        # A header that carries a key has the name of a token (RFC 9110 §5.1), or is refused.
        token=st.text(st.sampled_from("aB9!#$%&'*+.^_`|~-"), min_size=1),
        value=texts,
        ident=texts,
        header=texts,
    )
    def test_the_statements_do_not_change(
        self, tmp_path, key: str, scheme: str, token: str, value: str, ident: str, header: str
    ) -> None:
        def contract(key: str, scheme: str, token: str, value: str, ident: str, header: str) -> Any:
            return {
                "openapi": "3.1.0",
                "info": {"title": "T", "version": value},
                "security": [{scheme: []}],
                "servers": [{"url": "https://x.example/", "description": value}],
                "paths": {
                    "/a": {
                        "get": {
                            "operationId": ident or "x",
                            "tags": [value],
                            "parameters": [
                                {"name": key, "in": "query", "schema": {"enum": [value, "b"]}}
                            ],
                            "responses": {
                                "200": {
                                    "description": "Fine.",
                                    "headers": {header: {"schema": {"type": "string"}}},
                                    "content": {
                                        "application/json": {
                                            "schema": {"$ref": "#/components/schemas/Thing"}
                                        }
                                    },
                                },
                                "404": {"description": "None."},
                            },
                        }
                    }
                },
                "components": {
                    "securitySchemes": {scheme: {"type": "apiKey", "in": "header", "name": token}},
                    "schemas": {
                        "Thing": {
                            "type": "object",
                            "properties": {
                                key: {"type": "string", "default": value},
                                "a": {"const": value},
                            },
                        }
                    },
                },
            }

        made = files_of(tmp_path, contract(key + "ß!", scheme, token, value, ident, header + "x"))
        assert statements(made) == statements(
            files_of(tmp_path, contract("ß!", "scheme", "X-Key", "value", "ident", "header"))
        )
        import_files(tmp_path, made)
