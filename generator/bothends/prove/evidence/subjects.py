"""The names of the servers that a proof runs, and the address where one is served again."""

from __future__ import annotations

STAND_IN = "stand-in"
DEFAULT = "default"
REMEMBERING = "remembering"
SUCCEEDING = "server"
UNCHECKED = ", replies unchecked"
PORT_AGAIN = 8000
SERVED_AGAIN = f"http://127.0.0.1:{PORT_AGAIN}"
