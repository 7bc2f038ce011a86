"""`bothends rules`."""

from __future__ import annotations

from typing import Annotated

import typer

from bothends.cli.exits import FINE, MISUSE
from bothends.cli.terminal import show_problem, tabulate


def rules(
    rule: Annotated[
        str | None,
        typer.Argument(
            metavar="[RULE]", help="The id of one rule, to read its whole text.", show_default=False
        ),
    ] = None,
) -> int:
    """List the rules of a good contract that `validate` holds contracts to, or explain one.

    Examples:

      bothends rules

      bothends rules path-template
    """
    from bothends.check import list_rules

    known = {each.id: each for each in list_rules()}
    if rule is None:
        rows = [
            (each.id, str(each.severity), each.text.partition("\n")[0]) for each in known.values()
        ]
        print(tabulate(("rule", "severity", "what"), rows), end="")
        return FINE

    if rule not in known:
        show_problem(f"there is no rule {rule}", hint=f"the rules are: {', '.join(known)}")
        return MISUSE

    print(f"{rule} ({known[rule].severity})\n\n{known[rule].text}")
    return FINE
