"""Work whose result may be kept from one run to the next.

    text = keep("what decides the text", lambda: "the text")

A room that has such work is handed a `Keep`; only `cache` knows where results are kept, and for
how long.
"""

from __future__ import annotations

from collections.abc import Callable

Work = Callable[[], str]
Keep = Callable[[str, Work], str]
"""From all that decides a text, and the work that makes it, to the text."""


def keep_nothing(_decided_by: str, work: Work) -> str:
    """Do the work, each time."""
    return work()
