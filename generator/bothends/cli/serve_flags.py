"""The flags of `bothends serve`, and what they are in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from bothends.serve.bounds import Bounds

Package: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="PACKAGE",
        help="A name below generated/, the path of a generated package, or of a contract.",
    ),
]
Port: TypeAlias = Annotated[int, typer.Option(help="0 takes any free port.")]
Host: TypeAlias = Annotated[
    str,
    typer.Option(help="The address to listen on; by default, only this machine reaches it."),
]
StateFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Keep the stand-in's state in this SQLite file, so that it survives a restart.",
    ),
]
SeedFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The first state, as YAML or JSON: see the README. A state file that has one "
        "keeps its own.",
    ),
]
Idempotency: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Keep idempotency keys in Redis (redis://…), where several servers share them.",
    ),
]
Default: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--default", help="Answer from the contract, also where there is a stand-in of one's own."
    ),
]
Remember: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--remember",
        help="Let the default stand-in remember what is created, changed and deleted.",
    ),
]
Reload: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--reload",
        help="Start again whenever the contract, the stand-in or the seed changes.",
    ),
]
CorsOrigins: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ORIGIN",
        help="Let pages of this origin call it from a browser (CORS), `*` of any; may be repeated."
        " Pages of this machine (localhost) always may.",
    ),
]

HeaderTimeout: TypeAlias = Annotated[
    float,
    typer.Option(metavar="SECONDS", min=0.1, help="How long the headers of a request may take."),
]
BodyTimeout: TypeAlias = Annotated[
    float,
    typer.Option(metavar="SECONDS", min=0.1, help="How long the body of a request may take: 408."),
]
MaxConnections: TypeAlias = Annotated[
    int, typer.Option(metavar="NUMBER", min=1, help="Open connections; one more is answered 503.")
]
MaxInFlight: TypeAlias = Annotated[
    int,
    typer.Option(
        metavar="BYTES", min=1, help="Bytes of all bodies that are being received; beyond: 503."
    ),
]


@dataclass(frozen=True, slots=True)
class Options:
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


def typed_words(options: Options) -> list[str]:
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
