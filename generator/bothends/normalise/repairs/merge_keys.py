"""Merge keys of YAML 1.1, which YAML 1.2 has not, but which have one plain meaning.

    responses: {'200': {description: Fine.}, <<: *errors}

is read as if the keys of the mapping `errors` were written out. Vendors write it in published
contracts. Those of a contract in several files are written out when it is loaded: what they bring
may refer to the other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.merge_keys import MERGE, MESSAGE, has_merge_key, merged_keys, write_out
from bothends.openapi.pointer import below


def repair_merge_keys(data: Any) -> Iterator[Edit]:
    """Find mappings with a merge key, and write out what it stands for."""
    if has_merge_key(data):
        yield from _edits(data, "")


def _edits(data: Any, pointer: str) -> Iterator[Edit]:
    if is_array(data):
        for index, item in enumerate(data):
            yield from _edits(item, below(pointer, index))
        return
    if not is_object(data):
        return

    sources = dict(merged_keys(data, below(pointer, MERGE)))
    for key, (value, source) in sources.items():
        written = write_out(value).data
        yield Edit("merge-key", below(pointer, key), "", written, source=source)
    if sources:
        yield Edit("merge-key", below(pointer, MERGE), MESSAGE, at_key=True)
    for key, value in data.items():
        if key != MERGE or not sources:
            yield from _edits(value, below(pointer, key))
