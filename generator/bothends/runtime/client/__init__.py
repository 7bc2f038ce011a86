"""The client end: what generated clients extend."""

from .async_client import AsyncClient as AsyncClient
from .client import Client as Client
from .deadline import Clock as Clock
from .deadline import Timeout as Timeout
from .download import AsyncDownload as AsyncDownload
from .download import Download as Download
from .hooks import Attempt as Attempt
from .hooks import Hooks as Hooks
from .hooks import Outcome as Outcome
from .oauth import ClientCredentials as ClientCredentials
from .oauth import RefreshToken as RefreshToken
from .options import AsyncOptions as AsyncOptions
from .options import CallOptions as CallOptions
from .options import Options as Options
from .retry import Retries as Retries
from .stream import AsyncStream as AsyncStream
from .stream import Stream as Stream
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
