"""`bothends overlay`."""

from __future__ import annotations

from typing import Annotated

import typer

from bothends.cli.arguments import Spec, load_project
from bothends.cli.exits import FINE
from bothends.cli.overlay_text import overlay_text
from bothends.config import Misuse, companion, misuse
from bothends.counted import counted


def overlay(
    spec: Spec,
    from_repairs: Annotated[
        bool,
        typer.Option("--from-repairs", help="Write the named repairs of the contract as actions."),
    ] = False,
) -> int:
    """Write overlay.yaml beside a contract: the corrections of what a vendor publishes.

    An overlay beside the contract is applied before anything else, so the contract itself stays as
    the vendor publishes it. It is written once; afterwards it is yours.

    Examples:

      bothends overlay harbour --from-repairs
    """
    from bothends.load import load_contract
    from bothends.normalise import overlay_from_repairs
    from bothends.write import apply, plan_new, recover

    config, [chosen] = load_project([spec])
    if not from_repairs:
        hint = f"bothends overlay {spec} --from-repairs"
        raise misuse("overlay-source", "say what the overlay is made from", hint=hint)

    document = load_contract(chosen.contract, display_path=chosen.display_path)
    if "swagger" in document.data:
        message = "the repairs of Swagger 2.0 are in words of OpenAPI 3, which its text lacks"
        raise misuse("overlay-source", message, hint="write overlay.yaml by hand")

    written_overlay = overlay_from_repairs(document, chosen.display_path)
    if written_overlay is None:
        print(f"{chosen.display_path} has nothing to repair")
        return FINE

    text = overlay_text(written_overlay)
    file = companion(chosen.contract, config.overlay)
    recover(config.root, config.root)
    planned = plan_new({file: text}, root=config.root)
    if planned.findings:
        raise Misuse(planned.findings)

    apply([planned])
    actions = counted(len(written_overlay["actions"]), "action")
    print(f"{actions} written to {planned.changes[0].display_path}")
    return FINE
