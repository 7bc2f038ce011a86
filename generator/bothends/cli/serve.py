"""`bothends serve`."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bothends.cli.exits import FINDINGS, FINE
from bothends.cli.serve_flags import (
    BodyTimeout,
    CorsOrigins,
    Default,
    HeaderTimeout,
    Host,
    Idempotency,
    MaxConnections,
    MaxInFlight,
    Options,
    Package,
    Port,
    Reload,
    Remember,
    SeedFile,
    StateFile,
    typed_words,
)
from bothends.cli.terminal import progress, show_findings
from bothends.config import Config, Misuse, find_specs, listed_specs, load_config, misuse
from bothends.diagnostics import ContractError, Finding, Severity, fold
from bothends.scratch import scratch_folder
from bothends.small_file import read_small

if TYPE_CHECKING:
    import socket

    from bothends.runtime.idempotency import IdempotencyStore
    from bothends.runtime.server.asgi import ASGIApp
    from bothends.serve.bounds import Bounds
    from bothends.serve.package import ServedPackage

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s]+/?", re.IGNORECASE)
_DEFAULT = "the default stand-in: what it answers comes from the contract alone"


def serve(
    package: Package,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    state: StateFile = None,
    seed: SeedFile = None,
    idempotency: Idempotency = None,
    default: Default = False,
    cors: CorsOrigins = None,
    remember: Remember = False,
    reload: Reload = False,
    header_timeout: HeaderTimeout = 10.0,
    body_timeout: BodyTimeout = 60.0,
    max_connections: MaxConnections = 1_000,
    max_in_flight: MaxInFlight = 256_000_000,
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
    options = Options(port, host, cors or (), state, seed, idempotency, default, remember, bounds)
    config = load_config(Path.cwd())
    _refuse_wrong_origins(options.cors)
    if reload:
        return _reload(config, package, options)
    if not Path(package).is_file():
        chosen = find_package(config, package)
        _show_if_outdated(config, chosen)
        return _serve(chosen, options)

    # A contract is served without a package in the project: one that lives as long as the server.
    with scratch_folder() as folder:
        chosen = _generate(config, package, folder)
        return _serve(chosen, options)


def _refuse_wrong_origins(origins: Iterable[str]) -> None:
    """Raise `Misuse` for what is neither an origin (RFC 6454 §6.2) nor `*`."""
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            hint = "an origin is scheme, host and port, such as https://shop.example; * is any"
            raise misuse("misuse", f"--cors {origin}: this is no origin", hint=hint)


def _reload(config: Config, package: str, options: Options) -> int:
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
    words = [str(spec.contract), "--port", port, *typed_words(options)]
    return keep_serving(words, lambda: [*load_with_files(spec)[1], spec.stand_in or beside, *seed])


def _show_if_outdated(config: Config, package: ServedPackage) -> None:
    """Warn if the contract of a package of this project has changed since it was generated."""
    specs = [spec for spec in listed_specs(config) if spec.name == package.name]
    if package.folder.parent != config.generated.resolve() or not specs:
        return
    try:
        from bothends.cli.packages import find_outdated
    except ModuleNotFoundError:  # only `bothends[serve]` is installed, which makes no packages
        return

    show_findings(find_outdated(config, specs), {}, sys.stderr)


def _generate(config: Config, contract: str, folder: Path) -> ServedPackage:
    """Generate the package of a contract into a folder. Raises `ContractError` if it has errors."""
    from bothends.cli.sources import read_sources
    from bothends.pipeline import generate
    from bothends.serve.package import find_package
    from bothends.write import apply, plan

    [spec] = find_specs(config, [contract])
    with progress() as show:
        show(f"generating {spec.display_path}")
        generated = generate(spec)
    serious = [finding for finding in generated.findings if finding.severity is not Severity.INFO]
    printed, more = fold(serious)
    show_findings(printed, read_sources(config, [spec], printed), sys.stderr)
    for line in more:
        print(f"{line}; `bothends validate {contract} --all` lists them", file=sys.stderr)
    target = folder / spec.name
    apply([plan(target, generated.files, root=folder, contract=spec.display_path)])
    return replace(find_package(config, str(target)), stand_in=spec.stand_in)


def _serve(chosen: ServedPackage, options: Options) -> int:
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


def _app(package: ServedPackage, own: Path | None, options: Options) -> ASGIApp:
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
        hint = f"`bothends validate {package.name}` shows the line" if own else ""
        raise misuse("stand-in", str(error), hint=hint) from error


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
