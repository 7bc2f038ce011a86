"""Compares two contracts: what changed, in which direction, and whether it breaks anybody.

"Compatible" means that the set of accepted values was shown to contain the old set (for requests),
or the reverse (for replies). "Breaking" comes with a witness: a request or a reply that one
contract allows and the other does not, checked with the validators of both. Whatever is neither is
"unknown".

    unchanged/   leaves out what both contracts say alike
    compare.py   the order of the comparison: servers, security, operations
    servers.py   servers, with the values of their variables
    security.py  schemes, and what an operation asks for
    operation/   pairs of operations: parameters, bodies, replies
    schema/      pairs of schemas: differences, verdicts, witnesses
    surface/     what the change does to Python callers
    claims.py    what the vendor's documentation is said to state
    change.py    one change, with its verdict
    report.py    the changes as text, JSON, Markdown and findings

All but the first read normalised documents, so they know one dialect only.
"""

from bothends.diff import report
from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, version_step
from bothends.diff.claims import Statement, compare_claims
from bothends.diff.compare import compare
from bothends.diff.surface import compare_surface
from bothends.diff.unchanged import without_unchanged

__all__ = [
    "Change",
    "Direction",
    "Effect",
    "Statement",
    "Verdict",
    "Witness",
    "compare",
    "compare_claims",
    "compare_surface",
    "report",
    "version_step",
    "without_unchanged",
]
