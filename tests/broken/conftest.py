"""What the tests of broken contracts share."""

from __future__ import annotations

import pytest

from tests.packages import hide_package


@pytest.fixture(autouse=True)
def no_package_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it a contract may be told that its name is taken."""
    hide_package(monkeypatch, "harbour")
