"""Media types: one codec for each, behind one table.

Loaded when first used: who asks how a schema is written in XML needs no codec, nor pydantic.
"""

from typing import TYPE_CHECKING

from bothends.runtime.exports import lazy_exports

if TYPE_CHECKING:
    from .codec import MediaCodec as MediaCodec
    from .error import MediaError as MediaError
    from .table import body_media as body_media
    from .table import choose as choose
    from .table import reply_media as reply_media

_HOMES = {
    "codec": ("MediaCodec",),
    "error": ("MediaError",),
    "table": ("body_media", "choose", "reply_media"),
}
__getattr__ = lazy_exports(__name__, _HOMES)
