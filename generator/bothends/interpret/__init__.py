"""Reads the normalised contract into the intermediate representation, with wire names only.

An operation that cannot be generated is left out with a `Refusal` that names the reason and the
place; the rest is built. `name` gives the result its Python names.
"""

from bothends.interpret.api import interpret
from bothends.interpret.refused import loss_findings, refusal_findings

__all__ = ["interpret", "loss_findings", "refusal_findings"]
