"""Bodies that the contract does not document, read by their own Content-Type.

text/csv; charset=latin-1    str
application/json             the JSON value, as plain Python data
image/png                    bytes
no body                      None
"""

from __future__ import annotations

import re
from typing import Any

from bothends.runtime.json.text import JsonTextError, read_json, read_json_loosely
from bothends.runtime.media_type import ContentType, is_json

_TEXT = re.compile(r"text/.*|.*[/+](?:xml|yaml)|application/(?:x-)?(?:javascript|yaml|csv)")
_VAGUE = frozenset({"text/plain", "text/html", "text/json", "application/octet-stream"})


def is_vague(content_type: ContentType | None) -> bool:
    """Whether a Content-Type says so little that the documented one may be meant."""
    return content_type is None or content_type.essence in _VAGUE or "json" in content_type.essence


def read_by_own_type(content: bytes, content_type: ContentType | None) -> Any:
    """The value of a body by its own type; text or bytes if it is not in that type."""
    if not content:
        return None

    essence = content_type.essence if content_type else ""
    if is_json(essence):
        try:
            return read_json(content)
        except JsonTextError:
            return _loose_json(content)

    is_text = _TEXT.fullmatch(essence) is not None
    if content_type is not None and (is_text or "charset" in content_type.parameters):
        text = content_type.decode(content)
        return content if text is None else text

    return content


def _loose_json(content: bytes) -> Any:
    """The value of JSON that a strict reader refuses; text or bytes where it is none at all."""
    text = ContentType("application/json", {}).decode(content)
    if text is None:
        return content
    try:
        return read_json_loosely(text)
    except JsonTextError:
        return text
