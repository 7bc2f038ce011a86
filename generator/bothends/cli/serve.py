"""`bothends serve`."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from bothends.cli.exits import FINDINGS, FINE
from bothends.cli.terminal import show_findings
from bothends.config import Config, Misuse, find_specs, load_config, misuse
from bothends.diagnostics import ContractError, Finding, Severity
from bothends.scratch import scratch_folder
from bothends.small_file import read_small

if TYPE_CHECKING:
    import socket

    from bothends.runtime.idempotency import IdempotencyStore
    from bothends.runtime.server.asgi import ASGIApp
    from bothends.serve.bounds import Bounds
    from bothends.serve.package import ServedPackage

_DEFAULT = "the default stand-in: what it answers comes from the contract alone"


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of one run, as the flags give them."""

    port: int
    host: str
    cors: Sequence[str]
    state: Path | None
    seed: Path | None
    idempotency: str | None
    default: bool
    remember: bool = False
    bounds: Bounds | None = None


_Package: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="PACKAGE",
        help="A name below generated/, the path of a generated package, or of a contract.",
    ),
]
_Port: TypeAlias = Annotated[int, typer.Option(help="0 takes any free port.")]
_Host: TypeAlias = Annotated[
    str,
    typer.Option(help="The address to listen on; by default, only this machine reaches it."),
]
_State: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Keep the stand-in's state in this SQLite file, so that it survives a restart.",
    ),
]
_Seed: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The first state, as YAML or JSON: see the README. A state file that has one "
        "keeps its own.",
    ),
]
_Idempotency: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Keep idempotency keys in Redis (redis://…), where several servers share them.",
    ),
]
_Default: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--default", help="Answer from the contract, also where there is a stand-in of one's own."
    ),
]
_Remember: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--remember",
        help="Let the default stand-in remember what is created, changed and deleted.",
    ),
]
_Reload: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--reload",
        help="Start again whenever the contract, the stand-in or the seed changes.",
    ),
]
_Cors: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ORIGIN",
        help="Let pages of this origin call it from a browser (CORS), `*` of any; may be repeated."
        " Pages of this machine (localhost) always may.",
    ),
]

_HeaderTimeout: TypeAlias = Annotated[
    float,
    typer.Option(metavar="SECONDS", min=0.1, help="How long the headers of a request may take."),
]
_BodyTimeout: TypeAlias = Annotated[
    float,
    typer.Option(metavar="SECONDS", min=0.1, help="How long the body of a request may take: 408."),
]
_MaxConnections: TypeAlias = Annotated[
    int, typer.Option(metavar="NUMBER", min=1, help="Open connections; one more is answered 503.")
]
_MaxInFlight: TypeAlias = Annotated[
    int,
    typer.Option(
        metavar="BYTES", min=1, help="Bytes of all bodies that are being received; beyond: 503."
    ),
]


def serve(
    package: _Package,
    port: _Port = 8000,
    host: _Host = "127.0.0.1",
    state: _State = None,
    seed: _Seed = None,
    idempotency: _Idempotency = None,
    default: _Default = False,
    cors: _Cors = None,
    remember: _Remember = False,
    reload: _Reload = False,
    header_timeout: _HeaderTimeout = 10.0,
    body_timeout: _BodyTimeout = 60.0,
    max_connections: _MaxConnections = 1_000,
    max_in_flight: _MaxInFlight = 256_000_000,
) -> int:
    """Run a stand-in for a vendor, until Ctrl-C.

    It is the class StandIn of specs/<name>/stand_in.py if that file exists. Otherwise each reply
    comes from the contract: the example named like the request's own, else the first example, else
    a value made from the schema. The request header Prefer then chooses another documented reply:
    [bold]Prefer: code=404, example=gone[/bold].

    With --remember, resources that the contract's shape shows (a collection and its items by id)
    are created, listed, fetched, changed and deleted, in memory or in --state. What was understood
    is printed; `x-resource` in the contract states what is not.

    The contract is served as well, as data and as a page, below /__bothends__/. Each request is
    logged with its verdict.

    Examples:

      bothends serve harbour

      bothends serve harbour --port 0 --state harbour.db --seed ./seeds/two-tides.yaml

      bothends serve ./elsewhere/harbour --default

      bothends serve harbour --seed seed.yaml --reload

      bothends serve ./downloads/openapi.yaml --remember --state harbour.db
    """
    from bothends.serve.bounds import Bounds
    from bothends.serve.package import find_package

    bounds = Bounds(header_timeout, body_timeout, max_connections, max_in_flight)
    options = _Options(port, host, cors or (), state, seed, idempotency, default, remember, bounds)
    config = load_config(Path.cwd())
    if reload:
        return _reload(config, package, options)
    if not Path(package).is_file():
        chosen = find_package(config, package)
        return _serve(chosen, options)

    # A contract is served without a package in the project: one that lives as long as the server.
    with scratch_folder() as folder:
        chosen = _generate(config, package, folder)
        return _serve(chosen, options)


