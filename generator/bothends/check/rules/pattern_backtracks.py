"""A pattern with lookaround or a backreference cannot be matched in linear time.

Why: it needs a backtracking engine, in which a hostile text can take very long; such patterns run
with a limit on backtracking, and a text that reaches it is refused.

Bad:

    pattern: ^(?!test)[a-z]+$

Better:

    pattern: ^[a-z]+$
    not: {pattern: ^test}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
_BACKTRACKS = re.compile(r"\(\?<?[=!]|\\[1-9]|\\k<")
_LITERAL_BACKSLASH = re.compile(r"\\\\")


def check(contract: Contract) -> Iterator[Problem]:
    """Patterns that only a backtracking engine can run."""
    for node in contract.nodes("schema"):
        pattern = node.value.get("pattern")
        if isinstance(pattern, str) and _BACKTRACKS.search(_LITERAL_BACKSLASH.sub("", pattern)):
            message = "This pattern looks around or back, so it cannot be matched in linear time."
            yield Problem(
                below(node.pointer, "pattern"),
                message,
                "Say it with `not` or `allOf` and simple patterns.",
            )
