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

    by_id = {each.id: each for each in list_rules()}
    if rule is None:
        rows = [
            (each.id, str(each.severity), each.text.partition("\n")[0]) for each in by_id.values()
        ]
        print(tabulate(("rule", "severity", "what"), rows), end="")
        return FINE

    if rule not in by_id:
        show_problem(f"there is no rule {rule}", hint=f"the rules are: {', '.join(by_id)}")
        return MISUSE

    print(f"{rule} ({by_id[rule].severity})\n\n{by_id[rule].text}")
    return FINE
