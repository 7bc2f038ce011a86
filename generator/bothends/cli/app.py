"""The commands, together; and what each of them does with an error."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typing_extensions import override

from bothends import __version__
from bothends.cli.check_exchanges import check_exchanges
from bothends.cli.claims import claims
from bothends.cli.diff import diff
from bothends.cli.explain import explain
from bothends.cli.failures import shown
from bothends.cli.generate import generate
from bothends.cli.init import init
from bothends.cli.ir import ir
from bothends.cli.overlay import overlay
from bothends.cli.prove import prove
from bothends.cli.record import record
from bothends.cli.rules import rules
from bothends.cli.serve import serve
from bothends.cli.validate import validate


class _Command(TyperCommand):
    """A command whose help has words for people where typer writes `<bool>` and `<str>`."""

    @override
    def get_params(self, ctx: Any) -> list[Any]:
        return _with_plain_types(super().get_params(ctx), ctx)


class _Group(TyperGroup):
    """All commands, with such a help."""

    @override
    def get_params(self, ctx: Any) -> list[Any]:
        return _with_plain_types(super().get_params(ctx), ctx)


_TYPES: Final = {"<int>": "NUMBER", "<float>": "NUMBER", "<str>": "TEXT", "<bool>": ""}


def _no_type(_: Any) -> None:
    """What an argument's type is called: its name says it."""


def _with_plain_types(parameters: list[Any], context: Any) -> list[Any]:
    """Parameters whose types read well: a flag has none, and an argument's name says its own."""
    for parameter in parameters:
        if parameter.param_type_name == "argument":
            parameter.display_type = _no_type
        elif parameter.metavar is None:
            parameter.metavar = _TYPES.get(parameter.display_type(context))
    return parameters


app = typer.Typer(
    name="bothends",
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # `run` prints what is wrong
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_requested: bool) -> None:
    if is_requested:
        print(f"bothends {__version__}")
        raise typer.Exit


def bothends(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """From one OpenAPI contract, both ends of the wire: models, a typed client and a server stub.

    The contract is [bold]specs/<name>/openapi.yaml[/bold], its package
    [bold]generated/<name>/[/bold].
    SPEC is such a name or the path of a contract; without one, a command takes every contract
    below specs/.

    Exit codes: 0 fine, 1 findings, 2 wrong use, 70 a fault of bothends, 130 interrupted.
    """


_COMMANDS: tuple[Callable[..., int], ...] = (
    init,
    validate,
    generate,
    prove,
    serve,
    diff,
    record,
    check_exchanges,
    claims,
    overlay,
    ir,
    rules,
    explain,
)


def _register(command: Callable[..., int]) -> None:
    """Add a command. It returns its exit code, which typer takes only as the exception `Exit`."""

    @wraps(command)
    def exiting(*arguments: object, **options: object) -> None:
        raise typer.Exit(command(*arguments, **options))

    app.command(cls=_Command, help=_unwrap(inspect.getdoc(command) or ""))(exiting)


def _unwrap(text: str) -> str:
    """Put each paragraph on one line: typer keeps line breaks, and a terminal has its own width."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        paragraph if paragraph.startswith(" ") else " ".join(paragraph.split("\n"))
        for paragraph in paragraphs
    )


app.callback(help=_unwrap(inspect.getdoc(bothends) or ""))(bothends)
for _command in _COMMANDS:
    _register(_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    An error in a contract, in the flags or on the disk is printed as a finding.
    """

    def work() -> int:
        try:
            app(args=None if arguments is None else list(arguments), prog_name="bothends")
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0
        return 0

    return shown(work)
