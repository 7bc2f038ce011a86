"""How large the parts of one contract may be, so that no small contract costs minutes.

The largest of 2,600 real contracts have 674 properties in a schema, 582 parameters in an
operation, 79 alternatives in a union, 37 media types in a response and chains of 14 schemas. What
is shared makes them at most 3.3 times as large when it is written out. The largest has 3,790
schemas with properties and 1,223 operations; one of 20 MB that was tried has 11,422.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The table `[tool.bothends.bounds]` of settings. A part at its bound costs a second or two."""

    properties: int = 1_500
    """Properties of one schema, and names in its `required`."""
    parameters: int = 1_500
    """Parameters of one operation or path item."""
    alternatives: int = 400
    """Members of one `oneOf`, `anyOf` or `allOf` that are more than a constant."""
    members: int = 500
    """Other objects in one object: media types, headers, responses, servers and so on."""
    chain: int = 150
    """Component schemas that lead from one to the next; a circle counts as one."""
    schemas: int = 30_000
    """Schemas of a contract: components, and objects with properties wherever they stand."""
    operations: int = 15_000
    """Operations of a contract, webhooks included."""
    sharing: int = 25
    """How many times as large a contract may become where what is shared is written out."""
