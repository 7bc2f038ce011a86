"""`bothends explain`."""

from __future__ import annotations

import difflib
from textwrap import fill
from typing import Annotated

import typer

from bothends.cli.exits import FINE
from bothends.cli.terminal import tabulate
from bothends.config import misuse


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[CODE]", help="The code in brackets.", show_default=False),
    ] = None,
) -> int:
    """Explain a code that a command printed, such as no-contract; without one, list all.

    Examples:

      bothends explain constraint-unsourced

      bothends explain
    """
    from bothends.diagnostics.codes import explain_code

    texts = code_texts()
    if code is None:
        rows = [(each, text.partition("\n")[0]) for each, text in sorted(texts.items())]
        print(tabulate(("code", "meaning"), rows), end="")
        return FINE

    code = code.strip("[] ")
    # The text of a rule has paragraphs and examples of its own.
    text = fill(explain_code(code), 80) or texts.get(code, "")
    if not text:
        near = difflib.get_close_matches(code, texts, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "`bothends explain` lists all codes"
        raise misuse("no-code", f"there is no code {code}", hint=hint)

    print(f"{code}\n\n{text}")
    return FINE


def code_texts() -> dict[str, str]:
    """The explanation of each code that a finding can have, by code."""
    from bothends.check import list_rules
    from bothends.diagnostics.change_codes import CHANGE_CODES, PREFIX
    from bothends.diagnostics.codes import CODES

    rules = {rule.id: rule.text for rule in list_rules()}
    changes = {PREFIX + each: text for each, text in CHANGE_CODES.items()}
    return {**CODES, **changes, **rules}
