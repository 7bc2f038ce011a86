"""What tests of several areas share."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Slow input is the machine's other work, not a fault of the code: no test may fail for it.
settings.register_profile("bothends", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bothends")

# A shell starts what it runs in the background deaf to Ctrl-C, and that is inherited: no test of Ctrl-C could pass there.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anything imports the command line: its library looks once, and then colours even what is not a terminal.
for _name in (
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "NO_COLOR",
    "PY_COLORS",
    "TTY_COMPATIBLE",
):
    os.environ.pop(_name, None)

# What a test sees was made by this test, in the way that it asks for.
os.environ["BOTHENDS_CACHE"] = "off"

ROOT = Path(__file__).parents[1]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its parameter: compressed bytes hold the time, which differs between workers."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working copy."""
    return ROOT
