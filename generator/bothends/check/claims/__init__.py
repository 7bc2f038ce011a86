"""What a vendor's documentation states, and whether the contract and the stand-in keep it.

A file `claims.yaml` beside the contract lists documents and claims:

    documents:
      harbour: {title: Tides of the harbour, url: "https://harbour.example/docs", retrieved: 2026-01-02}
    claims:
      H1:
        statement: One sentence, in our own words.
        source: {document: harbour, section: Request body, fingerprint: "12w:0123456789abcdef"}
        kept: contract            # or stand-in, or informational
        reason: why nothing can keep it, for informational claims only

The fingerprint is that of the passage which the claim rests on (`fingerprint_of`), so that a newer
copy of the document can be searched for it without keeping the vendor's words. It may be left out.

A claim kept by the contract is named there by `x-claims: [H1]`, on any object. One kept by the
stand-in is named by the decorator `@keeps("H1")` of `bothends.runtime`, on a function, method or
class of stand_in.py.

Where there is a claims file, every constraint of the contract names its claims, or carries an
`x-assumption`: the ones without are counted in a warning, or are errors if the project sets `claims
= "complete"`. `constraints` says which keywords are constraints and how far a mark reaches.
"""

from bothends.check.claims.assume import find_unassumed, with_assumptions
from bothends.check.claims.constraints import count_constraints, unsourced_constraints
from bothends.check.claims.file import Claim, ClaimsFile, Kept, SourceDocument, load_claims
from bothends.check.claims.fingerprint import find_passage, fingerprint_of, stale_claims
from bothends.check.claims.in_words import constraint_in_words
from bothends.check.claims.kept import check_claims
from bothends.check.claims.table import ClaimRow, claims_table

__all__ = [
    "Claim",
    "ClaimRow",
    "ClaimsFile",
    "Kept",
    "SourceDocument",
    "check_claims",
    "claims_table",
    "constraint_in_words",
    "count_constraints",
    "find_passage",
    "find_unassumed",
    "fingerprint_of",
    "load_claims",
    "stale_claims",
    "unsourced_constraints",
    "with_assumptions",
]
