"""Chooses the keys of components that come from other files, whatever the order of the references.

schemas/tide.yaml             tide
models/buoy.yaml              models.buoy     two files called buoy: the folder is added to both
stations/buoy.yaml            stations.buoy
shared.yaml#/parameters/Lang  Lang
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from bothends.openapi.free_key import free_key

_Target = TypeVar("_Target", bound=tuple[Any, ...])

# Names of files that say nothing of their content, so the folder is named too.
_SILENT: Final = frozenset({"index", "_index", "schema", "model", "main", "schemas", "responses"})


def choose_keys(
    targets: Mapping[_Target, tuple[str, ...]], root_keys: frozenset[str]
) -> dict[_Target, str]:
    """Give each target a key of its own.

    Args:
        targets: Each target with the words of its place, the last one nearest to it.
        root_keys: Keys that the root has already.

    Returns:
        The shortest key that no other target wants and that is not taken. Only those that clash get
        longer ones.
    """
    chosen: dict[_Target, str] = {}
    used = set(root_keys)
    waiting = sorted(targets, key=lambda target: targets[target])

    for length in range(1, max(map(len, targets.values()), default=0) + 1):
        expected = {target: _key(targets[target], length) for target in waiting}
        times = Counter(expected.values())
        chosen |= {
            target: key for target, key in expected.items() if times[key] == 1 and key not in used
        }
        used.update(chosen.values())
        waiting = [target for target in waiting if target not in chosen]

    for target in waiting:
        key = _key(targets[target], len(targets[target]))
        chosen[target] = free_key(key, {*used, key})
        used.add(chosen[target])

    return chosen


def _key(words: tuple[str, ...], length: int) -> str:
    if len(words) > length and words[-1].lower() in _SILENT:
        length += 1
    legal = [re.sub(r"[^A-Za-z0-9._-]+", "_", word).strip("_.") for word in words[-length:]]
    return ".".join(word for word in legal if word) or "part"
