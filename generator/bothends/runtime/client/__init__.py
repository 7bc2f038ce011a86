"""The client end: what generated clients extend. Each name loads when it is first used."""

from typing import TYPE_CHECKING

from bothends.runtime.exports import lazy_exports

if TYPE_CHECKING:
    from .auth.oauth import ClientCredentials as ClientCredentials
    from .auth.oauth import RefreshToken as RefreshToken
    from .bodies.download import AsyncDownload as AsyncDownload
    from .bodies.download import Download as Download
    from .bodies.stream import AsyncStream as AsyncStream
    from .bodies.stream import Stream as Stream
    from .client import AsyncClient as AsyncClient
    from .client import Client as Client
    from .group import AsyncOperationGroup as AsyncOperationGroup
    from .group import OperationGroup as OperationGroup
    from .hooks import Attempt as Attempt
    from .hooks import Hooks as Hooks
    from .hooks import Outcome as Outcome
    from .options import AsyncOptions as AsyncOptions
    from .options import CallOptions as CallOptions
    from .options import Options as Options
    from .raw_response import AsyncDownloadContext as AsyncDownloadContext
    from .raw_response import AsyncRawMethod as AsyncRawMethod
    from .raw_response import AsyncRawResponses as AsyncRawResponses
    from .raw_response import AsyncStreamingMethod as AsyncStreamingMethod
    from .raw_response import AsyncStreamingResponses as AsyncStreamingResponses
    from .raw_response import DownloadContext as DownloadContext
    from .raw_response import RawMethod as RawMethod
    from .raw_response import RawResponse as RawResponse
    from .raw_response import RawResponses as RawResponses
    from .raw_response import StreamingMethod as StreamingMethod
    from .raw_response import StreamingResponses as StreamingResponses
    from .retry import Retries as Retries
    from .transport.deadline import Clock as Clock
    from .transport.deadline import Timeout as Timeout

__getattr__ = lazy_exports(
    __name__,
    {
        "auth.oauth": (
            "ClientCredentials",
            "RefreshToken",
        ),
        "bodies.download": (
            "AsyncDownload",
            "Download",
        ),
        "bodies.stream": (
            "AsyncStream",
            "Stream",
        ),
        "client": (
            "AsyncClient",
            "Client",
        ),
        "group": (
            "AsyncOperationGroup",
            "OperationGroup",
        ),
        "hooks": (
            "Attempt",
            "Hooks",
            "Outcome",
        ),
        "options": (
            "AsyncOptions",
            "CallOptions",
            "Options",
        ),
        "raw_response": (
            "AsyncDownloadContext",
            "AsyncRawMethod",
            "AsyncRawResponses",
            "AsyncStreamingMethod",
            "AsyncStreamingResponses",
            "DownloadContext",
            "RawMethod",
            "RawResponse",
            "RawResponses",
            "StreamingMethod",
            "StreamingResponses",
        ),
        "retry": ("Retries",),
        "transport.deadline": (
            "Clock",
            "Timeout",
        ),
    },
)

__all__ = [
    "AsyncClient",
    "AsyncDownload",
    "AsyncDownloadContext",
    "AsyncOperationGroup",
    "AsyncOptions",
    "AsyncRawMethod",
    "AsyncRawResponses",
    "AsyncStream",
    "AsyncStreamingMethod",
    "AsyncStreamingResponses",
    "Attempt",
    "CallOptions",
    "Client",
    "ClientCredentials",
    "Clock",
    "Download",
    "DownloadContext",
    "Hooks",
    "OperationGroup",
    "Options",
    "Outcome",
    "RawMethod",
    "RawResponse",
    "RawResponses",
    "RefreshToken",
    "Retries",
    "Stream",
    "StreamingMethod",
    "StreamingResponses",
    "Timeout",
]
