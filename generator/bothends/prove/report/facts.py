"""Translate failed checks on a foreign server, ours and schemathesis', into facts.

For example, the probe "json keywords: name: type null", answered with 200, and the fuzzer's check
`negative_data_rejection` of the same operation are both the fact "a request that breaks the
contract is accepted". The report has it once, with the operations that it was seen on.
"""

from __future__ import annotations

import re

from bothends.prove.evidence.record import Failure

ACCEPTED = "a request that breaks the contract is accepted"
REFUSED = "a valid request is refused as if it broke the contract"
UNGUARDED = "a request without valid credentials is answered as if it had them"
_BY_CHECK = {
    "negative_data_rejection": ACCEPTED,
    "missing_required_header": ACCEPTED,
    "broken request refused in the contract's words": ACCEPTED,
    "positive_data_acceptance": REFUSED,
    "valid request not refused": REFUSED,
    "ignored_auth": UNGUARDED,
    "use_after_free": "what was deleted is still there",
    "ensure_resource_availability": "what was made is not there",
    "max_response_time": "an answer takes longer than ten seconds",
}
_BY_MESSAGE = (
    (r"(?i).*\bstatus (5\d\d)(?!\d)(?! is not)(?!:).*", "the server fails with status {}"),
    (r"(?i).*server error.*?(5\d\d).*", "the server fails with status {}"),
    (
        r"(?i)(?:.*received: |.*status (?:code )?)(\d{3})(?: is not documented|.*documented: .*)",
        "status {} is not documented",
    ),
    (r".*401 without WWW-Authenticate.*", "401 without WWW-Authenticate (RFC 9110 §15.5.2)"),
    (r".*405 without Allow.*", "405 without Allow (RFC 9110 §15.5.6)"),
    (
        r".*400 expected, got.*",
        "a message that says two things at once is not answered with 400 (RFC 9112 §3.2, §6.3)",
    ),
    (r"must be refused.*|answered with [23]\d\d", ACCEPTED),
    (r"must be accepted.*|refused with 4\d\d", REFUSED),
    (
        r"(?i).*content-type.*|.*media type.*",
        "an answer has a media type that is not documented, or none",
    ),
    (
        r"(?i).*header.*(?:missing|schema|not as).*",
        "an answer lacks a documented header, or has it in another form",
    ),
    (
        r"(?i).*the body of status.*|.*violates schema.*|.*not json.*|.*json.*",
        "the body of an answer breaks its schema",
    ),
    (r"no answer.*", "the connection ends without an answer"),
)


def fact_of(failure: Failure) -> str:
    """The fact that a failed check shows."""
    check = failure.check.partition(": ")[0]
    message = " ".join(failure.message.split())
    existing = _BY_CHECK.get(check)
    if check == "security" and message.startswith("must be refused"):
        existing = UNGUARDED
    if existing is not None:
        return existing

    for pattern, fact in _BY_MESSAGE:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return fact.format(*found.groups())
    return message
