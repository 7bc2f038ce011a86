"""What is put to the proof: a generated package in process, served on a free port of this machine, or a running server."""

from __future__ import annotations

import ast
import contextlib
import inspect
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from bothends.runtime import Api, App, Operation

from .credentials import Credentials
from .echo import SuccessHandler
from .report.evidence import Failure
from .server_log import Complaint, ServerLog
from .wire import Request

STAND_IN = "stand-in"
DEFAULT = "default"
SUCCEEDING = "server"
UNCHECKED = ", replies unchecked"
PORT_AGAIN = 8000
SERVED_AGAIN = f"http://127.0.0.1:{PORT_AGAIN}"


@dataclass(frozen=True, slots=True)
class Package:
    """A generated package: its API and operations."""

    api: Api
    operations: tuple[Operation[Any], ...]

    @property
    def name(self) -> str:
        """The package's name."""
        return self.api.name


@dataclass(frozen=True, slots=True)
class Subject:
    """A server under proof, at an address. `always_succeeds`: it answers each valid request with a success.

    `remembers`: what one request makes or removes is there, or gone, for the next.
    `ours`: it is a generated one, with the bounds of our own. `constants` stand in the source of its handler, so that a
    branch that is taken for one value only is taken. `log` is what it logs, where it runs in this process.
    """

    package: Package
    name: str
    address: str
    credentials: Credentials
    always_succeeds: bool = False
    remembers: bool = True
    ours: bool = True
    constants: tuple[Any, ...] = ()
    log: ServerLog = field(default_factory=ServerLog)

    @property
    def told_address(self) -> str:
        """The address as reports tell it: that of a server here is gone after the proof, so it is where to serve again."""
        return SERVED_AGAIN if self.ours else self.address

    def curl(self, request: Request) -> str:
        """The command that sends a request to this server again, or to one that takes its place."""
        return self.credentials.masks(self.package.api).curl(self.told_address, request)

    def failure(
        self,
        operation: str,
        part: str,
        check: str,
        message: str,
        curl: str = "",
        cause: Complaint | None = None,
    ) -> Failure:
        """A failed check of this server; `cause` is what it comes from, where the server has failed itself."""
        same, reason = (cause.cause, cause.text) if cause is not None else ("", "")
        return Failure(
            self.package.name,
            self.name,
            operation,
            part,
            check,
            message,
            curl,
            cause=same,
            reason=reason,
        )


def load_package(folder: Path) -> Package:
    """The package in a folder. ImportError when there is none."""
    if str(folder.parent) not in sys.path:
        sys.path.insert(
            0, str(folder.parent)
        )  # to stay: packages load the rest of themselves when it is used
    module = import_module(f"{folder.name}.operations")
    return Package(module.API, tuple(module.OPERATIONS))


def load_stand_in(file: Path, name: str) -> Callable[[], Any]:
    """The class `StandIn` of a file that lies beside a contract."""
    spec = spec_from_file_location(f"bothends_stand_in_{name}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} cannot be imported", path=str(file))

    module = sys.modules[spec.name] = module_from_spec(
        spec
    )  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    made: Callable[[], Any] = module.StandIn
    return made


def constants(file: Path) -> tuple[Any, ...]:
    """The numbers and texts that stand in a Python file, in its order."""
    tree = ast.parse(file.read_text("utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and id(node) not in documentation
        and isinstance(node.value, str | int | float)
    )

    return tuple(dict.fromkeys(value for value in found if not isinstance(value, bool)))[:200]


def default_app(package: Package, credentials: Credentials, *, check_replies: bool = True) -> App:
    """The generated server on a handler that always succeeds."""
    return App(
        package.api,
        package.operations,
        SuccessHandler(package.operations),
        authenticate=credentials.authenticate(),
        check_replies=check_replies,
    )


def stand_in_app(
    package: Package, handler: Any, credentials: Credentials, *, check_replies: bool = True
) -> Callable[..., Any]:
    """The stand-in's own server, with the proof's credentials in front of its own judgement of them.

    Without checks of replies it is the bare server on the stand-in's handler, for a stand-in's own is made with them.
    """
    judged = getattr(handler, "authenticate", None)
    handler.authenticate = _both(credentials, judged)
    if check_replies and hasattr(handler, "app"):
        app: Callable[..., Any] = handler.app()
        return app

    return App(
        package.api,
        package.operations,
        handler,
        authenticate=handler.authenticate,
        check_replies=check_replies,
    )


def _both(credentials: Credentials, judged: Any) -> Any:
    ours = credentials.authenticate()

    async def authenticate(presented: Any) -> bool:
        if not ours(presented):
            return False
        verdict: Any = judged(presented) if judged is not None else True
        return bool(await verdict if inspect.isawaitable(verdict) else verdict)

    return authenticate


@contextlib.contextmanager
def serve(app: Callable[..., Any]) -> Generator[str]:
    """The address of an app that is served on a free port of this machine's loopback.

    Over a real socket and a real HTTP parser, so that headers and paths arrive as they do in life; it costs no more than
    calling the app in process, for making the requests is what takes the time.
    """
    import uvicorn  # noqa: PLC0415 (only this command needs a server)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        # asyncio leaves a listener that was made elsewhere as it is: without this, head and body of an answer lie 40 ms apart.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="auto", log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.002)

        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
