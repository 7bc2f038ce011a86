"""The client end: what generated clients extend."""

from .async_client import AsyncClient as AsyncClient
from .auth.oauth import ClientCredentials as ClientCredentials
from .auth.oauth import RefreshToken as RefreshToken
from .bodies.download import AsyncDownload as AsyncDownload
from .bodies.download import Download as Download
from .bodies.stream import AsyncStream as AsyncStream
from .bodies.stream import Stream as Stream
from .client import Client as Client
from .hooks import Attempt as Attempt
from .hooks import Hooks as Hooks
from .hooks import Outcome as Outcome
from .options import AsyncOptions as AsyncOptions
from .options import CallOptions as CallOptions
from .options import Options as Options
from .retry import Retries as Retries
from .transport.deadline import Clock as Clock
from .transport.deadline import Timeout as Timeout
from .whole import WholeAnswer as WholeAnswer

__all__ = [
    "AsyncClient",
    "AsyncDownload",
    "AsyncOptions",
    "AsyncStream",
    "Attempt",
    "CallOptions",
    "Client",
    "ClientCredentials",
    "Clock",
    "Download",
    "Hooks",
    "Options",
    "Outcome",
    "RefreshToken",
    "Retries",
    "Stream",
    "Timeout",
    "WholeAnswer",
]
