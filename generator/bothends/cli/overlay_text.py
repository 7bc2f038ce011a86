"""The text of an overlay that a command writes."""

from __future__ import annotations

import json
from typing import Any


def overlay_text(overlay: dict[str, Any]) -> str:
    """Return an overlay as YAML that a person can edit: without anchors and aliases."""
    import yaml

    # One value at two places would be an alias, and a change of one place one of both.
    unshared = json.loads(json.dumps(overlay))
    return yaml.safe_dump(unshared, sort_keys=False, allow_unicode=True, width=100)
