"""Media types: one codec for each, behind one table."""

from .codec import MediaCodec as MediaCodec
from .codec import MediaError as MediaError
from .table import body_media as body_media
from .table import choose as choose
from .table import reply_media as reply_media

__all__ = ["MediaCodec", "MediaError", "body_media", "choose", "reply_media"]
