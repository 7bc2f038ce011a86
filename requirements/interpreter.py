"""Refuse a Python that the project does not support, in one line. Runs on any Python, so it uses no new syntax."""

import sys

OLDEST, NEWEST = (3, 11), (3, 14)

if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        "bothends needs Python %d.%d to %d.%d, and %s is Python %d.%d. Name another: make PYTHON=python3.13 ..."
        % (OLDEST + NEWEST + (sys.executable,) + tuple(sys.version_info[:2]))
    )

try:
    import ensurepip  # noqa: F401  (Debian ships venv without it; `python -m venv` then fails half-way)
except ImportError:
    sys.exit(
        "%s has no ensurepip, so `python -m venv` cannot work. On Debian: apt install python3-venv"
        % sys.executable
    )
