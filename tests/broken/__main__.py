"""Rewrites messages.md: `python -m tests.broken`. Read the difference as a user would."""

from __future__ import annotations

from tests.broken.cases import MESSAGES, render_messages

MESSAGES.write_text(render_messages(), encoding="utf-8")
