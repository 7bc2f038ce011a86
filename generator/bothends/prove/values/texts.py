"""Texts that parsers read differently, and the contract's verdict on each."""

from __future__ import annotations

TEXTS = (
    *(
        "",
        " 1",
        "1 ",
        "+1",
        "01",
        "0x1",
        "1_0",
        "1e2",
        "1.0",
        "0.5",
        "٣",
        "True",
        "TRUE",
        "yes",
        "0",
        "1",
        "null",
    ),
    *(
        "NaN",
        "Infinity",
        "9" * 25,
        "-" + "9" * 25,
        "2020-02-30",
        "x" * 3000,
        "a,b",
        "a b",
        "é",
        "\U0001f600",
    ),
)
"""For a value of any type."""


LISTS = (
    "1,2",
    "1,,2",
    ",",
    "1,x",
    "1 2",
    "1|2",
    "x,1,y,2",
    "x,1,y",
    "x=1,y=2",
    "x=1,x=2",
    "x,1,x,2,y,3",
)
"""For lists and objects, in the right style and in others."""


JSON_TEXTS = (
    "{}",
    "[]",
    '""',
    "{",
    '{"a":1,"a":2}',
    '{"a":NaN}',
    "1 2",
    '{"x":1,"y":2}',
    '"\\ud800"',
    "[[[[]]]]",
)
"""For a parameter that is written as JSON."""
