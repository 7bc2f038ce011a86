"""A path must be a template that can be filled in: it starts with a slash and its braces are in pairs.

Why: OpenAPI 3.1 §4.8.8. No request can be made for, or matched with, anything else.

Bad:

    /tides/{harbour:

Better:

    /tides/{harbour}:
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import join
from bothends.openapi.problem import Problem

SEVERITY = Severity.ERROR
_PATH = re.compile(r"/([^{}]|\{[^{}]+\})*")


def check(contract: Contract) -> Iterator[Problem]:
    """Paths that are no templates."""
    for path in as_object(contract.document.data.get("paths")):
        if not path.startswith("x-") and not _PATH.fullmatch(path):
            message = (
                f"{path} is not a path: it must begin with / and close each brace that it opens."
            )
            hint = "Such as /tides/{tideId}."
            if path in METHODS:
                # `get:` under `paths:`, beside its path: the commonest slip of indentation.
                message = f"{path} is a method, and stands beside the paths."
                hint = "Indent it: a method is below its path."
            yield Problem(join("paths", path), message, hint, key=True)
