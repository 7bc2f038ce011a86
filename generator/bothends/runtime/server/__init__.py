"""The server end: an ASGI app for a generated package."""

from .app import App as App
from .app import AppOptions as AppOptions

__all__ = ["App", "AppOptions"]
