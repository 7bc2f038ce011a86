"""What a contract costs grows with its size, and what it makes is never too deep for Python and its tools."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bothends.check.rules import schema_impossible
from bothends.diagnostics import ContractError, Finding, Severity, render
from bothends.emit.models.order import order_of_use
from bothends.load import parse_document
from bothends.openapi.bounds import Bounds
from bothends.openapi.circles import chain_lengths, circles
from bothends.pipeline import check_and_normalise, generate, load
from tests.growth import growth
from tests.packages import make, write_contract

Schemas = dict[str, Any]


def to(number: int) -> Schemas:
    return to_name(f"S{number}")


def to_name(name: str) -> Schemas:
    return {"$ref": f"#/components/schemas/{name}"}


def contract(schemas: Schemas, **components: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": to(0)}}
    operation = {"operationId": "a", "responses": {"200": {"description": "x", "content": content}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Made", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": schemas, **components},
    }


def references(size: int) -> dict[str, Any]:
    links = {f"S{number}": to(number + 1) for number in range(size)}
    return contract({**links, f"S{size}": {"type": "string"}})


def compositions(size: int) -> dict[str, Any]:
    links = {f"S{number}": {"allOf": [to(number + 1)]} for number in range(size)}
    return contract({**links, f"S{size}": {"type": "object"}})


def broken_references(size: int) -> dict[str, Any]:
    links = {f"S{number}": {"properties": {"n": to(number + 1)}} for number in range(size)}
    return contract({**links, f"S{size}": {"type": "text"}})


def parameters(size: int) -> dict[str, Any]:
    links = {
        f"P{number}": {"$ref": f"#/components/parameters/P{number + 1}"} for number in range(size)
    }
    last = {"name": "q", "in": "query", "schema": {"type": "string"}}
    result = contract({"S0": {}}, parameters={**links, f"P{size}": last})
    result["paths"]["/a"]["get"]["parameters"] = [{"$ref": "#/components/parameters/P0"}]
    return result


def properties(size: int) -> dict[str, Any]:
    return contract({"S0": {"properties": {f"p{number}": {} for number in range(size)}}})


def keys(size: int) -> dict[str, Any]:
    return {**contract({"S0": {}}), "x-keys": {f"k{number}": number for number in range(size)}}


def alternatives(size: int) -> dict[str, Any]:
    return contract({"S0": {"oneOf": [{"const": number} for number in range(size)]}})


def long_compositions(size: int) -> dict[str, Any]:
    links: Schemas = {
        f"S{number}": {"allOf": [to(number + 1)], "properties": {f"p{number}": {}}}
        for number in range(size)
    }
    return contract({**links, f"S{size}": {"type": "object"}})


def impossible(size: int) -> dict[str, Any]:
    empty = {"type": "integer", "minimum": 2, "maximum": 1}
    return contract({f"S{number}": {"properties": {"a": empty}} for number in range(size)})


def union_of_classes(size: int) -> dict[str, Any]:
    members = {f"S{number + 1}": _linked(number % 10 + 1) for number in range(size)}
    return contract({**members, "S0": {"oneOf": [to(number + 1) for number in range(size)]}})


def property_chain(size: int) -> dict[str, Any]:
    links = {f"S{number}": _linked(number + 1) for number in range(size)}
    return contract({**links, f"S{size}": {"type": "string"}})


def many_parameters(size: int) -> dict[str, Any]:
    names: list[Schemas] = [
        {"name": f"q{number}", "in": "query", "schema": {}} for number in range(size)
    ]
    result = contract({"S0": {}})
    result["paths"]["/a"]["get"]["parameters"] = names
    return result


def shared_answers(size: int) -> dict[str, Any]:
    headers = {f"X-{number}": {"schema": {"type": "string"}} for number in range(size // 10)}
    answers = {"Done": {"description": "Done.", "headers": headers}}
    result = contract({"S0": {}}, responses=answers)
    shared = {"200": {"$ref": "#/components/responses/Done"}}
    result["paths"] = {
        f"/a{number}": {"get": {"responses": shared}} for number in range(size // 10)
    }
    return result


def inherited_parameters(size: int) -> dict[str, Any]:
    result = many_parameters(size // 10)
    item = result["paths"]["/a"]
    names = item.pop("get")["parameters"]
    operation = {"responses": {"200": {"description": "x"}}}
    methods = {f"M{number}": operation for number in range(size // 10)}
    result["openapi"] = "3.2.0"
    result["paths"]["/a"] = {"parameters": names, "additionalOperations": methods}
    return result


def misspelt_scopes(size: int) -> dict[str, Any]:
    declared = {f"read:tides{number:04}": "" for number in range(size)}
    flows = {"clientCredentials": {"tokenUrl": "https://tides.example", "scopes": declared}}
    result = contract({"S0": {}}, securitySchemes={"o": {"type": "oauth2", "flows": flows}})
    asked = [f"{number:04}write" for number in range(size)]
    result["paths"]["/a"]["get"]["security"] = [{"o": asked}]
    return result


def misspelt_schemas(size: int) -> dict[str, Any]:
    mapping = {f"m{number}": f"#/components/schemas/{number}S" for number in range(size)}
    discriminator = {"propertyName": "kind", "mapping": mapping}
    union = {"oneOf": [to(1), to(2)], "discriminator": discriminator}
    kind = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    return contract({"S0": union, **{f"S{number + 1}": kind for number in range(size)}})


def wrong_examples(size: int) -> dict[str, Any]:
    kinds = [{"type": "object", "required": [f"p{number}"]} for number in range(size // 4)]
    return contract({"S0": {"items": {"anyOf": kinds}, "examples": [[1] * size]}})


@pytest.mark.parametrize("build", [properties, many_parameters])
def test_the_largest_parts_of_real_contracts_are_read(
    tmp_path: Path, build: Callable[[int], dict[str, Any]]
) -> None:
    made = make(tmp_path, json.dumps(build(700)))
    assert made.api.operations


@pytest.mark.parametrize(
    ("build", "size", "code"),
    [
        (union_of_classes, 1_000, "part-too-large"),
        (property_chain, 1_000, "chain-too-long"),
        (properties, 2_000, "part-too-large"),
        (many_parameters, 2_000, "part-too-large"),
        (shared_answers, 1_000, "sharing-multiplies"),
        (inherited_parameters, 1_000, "sharing-multiplies"),
    ],
)
def test_too_much_is_refused_before_it_costs(
    tmp_path: Path, build: Callable[[int], dict[str, Any]], size: int, code: str
) -> None:
    made = make(tmp_path, json.dumps(build(size)))
    codes = {finding.code for finding in made.findings}
    assert {code, f"refused-{code}"} <= codes
    assert not made.api.operations
    # What only the refused part led to is not made either: at most what a chain may have.
    assert len(made.api.models) <= Bounds().chain


@pytest.mark.parametrize("name", ["schemas", "objects", "operations"])
def test_a_contract_of_too_much_is_refused_at_once(tmp_path: Path, name: str) -> None:
    count = 101
    result = contract({"S0": {}})
    if name == "operations":
        answers = {"responses": {"204": {"description": "x"}}}
        result["paths"] = {f"/a{number}": {"get": answers} for number in range(count)}
    else:
        schema: Schemas = {"properties": {"a": {}}} if name == "objects" else {}
        result["components"]["schemas"] = {f"S{number}": schema for number in range(count)}
    spec = write_contract(tmp_path, json.dumps(result))

    with pytest.raises(ContractError) as caught:
        generate(replace(spec, bounds=Bounds(schemas=count - 1, operations=count - 1)))
    [finding] = caught.value.findings
    assert finding.code == "contract-too-large"

    allowed = Bounds(schemas=count, operations=count)
    load(replace(spec, bounds=allowed))


def test_what_others_use_is_kept(tmp_path: Path) -> None:
    result = union_of_classes(500)
    result["paths"]["/b"] = {"get": {"responses": {"200": {"description": "x"}}}}
    content = {"application/json": {"schema": to(7)}}
    result["paths"]["/b"]["get"]["responses"]["200"]["content"] = content
    made = make(tmp_path, json.dumps(result))
    assert [operation.path for operation in made.api.operations] == ["/b"]
    assert "class S7" in "".join(made.files.values())


def test_bounds_of_settings_allow_more(tmp_path: Path) -> None:
    spec = write_contract(tmp_path, json.dumps(union_of_classes(420)))
    assert not generate(spec).api.operations
    assert generate(replace(spec, bounds=Bounds(alternatives=420))).api.operations


@pytest.mark.parametrize(
    "build",
    [
        references,
        compositions,
        long_compositions,
        broken_references,
        parameters,
        properties,
        keys,
        alternatives,
        impossible,
        misspelt_scopes,
        misspelt_schemas,
        wrong_examples,
    ],
)
def test_checking_grows_with_the_contract(build: Callable[[int], dict[str, Any]]) -> None:
    texts = {size: json.dumps(build(size)).encode() for size in (200, 800)}

    def check(size: int) -> None:
        check_and_normalise(parse_document(texts[size], "openapi.json"))

    # Four times the size: linear work costs 4 times as much, quadratic work 16 times.
    assert growth(check, 200, 800) < 10


def test_impossible_schemas_are_sought_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each is judged with all that it reaches: generics that are written out may be thousands.
    judged: list[Any] = []
    monkeypatch.setattr(schema_impossible, "_MOST_CHARACTERS", 100)
    monkeypatch.setattr(schema_impossible, "_is_empty", lambda *parts: judged.append(parts))
    schemas = {f"S{number + 1}": {"allOf": [to(0)]} for number in range(100)}
    document = parse_document(json.dumps(contract({"S0": {}, **schemas})).encode(), "openapi.json")
    check_and_normalise(document)
    assert 10 < len(judged) < 100


def test_ordering_grows_with_chains_of_classes() -> None:
    def order(size: int) -> None:
        assert (
            order_of_use({f"S{number}": _linked(number + 1) for number in range(size)})[-1] == "S0"
        )

    assert growth(order, 2_000, 8_000) < 10


def _linked(number: int) -> dict[str, Any]:
    return {"type": "object", "properties": {"next": to(number)}}


def test_classes_stand_in_the_order_of_use() -> None:
    # The second stands before what it uses, so it waits for the next sweep; a circle comes last.
    schemas = {
        "A": _linked(0),
        "B": to_name("C"),
        "C": to_name("D"),
        "D": {},
        "E": to_name("E"),
        "F": to_name("B"),
    }
    assert order_of_use(schemas) == ["A", "D", "E", "C", "B", "F"]
    circle = {"A": to_name("B"), "B": to_name("A"), "C": {}}
    assert order_of_use(circle) == ["C", "A", "B"]


def test_overlaps_are_told_once_a_parameter(tmp_path: Path) -> None:
    spread = {"type": "object", "properties": {"level": {"type": "string"}}}
    result = contract({"S0": {}})
    result["paths"]["/a"]["get"]["parameters"] = [
        {"name": f"p{number}", "in": "query", "schema": spread} for number in range(40)
    ]
    made = make(tmp_path, json.dumps(result))
    codes = [finding.code for finding in made.findings]
    assert codes.count("parameter-overlap") == 39


def test_a_union_of_thousands_is_flat(tmp_path: Path) -> None:
    required = [{"type": "object", "required": [f"p{number}"]} for number in range(1_200)]
    spec = write_contract(tmp_path, json.dumps(contract({"S0": {"oneOf": required}})))
    made = generate(replace(spec, bounds=Bounds(alternatives=1_200)))
    assert {finding.code for finding in made.findings} == {"required-undeclared"}
    for name, text in made.files.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
            depth = max(_depth(node) for node in ast.walk(ast.parse(text)))
            assert depth < 200, name


def test_a_union_of_more_is_refused_by_name(tmp_path: Path) -> None:
    required = [{"type": "object", "required": [f"p{number}"]} for number in range(3_000)]
    made = make(tmp_path, json.dumps(contract({"S0": {"oneOf": required}})))
    codes = {finding.code for finding in made.findings} - {"required-undeclared"}
    assert codes == {"alternatives-multiply", "refused-alternatives-multiply", "part-too-large"}


def _depth(node: ast.AST) -> int:
    depth = 0
    while isinstance(node, ast.BinOp):
        node, depth = node.left, depth + 1
    return depth


def test_a_message_has_a_bounded_length() -> None:
    finding = Finding("code", Severity.ERROR, "{" * 100_000, None, "}" * 100_000)
    for format_ in ("text", "json", "github", "sarif", "junit"):
        assert len(render([finding], format_, {})) < 10_000


def test_circles_and_chains_are_found_as_they_are() -> None:
    uses = {"Park": ["Tree", "Leaf"], "Tree": ["Leaf", "Node"], "Node": ["Tree"], "Leaf": []}
    assert circles(uses) == dict.fromkeys(("Tree", "Node"), frozenset(("Tree", "Node")))
    assert chain_lengths(uses) == {"Park": 4, "Tree": 3, "Node": 3, "Leaf": 1}
    assert circles({"A": ["A"], "B": ["A"]}) == {"A": frozenset("A")}


@pytest.mark.parametrize("last", ["", "0"])
def test_circles_and_chains_grow_linearly(last: str) -> None:
    def find(size: int) -> None:
        uses = {str(number): [str(number + 1)] for number in range(size)}
        uses[str(size)] = [last] if last else []
        assert len(circles(uses)) == (size + 1 if last else 0)
        assert max(chain_lengths(uses).values()) == size + 1

    assert growth(find, 2_000, 8_000) < 10


@pytest.mark.parametrize("is_ring", [False, True])
def test_lists_in_lists_are_refused_by_name(tmp_path: Path, is_ring: bool) -> None:
    schemas: Schemas = {f"S{n}": {"type": "array", "items": to(n + 1)} for n in range(140)}
    schemas["S140"] = to(0) if is_ring else {"type": "string"}
    holder = {"type": "object", "properties": {"lists": to(0)}}
    made = make(tmp_path, json.dumps(contract({**schemas, "Holder": holder})))
    codes = {finding.code for finding in made.findings}
    assert codes - {"component-unused"} == {"nesting-by-reference", "refused-nesting-by-reference"}


def test_references_in_a_row_are_refused_by_name(tmp_path: Path) -> None:
    # More than Python's stack has frames, and the library that checks legality recurses.
    made = make(tmp_path, json.dumps(parameters(2_000)))
    [finding] = [finding for finding in made.findings if finding.code == "nesting-by-reference"]
    assert finding.message == "It leads through more than 100 references, one after the other."
    assert "internal-error" not in {finding.code for finding in made.findings}


def test_a_chain_of_allof_is_told_as_such(tmp_path: Path) -> None:
    made = make(tmp_path, json.dumps(compositions(140)))
    [finding] = [finding for finding in made.findings if finding.code == "nesting-by-reference"]
    assert (
        finding.message == "Its `allOf` leads through more than 100 schemas, each part of the next."
    )
    assert finding.hint == "Write their properties in fewer schemas."


def test_text_of_server_variables_grows_linearly(tmp_path: Path) -> None:
    def length(size: int) -> int:
        url = "https://a.example/" + "".join(f"{{part{number}}}" for number in range(size))
        variables = {f"part{number}": {"default": "a"} for number in range(size)}
        served = {**contract({"S0": {}}), "servers": [{"url": url, "variables": variables}]}
        return len(make(tmp_path, json.dumps(served)).files["client.py"])

    assert length(120) / length(30) < 8


def doubled_generics(size: int) -> dict[str, Any]:
    # Each level is filled in twice, so the copies double from level to level.
    schemas: Schemas = {
        f"S{number}": {
            "$id": f"https://piers.example/{number}",
            "type": "object",
            "properties": {"a": to(number + 1), "b": {"$dynamicRef": "#node"}},
            "$defs": {"x": {"$dynamicAnchor": "node", **to(number + 1)}},
        }
        for number in range(size)
    }
    return contract({**schemas, f"S{size}": {"$dynamicAnchor": "node", "type": "object"}})


def nested_generics(size: int) -> dict[str, Any]:
    schemas: Schemas = {
        f"G{number}": {
            "type": "object",
            "properties": {"l": to_name(f"G{number + 1}"), "r": {"$dynamicRef": "#T"}},
            "$defs": {"t": {"$dynamicAnchor": "T", "type": "string"}},
        }
        for number in range(size)
    }
    first = {"S0": {"allOf": [to_name("G0")]}, f"G{size}": {"type": "object"}}
    return contract({**schemas, **first})


@pytest.mark.parametrize("build", [doubled_generics, nested_generics])
def test_generics_are_filled_in_within_bounds(build: Callable[[int], dict[str, Any]]) -> None:
    def check(size: int) -> None:
        document = parse_document(json.dumps(build(size)).encode(), "openapi.json")
        codes = {finding.code for finding in check_and_normalise(document).findings}
        assert "internal-error" not in codes

    assert growth(check, 35, 140) < 10
