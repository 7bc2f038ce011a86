"""How schemathesis is set up for one subject."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from bothends.openapi.walk import all_schemas
from bothends.prove.fuzz.labels import label_of
from bothends.prove.oracle.refusal import (
    BODY,
    CAUSES,
    CREDENTIALS,
    PARAMETER,
    has_success,
    on_invalid,
    refusal_statuses,
)
from bothends.prove.target.subject import Subject
from bothends.runtime.json.value import is_object
from bothends.runtime.operation import Api, ApiKey, Basic, Digest, HttpScheme, Operation
from bothends.runtime.schema.contract import load_contract

_RIGHTS = {"401", "403"}
_WORDED = (Digest, HttpScheme)


def contract(api: Api, *, ours: bool = False) -> dict[str, Any]:
    """The contract in the words that schemathesis knows.

    Mutual TLS is not to be seen in a message; another scheme of HTTP is a header whose value begins
    with its word. `ours`: it leaves `readOnly` properties out of requests, also in 3.1, where the
    word forbids nothing (JSON Schema 2020-12 Validation §9.4) and our server wants what is required.
    It takes a value for valid that is of the schema which a discriminator names, when other
    alternatives allow it too, and our server asks JSON Schema.
    """
    document: dict[str, Any] = load_contract(api).document
    if ours:
        document = _without_annotations(document)
    schemes = document.get("components", {}).get("securitySchemes", {})
    unseen = {name for name, scheme in schemes.items() if scheme.get("type") == "mutualTLS"}
    worded = {name for name in schemes if isinstance(api.security.get(name), _WORDED)}
    if not unseen | worded:
        return document

    document = copy.deepcopy(document)
    for name in worded:
        document["components"]["securitySchemes"][name] = {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
        }

    paths: dict[str, dict[str, Any]] = document.get("paths", {})
    for node in [document, *(node for item in paths.values() for node in item.values())]:
        requirements: list[dict[str, Any]] = node.get("security", []) if is_object(node) else []
        for requirement in requirements:
            for name in unseen:
                requirement.pop(name, None)

    return document


def _without_annotations(document: dict[str, Any]) -> dict[str, Any]:
    """The document with schemas that say nothing of directions, and have no discriminator."""
    document = copy.deepcopy(document)
    for slot in all_schemas(document):
        schema = slot.holder[slot.key]
        for word in ("readOnly", "writeOnly", "discriminator") if is_object(schema) else ():
            schema.pop(word, None)
    return document


def settings(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    seed: int,
    max_examples: int,
    unguarded: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The content of a schemathesis.toml.

    `unguarded` has the ids of operations that were seen to answer without credentials.
    """
    data: dict[str, Any] = {
        "base-url": subject.address,
        "seed": seed,
        # Several workers make the order of requests, and with it the result, depend on the machine.
        "workers": 1,
        # A fault that a foreign server has in each answer would end an operation at its first
        # request: 10 of 74 keywords of one contract were kept and broken. See `Repetition`.
        "continue-on-failure": True,
        # Nothing is learnt from other runs: a disagreement that was seen once must be seen again.
        "cache": {"enabled": False},
        "generation": {
            "database": "none",
            "max-examples": max(max_examples, 1),
            "no-shrink": not subject.ours,
        },
        "phases": _phases(max_examples, ours=subject.ours),
        "operations": _by_checks(subject, operations, unguarded),
    }
    schemes = {name for operation in operations for name in subject.credentials.chosen(operation)}
    if subject.credentials.headers:
        data["headers"] = dict(subject.credentials.headers)
    if schemes:
        data["auth"] = {"openapi": {name: _credential(subject, name) for name in sorted(schemes)}}

    return data


_STEPS = 4
"""So many requests, about, are in one sequence of the stateful phase."""


