from __future__ import annotations

import json

from bothends import ir
from bothends.cli.outline import outline, plain

NUMBER = ir.Scalar(ir.Kind.NUMBER)


def prop(name: str, type_: ir.Type, description: str = "") -> ir.Property:
    return ir.Property(
        name=ir.UNNAMED,
        wire_name=name,
        pointer=f"/x/{name}",
        type=type_,
        required=True,
        description=description,
        rules=(),
        has_default=False,
        default=None,
    )


MODEL = ir.Model(
    name=ir.UNNAMED,
    wire_name="Tide",
    pointer="/x",
    properties=(
        prop("height", NUMBER),
        prop("levels", ir.Array(ir.Union((NUMBER, ir.Constant(("low", None)))))),
    ),
    description="",
    rules=("At most 3.",),
)


def test_outline_prints_class_then_fields() -> None:
    assert "\n".join(outline(MODEL)) == (
        "Model\n"
        '  wire_name: "Tide"\n'
        '  pointer: "/x"\n'
        "  properties:\n"
        "    Property\n"
        '      wire_name: "height"\n'
        '      pointer: "/x/height"\n'
        "      type: Scalar(kind=number)\n"
        "      required: true\n"
        "    Property\n"
        '      wire_name: "levels"\n'
        '      pointer: "/x/levels"\n'
        "      type:\n"
        "        Array\n"
        "          item:\n"
        "            Union\n"
        "              members:\n"
        "                Scalar(kind=number)\n"
        '                Constant(values=("low", null))\n'
        "      required: true\n"
        '  rules: ("At most 3.")\n'
        "  others: Scalar(kind=any)"
    )


def test_outline_escapes_text_of_the_contract() -> None:
    lines = list(outline(prop("x", NUMBER, "a\nb\x1b[2J\u202e")))
    assert '  description: "a\\nb\\u001b[2J\\u202e"' in lines


def test_plain_json_names_each_nodes_class() -> None:
    told = json.loads(json.dumps(plain(MODEL)))
    assert told["node"] == "Model"
    assert told["properties"][1]["type"]["item"]["members"][1] == {
        "node": "Constant",
        "values": ["low", None],
    }
