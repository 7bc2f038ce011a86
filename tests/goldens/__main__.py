"""Rewrites what every case is expected to give: `python -m tests.goldens`. Read the difference as a user would."""

from __future__ import annotations

from tests.goldens.cases import find_cases

for case in find_cases():
    case.rewrite()
