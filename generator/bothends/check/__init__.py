"""Judge a contract: legality, examples, practice (rules) and claims.

Everything here answers with findings; nothing is changed and nothing is fetched.
"""

from bothends.check.claims import (
    Claim,
    ClaimRow,
    ClaimsFile,
    Kept,
    SourceDocument,
    claims_table,
    constraint_in_words,
    count_constraints,
    find_passage,
    find_unassumed,
    fingerprint_of,
    load_claims,
    stale_claims,
    unsourced_constraints,
    with_assumptions,
)
from bothends.check.document import (
    check_faults,
    check_legality,
    check_practice,
    check_structure,
    check_values,
    load_beside,
)
from bothends.check.editor import editor_line, editor_schemas
from bothends.check.handler import Interface, check_handler
from bothends.check.reach import is_local, unusable, users_of, without
from bothends.check.rules import Rule, list_rules
from bothends.check.size import check_size
from bothends.check.stand_in import StandIn, read_stand_in

__all__ = [
    "Claim",
    "ClaimRow",
    "ClaimsFile",
    "Interface",
    "Kept",
    "Rule",
    "SourceDocument",
    "StandIn",
    "check_faults",
    "check_handler",
    "check_legality",
    "check_practice",
    "check_size",
    "check_structure",
    "check_values",
    "claims_table",
    "constraint_in_words",
    "count_constraints",
    "editor_line",
    "editor_schemas",
    "find_passage",
    "find_unassumed",
    "fingerprint_of",
    "is_local",
    "list_rules",
    "load_beside",
    "load_claims",
    "read_stand_in",
    "stale_claims",
    "unsourced_constraints",
    "unusable",
    "users_of",
    "with_assumptions",
    "without",
]