def _reload(config: Config, package: str, options: _Options) -> int:
    """Serve the contract of a package itself, so that its changes need no `generate`."""
    from bothends.cli.reload import keep_serving
    from bothends.cli.sources import load_with_files
    from bothends.serve.listen import address

    [spec] = find_specs(config, [package])
    # A port that is chosen once: whoever calls the server keeps its address.
    with _listen(options.host, options.port) as listening:
        port = address(listening).rpartition(":")[2]
    beside = spec.contract.parent / "stand_in.py"
    seed = [] if options.seed is None else [options.seed]
    words = [str(spec.contract), "--port", port, *_words(options)]
    files = [spec.contract]
    with suppress(ContractError):  # the server says why, and follows the contract's own file
        _, files = load_with_files(spec)
    return keep_serving(words, [*files, spec.stand_in or beside, *seed])


def _words(options: _Options) -> list[str]:
    """The options as they are typed, for another process; without the port."""
    words = ["--host", options.host]
    words += [word for origin in options.cors for word in ("--cors", origin)]
    bounds = options.bounds
    valued: list[tuple[str, object]] = [
        ("state", options.state),
        ("seed", options.seed),
        ("idempotency", options.idempotency),
    ]
    if bounds is not None:
        valued += [("header-timeout", bounds.header_seconds), ("body-timeout", bounds.body_seconds)]
        valued += [("max-connections", bounds.connections)]
        valued += [("max-in-flight", bounds.bytes_in_flight)]
    for name, value in valued:
        words += [] if value is None else [f"--{name}", str(value)]
    words += ["--default"] if options.default else []
    words += ["--remember"] if options.remember else []
    return words


def _generate(config: Config, contract: str, folder: Path) -> ServedPackage:
    """Generate the package of a contract into a folder. Raises `ContractError` if it has errors."""
    from bothends.cli.sources import read_sources
    from bothends.pipeline import generate
    from bothends.serve.package import find_package
    from bothends.write import apply, plan

    [spec] = find_specs(config, [contract])
    generated = generate(spec)
    serious = [finding for finding in generated.findings if finding.severity is not Severity.INFO]
    show_findings(serious, read_sources(config, [spec], serious), sys.stderr)
    target = folder / spec.name
    apply([plan(target, generated.files, root=folder)])
    return replace(find_package(config, str(target)), stand_in=spec.stand_in)


def _serve(chosen: ServedPackage, options: _Options) -> int:
    from bothends.serve.cors import Cors
    from bothends.serve.site import DEFAULT_STAND_IN

    own = None if options.default or options.remember else chosen.stand_in
    answered_by = own.name if own else DEFAULT_STAND_IN

    try:
        app = _app(chosen, own, options)
    except Misuse:
        raise
    except ContractError as error:
        sources: dict[str, str] = {}
        seed = options.seed
        if seed is not None and seed.is_file():
            sources[seed.as_posix()] = read_small(seed).decode("utf-8", errors="replace")
        show_findings(error.findings, sources, sys.stderr)
        return FINDINGS

    listening = _listen(options.host, options.port)
    return _run(chosen, Cors(app, options.cors), answered_by, listening, options.bounds)


