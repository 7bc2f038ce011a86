"""Rewrites docs/reference.md: `python -m tests.reference`."""

from __future__ import annotations

from .document import FILE, render_reference

FILE.parent.mkdir(exist_ok=True)
FILE.write_text(render_reference(), encoding="utf-8")
