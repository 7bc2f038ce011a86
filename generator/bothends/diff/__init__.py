"""Compares two contracts: what changed, in which direction, and whether it breaks anybody.

"Compatible" means that the set of accepted values was shown to contain the old set (for requests),
or the reverse (for replies). "Breaking" comes with a witness: a request or a reply that one
contract allows and the other does not, checked with the validators of both. Whatever is neither is
"unknown".

    unchanged.py       leaves out what both contracts say alike
    compare.py         the order of the comparison: servers, security, operations
    claims.py          what the vendor's documentation is said to state
    pairing.py         which operation of one contract is which of the other
    operations.py      a pair of operations: parameters, body, deprecation
    operation_pair.py  what parts of a pair of operations have in common
    replies.py         statuses, bodies and headers of replies
    matching.py        which status or media type describes what another describes
    security.py        schemes, and what an operation asks for
    servers.py         servers, with the values of their variables
    encodings.py       how fields of forms and parts of multipart bodies are written
    parameters.py      what identifies a parameter, and how it is written
    annotations.py     defaults, read-only, discriminators: what no set of values shows
    schemas.py         one pair of schemas: its differences, and the verdict for each
    difference.py      one place where two schemas differ
    differences.py     all such places of two schemas
    wording.py         a changed keyword as a sentence
    plain.py           schemas without annotations, each name with its side
    components.py      the components of both contracts
    containment.py     does a schema contain another?
    closing.py         schemas without properties that nobody declares
    formats.py         text formats, which the algebra of sets does not know
    wire_text.py       scalars that travel as text
    witness.py         a value that shows the difference
    report.py          the changes as text, JSON, Markdown and findings
    python_types.py    does one annotation take all that another does?
    surface.py         what the change does to Python callers

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
