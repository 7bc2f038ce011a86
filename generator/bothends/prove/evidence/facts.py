"""Translate failed checks on a foreign server, ours and schemathesis', into facts.

For example, the probe "json keywords: name: type null", answered with 200, and the fuzzer's check
`negative_data_rejection` of the same operation are both the fact "a request that breaks the
contract is accepted". The report has it once, with the operations that it was seen on.
"""

from __future__ import annotations

import re

ACCEPTED = "a request that breaks the contract is accepted"
REFUSED = "a valid request is refused as if it broke the contract"
UNGUARDED = "a request without valid credentials is answered as if it had them"
_UNANSWERED = "the connection ends without an answer"
_BY_CHECK = {
    "negative_data_rejection": ACCEPTED,
    "broken request refused in the contract's words": ACCEPTED,
    "positive_data_acceptance": REFUSED,
    "valid request not refused": REFUSED,
    "ignored_auth": UNGUARDED,
    "use_after_free": "what was deleted is still there",
    "ensure_resource_availability": "what was made is not there",
    "max_response_time": "an answer takes longer than ten seconds",
}
_BY_MESSAGE = (
    (r"status (5\d\d)(?: is not documented)?", "the server fails with status {}"),
    (r"status (\d+) is not documented", "status {} is not documented"),
    (r"401 without WWW-Authenticate", "401 without WWW-Authenticate (RFC 9110 §15.5.2)"),
    (r"405 without Allow", "405 without Allow (RFC 9110 §15.5.6)"),
    (
        r"400 expected, got.*",
        "a message that says two things at once is not answered with 400 (RFC 9112 §3.2, §6.3)",
    ),
    (r"must be refused without its credentials.*", UNGUARDED),
    (r"must be refused.*|answered with [23]\d\d", ACCEPTED),
    (r"must be accepted.*|refused with 4\d\d", REFUSED),
    (
        r"status \w+ has no body, the answer has one",
        "an answer has a body where the contract describes none",
    ),
    (
        r"(?i).*content-type.*|.*media type.*",
        "an answer has a media type that is not documented, or none",
    ),
    (
        r"(?i).*header.*(?:missing|schema|not as).*",
        "an answer lacks a documented header, or has it in another form",
    ),
    (
        r"(?i).*the body of status.*|.*violates schema.*|.*json.*",
        "the body of an answer breaks its schema",
    ),
    (r"no answer.*|Network Error.*", _UNANSWERED),
)


def fact_of(check: str, message: str) -> str:
    """The fact that a failed check shows, by the check's name and by what it says."""
    name = check.partition(": ")[0]
    text = " ".join(message.split())
    if name == "security" and text.startswith("must be refused"):
        return UNGUARDED
    if name in _BY_CHECK:
        return _BY_CHECK[name]

    for pattern, fact in _BY_MESSAGE:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found is not None:
            return fact.format(*found.groups())
    return text
