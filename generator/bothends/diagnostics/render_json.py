"""For programs: one JSON object with the list of findings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from bothends.diagnostics.finding import Finding


def render_json(findings: Sequence[Finding]) -> str:
    """Render `{"findings": [{code, severity, message, location, hint}]}`.

    `location` is `{path, line, column, pointer}` or null.
    """
    # ASCII only: whatever the contract holds, even a lone surrogate, the text can be written
    # anywhere.
    return json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=2) + "\n"
