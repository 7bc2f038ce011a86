"""Clients that others generate from the same contract, called over a transport that answers at once."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.packages import HEAD

from .contract import CONTRACT, ITEMS
from .peers import environment, importable, installed

URL = "https://made.test"


def openapi_python_client(folder: Path, answer: bytes) -> Callable[[], Any]:
    """The call by the client of openapi-python-client (attrs and httpx)."""
    command = ("-m", "openapi_python_client", "generate", "--meta", "none", "--output-path")
    _run(folder, *command, str(folder / "opc_client"), "--path", _contract(folder))
    importable()
    order = import_module("opc_client.api.default.order")
    models = import_module("opc_client.models")
    httpx = import_module("httpx")
    headers = {"content-type": "application/json"}

    def answered(request: Any) -> Any:
        return httpx.Response(200, content=answer, headers=headers, request=request)

    client = import_module("opc_client.client").Client(
        URL, httpx_args={"transport": httpx.MockTransport(answered)}
    )

    def call() -> Any:
        items = [models.Item(**values) for values in ITEMS]
        return order.sync(client=client, body=models.Order(customer="c", items=items))

    return call


def openapi_generator(folder: Path, answer: bytes) -> Callable[[], Any]:
    """The call by the client of openapi-generator (pydantic and urllib3)."""
    command = (str(installed() / "bin/openapi-generator-cli"), "generate", "-g", "python")
    names = ("--package-name", "ogen_client", "-o", str(folder))
    _run(folder, *command, *names, "-i", _contract(folder))
    importable()
    package = import_module("ogen_client")
    urllib3 = import_module("urllib3")

    class Pool:
        """Answers at once."""

        def request(self, *_arguments: Any, **_options: Any) -> Any:
            headers = {"content-type": "application/json"}
            return urllib3.HTTPResponse(
                io.BytesIO(answer), headers=headers, status=200, preload_content=False
            )

    client = package.ApiClient(package.Configuration(host=URL))
    client.rest_client.pool_manager = Pool()
    api = package.DefaultApi(client)

    def call() -> Any:
        items = [package.Item(**values) for values in ITEMS]
        return api.order(package.Order(customer="c", items=items))

    return call


def _contract(folder: Path) -> str:
    file = folder / "peers.yaml"
    file.write_text(HEAD + CONTRACT, "utf-8")
    return str(file)


def _run(folder: Path, *arguments: str) -> None:
    """Generate below a folder, which can be imported from then on."""
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, env=environment(), stdout=subprocess.DEVNULL)
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
