"""A pattern cannot be matched in linear time, or takes a program that backtracks exponential time.

Why: with lookaround or a backreference it needs a backtracking engine, in which a hostile text can
take very long; here such patterns run with a limit, and a text that reaches it is refused. Where
repetitions overlap, this program stays linear, but most others backtrack (those of JavaScript,
Java, Python): a text of forty characters keeps them busy for hours.

Bad:

    pattern: ^(?!test)[a-z]+$

    pattern: ^([a-z]+ ?)+$

Better:

    pattern: ^[a-z]+$
    not: {pattern: ^test}

    pattern: ^[a-z]+( [a-z]+)*$
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.check.pattern_ambiguity import is_ambiguous
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
_BACKTRACKS = re.compile(r"\(\?<?[=!]|\\[1-9]|\\k<")
# What is escaped, and what is in brackets, is a character: `\(?=` is an optional parenthesis.
_CHARACTERS = re.compile(r"\\[^1-9k]|\[(?:\\.|[^\]\\])*\]", re.DOTALL)


def check(contract: Contract) -> Iterator[Problem]:
    """Patterns that a backtracking engine alone can run, or that none should."""
    for node in contract.nodes("schema"):
        pattern = node.value.get("pattern")
        if isinstance(pattern, str):
            yield from _problems(pattern, below(node.pointer, "pattern"))
        for name in as_object(node.value.get("patternProperties")):
            yield from _problems(name, below(node.pointer, "patternProperties", name), key=True)


def _problems(pattern: str, pointer: str, *, key: bool = False) -> Iterator[Problem]:
    if _BACKTRACKS.search(_CHARACTERS.sub(".", pattern)):
        message = "This pattern looks around or back, so it cannot be matched in linear time."
        hint = "Say it with `not` or `allOf` and simple patterns."
        yield Problem(pointer, message, hint, key=key)
    elif is_ambiguous(pattern):
        message = (
            "Repetitions of this pattern overlap: a program that backtracks takes exponential"
            " time to refuse a text."
        )
        hint = "Let each character of a text be matched by one part: `a+( a+)*`, not `(a+ ?)+`."
        yield Problem(pointer, message, hint, key=key)