def _phases(max_examples: int, *, ours: bool) -> dict[str, Any]:
    # Ids of a server that others wrote come from its answers before they are made up.
    alone = {"extra-data-sources": {"responses": not ours}}
    return {
        "coverage": {"generate-duplicate-query-parameters": True, **alone},
        "fuzzing": {"enabled": max_examples > 0, "error-feedback": {"enabled": False}, **alone},
        "stateful": {
            "enabled": max_examples > 0,
            "generation": {"max-examples": max(max_examples // (1 if ours else _STEPS), 1)},
        },
    }


def _credential(subject: Subject, name: str) -> dict[str, Any]:
    scheme, secret = subject.package.api.security[name], subject.credentials.secrets.get(name, "")
    if isinstance(scheme, ApiKey):
        return {"api_key": secret}

    if isinstance(scheme, Basic):
        username, _, password = secret.partition(":")
        return {"username": username, "password": password}
    if isinstance(scheme, _WORDED):
        return {"api_key": f"{scheme.word} {secret}"}
    return {"bearer": secret}


def _by_checks(
    subject: Subject, operations: tuple[Operation[Any], ...], unguarded: frozenset[str]
) -> list[dict[str, Any]]:
    """An entry for the operations with the same checks.

    With one for each of 36 operations, the search for the right ones was a seventh of the time.
    """
    entries: list[dict[str, Any]] = []
    for operation in operations:
        checks = _checks(subject, operation, unguarded)
        entry = next((entry for entry in entries if entry["checks"] == checks), None)
        if entry is None:
            entries.append(entry := {"include-name": [], "checks": checks})
        entry["include-name"].append(label_of(operation))
    return entries


def _checks(
    subject: Subject, operation: Operation[Any], unguarded: frozenset[str]
) -> dict[str, Any]:
    left_out = {check for check, _ in _left_out(subject, operation, unguarded)}
    if not subject.remembers:
        left_out.update(_OF_MEMORY)
    disabled = {check: {"enabled": False} for check in left_out}
    if not subject.ours:
        return _checks_elsewhere(operation) | disabled

    refused = {str(status) for cause in CAUSES for status in refusal_statuses(operation, cause)}
    broken = {
        str(status) for cause in (PARAMETER, BODY) for status in refusal_statuses(operation, cause)
    }
    rights = (
        {str(status) for status in refusal_statuses(operation, CREDENTIALS)}
        if operation.security
        else set[str]()
    )
    checks = {
        "positive_data_acceptance": {"expected-statuses": _accepted(subject, operation)},
        # 404 and 405 are the router's: a broken path parameter may name another path or none.
        "negative_data_rejection": {"expected-statuses": sorted({*refused, "404", "405"})},
        "missing_required_header": {"expected-statuses": sorted({*broken, *rights})},
        # Seconds; the only limit that finds a request that keeps a server busy.
        "max_response_time": 10,
    }
    return checks | disabled


def _checks_elsewhere(operation: Operation[Any]) -> dict[str, Any]:
    """Configure the checks for a foreign server: any 4xx refuses unless `x-on-invalid` says."""
    declared = on_invalid(operation)
    refused = ["4XX"] if declared is None else [str(declared.status), "401", "403", "404", "405"]
    return {
        "negative_data_rejection": {"expected-statuses": refused},
        "missing_required_header": {"expected-statuses": ["4XX"]},
        "positive_data_acceptance": {"expected-statuses": _not_refused(operation)},
        "max_response_time": 10,
    }


def _not_refused(operation: Operation[Any]) -> list[str]:
    """The statuses that do not say that a valid request breaks the contract.

    The business may refuse it.
    """
    declared = on_invalid(operation)
    refusals = {400, 405, 413, 415, 422} if declared is None else {declared.status}
    # 3xx belongs here: a redirect says nothing about whether the request was valid (RFC 9110
    # §15.4).
    statuses = [*range(200, 400), *(entry for entry in range(400, 500) if entry not in refusals)]
    return [*map(str, statuses), "5XX"]  # a failure of the server has a check of its own


_OF_MEMORY = ("use_after_free", "ensure_resource_availability")
KEEPS_NOTHING = (
    f"the fuzzer's checks {' and '.join(_OF_MEMORY)}: not applicable to a server that keeps nothing"
    " from one request to the next"
)


def left_out(
    subject: Subject, operations: tuple[Operation[Any], ...], unguarded: frozenset[str]
) -> list[tuple[str, str, list[str]]]:
    """List the schemathesis checks that are off, with reasons and operations."""
    found: dict[tuple[str, str], list[str]] = {}
    for operation in operations:
        for left in _left_out(subject, operation, unguarded):
            found.setdefault(left, []).append(operation.id)

    return [
        (check, reason, names if len(names) < len(operations) else ["all operations"])
        for (check, reason), names in found.items()
    ]


def _left_out(
    subject: Subject, operation: Operation[Any], unguarded: frozenset[str]
) -> Iterator[tuple[str, str]]:
    if not subject.ours:
        yield (
            "unsupported_method",
            (
                "no standard demands 405 of a method that the contract does not have; "
                "the probes look at Allow (RFC 9110 §15.5.6)"
            ),
        )

    if not operation.security:
        return

    rights = {str(status) for status in refusal_statuses(operation, CREDENTIALS)}
    if operation.id in unguarded:
        # Its requests would show again, for each example, what is known.
        yield "ignored_auth", "the probes have seen that they answer without credentials"
    elif not rights & _RIGHTS:
        yield (
            "ignored_auth",
            (
                "it knows refusals of credentials with 401 and 403 alone; "
                "the probes hold the server to those of the contract"
            ),
        )
    elif () not in operation.security and len(operation.security[0]) > 1:
        yield (
            "ignored_auth",
            "it takes away one scheme at a time and knows no sets of them; the probes do",
        )


def _accepted(subject: Subject, operation: Operation[Any]) -> list[str]:
    """The statuses of a valid request: only successes where the handler always succeeds.

    A stand-in may answer by what it knows, such as "no such id", with any documented status; that
    it does not refuse the request as broken is then told from the body, by what `x-on-invalid`
    says. Without that, 400 and 422 are refusals.
    """
    documented = [key for key in operation.replies if key != "default"]
    if subject.always_succeeds:
        # Where the contract has no success, what it has instead is what the handler answers.
        return [key for key in documented if key.startswith("2")] or documented or ["2XX"]

    if not has_success(operation):
        return documented or ["2XX"]

    declared = on_invalid(operation)
    words = () if declared is not None else ("400", "422")
    refusing = {*words, "413", "415"}
    remaining = [key for key in documented if key not in refusing and not key.startswith("5")]
    # A reply to all other statuses documents that there is no such item, too.
    is_item = any(parameter.location == "path" for parameter in operation.parameters)
    unknown = ["404"] if subject.remembers and is_item and "default" in operation.replies else []
    return [*(remaining or ["2XX"]), *unknown]
