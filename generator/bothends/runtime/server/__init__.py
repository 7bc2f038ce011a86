"""The server end: an ASGI app for a generated package."""

from .app import App as App
from .app import AppOptions as AppOptions
from .body_stream import BodyStream as BodyStream
from .body_stream import streamed as streamed

__all__ = ["App", "AppOptions", "BodyStream", "streamed"]
