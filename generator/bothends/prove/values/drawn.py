"""One value of a strategy, where a value is needed that no sample could be made of.

For example, `{minProperties: 40, propertyNames: {pattern: '^[a-z]{2}$'}}` is beyond the samples of
the runtime, which have to be quick; Hypothesis finds one.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bothends.runtime.operation import MISSING

_DRAWS = 20
"""With one draw alone Hypothesis gives up after a few values that a filter refuses."""


def draw_one(strategy: st.SearchStrategy[Any]) -> Any:
    """Return the first value of a strategy, the same each time; MISSING when none is found."""
    found: list[Any] = []

    def take(value: Any) -> None:
        found.append(value)

    once = settings(
        max_examples=_DRAWS,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=[
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.large_base_example,
            HealthCheck.too_slow,
        ],
    )
    try:
        once(seed(1)(given(strategy)(take)))()
    except Exception:  # noqa: BLE001 (whatever it is, there is no value, and the caller says so)
        return MISSING
    return found[0] if found else MISSING
