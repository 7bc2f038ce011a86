"""The server end: an ASGI app for a generated package."""

from .app import App as App

__all__ = ["App"]
