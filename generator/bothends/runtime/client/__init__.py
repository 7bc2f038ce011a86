"""The client end: what generated clients extend."""

from .client import AsyncClient as AsyncClient
from .client import Client as Client
from .options import AsyncOptions as AsyncOptions
from .options import Options as Options

__all__ = ["AsyncClient", "AsyncOptions", "Client", "Options"]
