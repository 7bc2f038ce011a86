"""Writes the table of allowed refusals anew: `python -m tests.corpus`. The list is to shrink; read the difference."""

from __future__ import annotations

import json

from tests.corpus.contracts import TABLE, find_contracts, refusals_of

table = {contract: refusals_of(contract) for contract in find_contracts()}
TABLE.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