def _app(package: ServedPackage, own: Path | None, options: _Options) -> ASGIApp:
    from bothends.runtime.database import StateError
    from bothends.runtime.stand_in import (
        StandInError,
        State,
        app_of,
        default_stand_in,
        load_stand_in,
        remembering_stand_in,
    )
    from bothends.runtime.stand_in.load import check_taken
    from bothends.serve.missing import find_gaps
    from bothends.serve.seed import load_seed, seeded

    state, seed = options.state, options.seed
    # Silence would let somebody believe that the default stand-in remembers.
    if own is None and (options.idempotency or (state and not options.remember)):
        hint = "--state is for a stand_in.py, or with --remember; --idempotency for a stand_in.py"
        raise misuse("misuse", f"{_DEFAULT}, and has no state", hint=hint)

    if seed is not None and not seed.is_file():
        hint = "--seed takes a YAML or JSON file; without it the stand-in begins with its own state"
        raise misuse("seed", f"there is no file {seed}", hint=hint)

    document = None if seed is None else load_seed(seed)
    try:
        if options.remember:
            kind = remembering_stand_in(package.api, package.operations)
        elif own is None:
            kind = default_stand_in(package.api, package.operations)
        else:
            kind = load_stand_in(own, package.name)
        if state is not None and own is not None:
            check_taken(kind, ["state"])  # before a file is made that nothing would use
        database = None if state is None else State(state, package.name)
        store = _store(options.idempotency)
        stand_in: Any = seeded(kind, document, state=database, idempotency=store)
        if options.remember:
            _print_resources(stand_in, package)
        gaps = find_gaps(stand_in, package.operations, package.name)
        show_findings(gaps, {}, sys.stderr)
        return app_of(stand_in, package.name)
    except StateError as error:
        hint = "--state takes a file of this stand-in, or a new one in a folder that is there"
        raise misuse("state", str(error), hint=hint) from error
    except StandInError as error:
        raise misuse("stand-in", str(error)) from error


def _print_resources(stand_in: Any, package: ServedPackage) -> None:
    """Say what the default stand-in remembers, and that it answers in the place of another."""
    if package.stand_in is not None:
        print(f"{package.stand_in.name} is not used: --remember is the default stand-in's")
    resources = stand_in.memory.resources
    for resource in resources:
        print(f"remembers {resource.describe()}")
    if not resources:
        hint = "a collection needs POST, and an item GET; x-resource states what is not seen"
        message = "the contract shows no resource to remember"
        show_findings(
            [Finding("no-resource", Severity.WARNING, message, hint=hint)], {}, sys.stderr
        )


def _store(url: str | None) -> IdempotencyStore | None:
    if url is None:
        return None
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise misuse(
            "idempotency",
            "the idempotency store is given by a URL such as redis://localhost:6379/0",
        )

    import asyncio

    import_module("redis")  # to say at once that the extra is missing

    from bothends.runtime.database import StateError
    from bothends.runtime.idempotency import RedisIdempotencyStore

    # Asked at the start: a Redis that cannot be reached would else be a 500 at the first keyed
    # request.
    store = RedisIdempotencyStore(url)
    try:
        asyncio.run(store.check())
    except StateError as error:
        raise misuse(
            "idempotency", str(error), hint="is it running, and is this its address?"
        ) from None

    return store


def _listen(host: str, port: int) -> socket.socket:
    from bothends.serve.listen import listen

    if not host.strip():  # the socket library would take it for all addresses
        raise misuse(
            "host",
            "no host is named",
            hint="127.0.0.1 is this machine, 0.0.0.0 all of its addresses",
        )

    if not 0 <= port <= 65535:
        raise misuse(
            "port", f"{port} is no port", hint="a port is 1 to 65535; 0 takes any free one"
        )

    try:
        return listen(host, port)
    except OSError as error:
        reason, hint = (
            "there is no host of this name",
            "without --host, only this machine reaches it",
        )
        # The errors of name look-up have numbers of their own, below 0.
        if error.errno and error.errno > 0:
            reason = os.strerror(error.errno).lower()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            hint = "--port 0 takes any free port"

        raise misuse(
            "port", f"cannot listen on {host}, port {port}: {reason}", hint=hint
        ) from error


def _run(
    package: ServedPackage,
    app: ASGIApp,
    answered_by: str,
    listening: socket.socket,
    bounds: Bounds | None,
) -> int:
    from bothends.serve.listen import address, run
    from bothends.serve.log import log_to
    from bothends.serve.site import Site

    log_to(sys.stderr)
    site = Site(package.api, app, answered_by)
    logging.getLogger("bothends").addHandler(site.log)
    url = address(listening)
    # A URL with 0.0.0.0 works in some browsers only, so the line names one that works in all.
    everywhere = listening.getsockname()[0] in ("0.0.0.0", "::")  # noqa: S104 (asked, not chosen)
    reached = f"{url} and all addresses of this machine" if everywhere else url
    print(f"{package.name} on {reached}, answered by {answered_by}; Ctrl-C ends")
    print(f"the contract: {url}{site.prefix}/", flush=True)
    with listening:
        is_started = run(site, listening) if bounds is None else run(site, listening, bounds)
        return FINE if is_started else FINDINGS
