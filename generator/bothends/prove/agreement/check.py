"""The proof of one operation as an assertion, for tests."""

from __future__ import annotations

from typing import Any

from bothends.prove.agreement.run import prove_agreement
from bothends.prove.evidence.budget import Budget
from bothends.prove.evidence.record import Evidence
from bothends.prove.target.packages import Package
from bothends.runtime.operation import Operation


def check_agreement(operation: Operation[Any], *, max_examples: int = 50, seed: int = 1) -> None:
    """Call one operation with drawn arguments and drawn replies, through both ends.

    AssertionError when something does not arrive as it was given; it shows the smallest such call,
    as Python to be pasted.
    """
    evidence = Evidence()
    prove_agreement(
        Package(operation.api, (operation,)), (operation,), Budget(seed, max_examples), evidence
    )
    if evidence.failures:
        texts = [
            f"{failure.check}: {failure.message}\n\n{failure.curl}" for failure in evidence.failures
        ]
        raise AssertionError("\n\n".join(texts))
