"""The table of budgets in SECURITY.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.check import examples, stand_in
from bothends.check.rules import nesting_by_reference, schema_impossible
from bothends.diagnostics.render import _LONGEST
from bothends.load import json_path, limits
from bothends.nearest import _LONGEST_NAME, _MOST_COMPARISONS
from bothends.normalise import identifiers
from bothends.openapi import schema_cost
from bothends.openapi.bounds import Bounds
from bothends.prove.wire import received
from bothends.record import har, judge, recorded
from bothends.runtime.json import budget, text
from bothends.runtime.media import events, form, yaml_text
from bothends.runtime.media.multipart import parts
from bothends.runtime.media.xml import text as xml_text
from bothends.runtime.parameters import style
from bothends.runtime.schema import contract
from bothends.runtime.stand_in import room
from bothends.small_file import MAX_SMALL

BOUNDS = Bounds()
MIB = 1024 * 1024
OF_RECORDINGS = har.MOST_RECORDED / budget.MAX_BODY.usual
# How a row begins, and each bound that it states, in its order.
ROWS: dict[str, tuple[str, ...]] = {
    "contract, all files": (
        f"{limits.MAX_BYTES // 1_000_000} MB",
        f"{limits.MAX_NODES:,} values",
        f"{limits.MAX_ALIASES:,} aliases",
        f"depth {limits.MAX_DEPTH}",
        f"{limits.MAX_FILES:,} files",
    ),
    "mapping, list, text": (
        f"{limits.MAX_WIDTH:,} entries",
        f"{limits.MAX_TEXT:,} characters",
        f"{limits.MAX_KEYS_LENGTH:,} characters of keys",
    ),
    "schemas that judge one value": (f"{schema_cost.MOST:,} ",),
    "lists, dictionaries": (f"{nesting_by_reference._MOST}, ",),
    "one schema": (f"{BOUNDS.properties:,} properties", f"{BOUNDS.alternatives} alternatives"),
    "one operation": (f"{BOUNDS.parameters:,} parameters",),
    "any other object": (f"{BOUNDS.members} members",),
    "a contract": (f"{BOUNDS.schemas:,} schemas", f"{BOUNDS.operations:,} operations"),
    "chain of component": (f"{BOUNDS.chain}, ",),
    "generic schemas": (f"{identifiers._MOST_COPIES:,}, ", f"{identifiers._DEEPEST_COPY} inside"),
    "overlay": (
        f"{limits.MAX_ADDED:,} values added",
        f"{json_path._MOST_CHARACTERS:,} characters",
        f"{json_path._MOST_SELECTED:,} values",
    ),
    "items and answers": (f"{room.MOST_BYTES // 1_000_000} MB", f"{room._BYTES_OF_A_VALUE} bytes"),
    "recording (HAR)": (
        f"{har.MOST_RECORDED // 1_000_000} MB",
        f"{OF_RECORDINGS * budget.COLLECTIONS / 1_000_000:.0f},000,000 arrays and objects",
        f"{OF_RECORDINGS * budget.VALUES / 1_000_000:.0f},000,000 values",
    ),
    "examples of a recording": (
        f"{recorded._MOST_OF_OPERATION} of",
        f"{recorded._MOST_CHARACTERS:,} characters",
        f"{recorded._MOST_VALUES:,} values",
    ),
    "body of a recorded request": (f"{judge._MOST_INFLATED // MIB} MiB",),
    "stand-in beside": (f"{stand_in._MOST_BYTES // 1_000_000} MB",),
    "other file beside": (f"{MAX_SMALL // 1_000_000} MB",),
    "names that are compared": (
        f"{_MOST_COMPARISONS:,} comparisons",
        f"{_LONGEST_NAME} characters",
    ),
    "examples and defaults that are wrong |": (
        f"{examples._LONGEST_EXPLAINED:,} characters",
        f"{examples._MOST_EXPLAINED:,} of all",
    ),
    "examples and defaults that are wrong, in all": (f"{examples._MOST_WRONG:,} ",),
    "components judged": (f"{schema_impossible._MOST_CHARACTERS:,} characters",),
    "message of a finding": (f"{_LONGEST:,} characters",),
    "body of a request |": (f"{budget.MAX_BODY.usual // MIB} MiB",),
    "JSON of a request": (f"depth {text.MAX_DEPTH}", f"{text.MAX_DIGITS:,} digits"),
    "values of a JSON body": (
        f"{budget.VALUES:,} values",
        f"{budget.DIGITS:,} digits",
        f"{budget.COLLECTIONS:,} arrays and objects",
        f"{budget.NAMES:,} names",
        f"`max_body` is over {budget.MAX_BODY.usual // MIB} MiB",
        f"`max_answer` over {budget.MAX_ANSWER.usual // MIB} MiB",
    ),
    "members of unions": (f"{budget.CHOICES:,}, ",),
    "YAML of a request": (f"{yaml_text.MAX_VALUES:,} values",),
    "XML of a request": (f"{xml_text.MAX_NODES:,} elements", f"{text.MAX_DEPTH} deep"),
    "answer to": (
        f"{received.MOST_BYTES // MIB} MiB",
        f"{received.MOST_SECONDS:.0f} s",
    ),
    "form, multipart": (
        f"{form.MAX_PAIRS:,} fields",
        f"{style._MOST_PLAIN:,} percent signs",
        f"{parts.MAX_PARTS:,} parts",
    ),
    "pattern with lookaround": (f"{contract._BACKTRACKS:,} backtracks",),
    "answer": (f"{budget.MAX_ANSWER.usual // MIB} MiB",),
    "event of a stream": (f"{events.MAX_EVENT_LINES:,} lines",),
}


@pytest.mark.parametrize("start", ROWS)
def test_row_states_what_the_code_has(repository: Path, start: str) -> None:
    table = (repository / "SECURITY.md").read_text("utf-8").partition("## Budgets")[2]
    rows = [line for line in table.splitlines() if line.startswith(f"| {start}")]
    wanted = [row for row in rows if row.startswith(f"| {start} |")] or rows
    assert len(wanted) == 1
    bounds = wanted[0].split(" | ", 1)[1]
    assert [bound for bound in ROWS[start] if bound not in bounds] == []


def test_each_file_of_tests_that_holds_a_promise_is_there(repository: Path) -> None:
    promises = (repository / "SECURITY.md").read_text("utf-8").partition("## Budgets")[0]
    named = [word for word in promises.split("`") if word.startswith("tests/")]
    assert named
    assert [name for name in named if not (repository / name).exists()] == []
