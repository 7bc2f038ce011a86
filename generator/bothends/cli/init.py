"""`bothends init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from bothends.cli.copied_contract import copied_texts
from bothends.cli.exits import FINE
from bothends.cli.first_contract import (
    FIRST_METHODS,
    FirstOperation,
    claims_text,
    contract_text,
)
from bothends.cli.first_flags import check_operation, check_vendor
from bothends.cli.terminal import show_findings
from bothends.config import Config, Misuse, SpecFile, find_specs, load_config, misuse
from bothends.small_file import read_small

FirstMethod: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="METHOD",
        help=f"Method of the first operation: {', '.join(FIRST_METHODS)}.",
        autocompletion=lambda: list(FIRST_METHODS),
    ),
]
FirstSecurity: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="SCHEME", help="bearer, basic, none, or the header that carries an API key."
    ),
]
CopiedContract: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help="Begin with this contract instead, copied as it is, with the files that it refers to.",
    ),
]
WithStandIn: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--stand-in",
        help="Also write stand_in.py with every method of the handler. For a contract that is "
        "there already, too; to a stand_in.py that is there, what it lacks is added, and "
        "one that you did not touch follows the contract.",
    ),
]


_OF_AN_OPERATION: Final = ("method", "path", "server", "security")


def init(
    context: typer.Context,
    vendor: Annotated[
        str, typer.Argument(metavar="VENDOR", help="The name of the folder below specs/.")
    ],
    method: FirstMethod = "get",
    path: Annotated[
        str, typer.Option(metavar="PATH", help="Path of the first operation.")
    ] = "/things/{thingId}",
    server: Annotated[
        str, typer.Option(metavar="URL", help="Where the vendor's API is.")
    ] = "https://api.example.com/v1",
    security: FirstSecurity = "bearer",
    source: CopiedContract = None,
    stand_in: WithStandIn = False,
) -> int:
    """Begin a contract: specs/VENDOR/openapi.yaml, claims.yaml and, if wanted, stand_in.py.

    What it writes passes validate, generate and prove. A file that is there is never overwritten:
    to a stand-in, what it lacks is added.

    Examples:

      bothends init harbour --path "/tides/{tideId}" --server https://api.harbour.example

      bothends init harbour --method post --path /tides --security X-Api-Key

      bothends init harbour --from ./downloads/openapi.yaml

      bothends init harbour --stand-in
    """
    config = load_config(Path.cwd())
    spec = _existing(config, vendor)
    is_new = spec is None
    there = spec.display_path if spec else ""
    _refuse_unused_flags(context, "--from" if source else there)
    if spec is None:
        check_vendor(config, vendor)
        first = FirstOperation(vendor, method, path, server, security)
        _write(config, _texts(config, first, source))
        [spec] = find_specs(config, [vendor])
    elif not stand_in or source is not None:
        hint = f"edit it, or write its stand-in: `bothends init {vendor} --stand-in`"
        raise misuse("foreign-file", f"{spec.display_path} is there already", hint=hint)

    edited = spec.display_path if is_new else spec.show(Path("stand_in.py"))
    is_changed = is_new
    if stand_in:
        is_changed = _write_stand_in(config, spec) or is_new
    if is_changed:
        print(f"next: `bothends generate {vendor}`, then edit {edited}")
    return FINE


def _refuse_unused_flags(context: typer.Context, contract: str) -> None:
    """Raise `Misuse` for a flag of a first operation where the contract has operations already."""
    for name in _OF_AN_OPERATION if contract else ():
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            has = "takes a contract as it is" if contract == "--from" else "is there already"
            hint = "leave it out, and write the operation into the contract"
            raise misuse("misuse", f"{contract} {has}: --{name} changes nothing in it", hint=hint)


def _existing(config: Config, vendor: str) -> SpecFile | None:
    try:
        [spec] = find_specs(config, [vendor])
    except Misuse:
        return None
    return spec if spec.contract.is_relative_to(config.specs.resolve()) else None


def _texts(config: Config, first: FirstOperation, source: Path | None) -> dict[Path, str]:
    """The contract and its claims, by path. Raises `Misuse` for flags that make no contract."""
    # Late: a command that only asks for help does not read the schemas of OpenAPI.
    from bothends.check import editor_line

    folder = config.specs / first.vendor
    if source is not None:
        return {
            **copied_texts(source, folder, ("claims.yaml", config.overlay)),
            folder / "claims.yaml": editor_line("claims") + claims_text(first.vendor),
            **_schemas(config),
        }

    first = check_operation(first)
    claims = claims_text(first.vendor, operation=f"{first.method.upper()} {first.path}")
    return {
        folder / "openapi.yaml": editor_line("openapi") + contract_text(first),
        folder / "claims.yaml": editor_line("claims") + claims,
        **_schemas(config),
    }


def _schemas(config: Config) -> dict[Path, str]:
    """The schemas for editors that are not there yet."""
    from bothends.check.editor import FOLDER, editor_schemas

    folder = config.specs / FOLDER
    texts = {folder / name: text for name, text in editor_schemas().items()}
    return {file: text for file, text in texts.items() if not file.exists()}


def _stand_in_text(spec: SpecFile) -> str:
    from bothends.emit import emit_stand_in
    from bothends.pipeline import intermediate
    from bothends.write import format_sources

    api = intermediate(spec)[1].api
    text = emit_stand_in(api, spec.name, is_standalone=spec.is_standalone)
    return format_sources({"stand_in.py": text})["stand_in.py"]


def _write_stand_in(config: Config, spec: SpecFile) -> bool:
    """Write a stand-in, or add to the one that is there what it lacks; whether that is anything."""
    from bothends.emit import NoClass, add_methods
    from bothends.write import Change, Plan, apply, recover

    file = spec.contract.parent / "stand_in.py"
    complete = _stand_in_text(spec)
    if not file.exists():
        _write(config, {file: complete})
        return True

    display_path = spec.show(file)
    try:
        text = read_small(file).decode("utf-8-sig")
        addition = add_methods(text, complete)
    except (NoClass, UnicodeDecodeError, OSError) as error:
        hint = "it is yours and stays as it is; move it away to have it written again"
        message = f"{display_path} is there already, and nothing can be added: {error}"
        raise misuse("foreign-file", message, hint=hint) from None

    change = Change(file, display_path, text, addition.text)
    recover(config.root, config.root)
    apply([Plan(config.root, (change,), (), is_package=False)])
    print(f"{display_path}: {', '.join(addition.methods) or 'nothing'} added")
    if addition.renewed:
        print(f"{display_path}: new signature of {', '.join(addition.renewed)}")
    if addition.gone:
        print(f"{display_path}: {', '.join(addition.gone)} removed, as in the contract")
    for signature in addition.outdated:
        print(f"{display_path}: the contract says now, and your method stays: {signature}")
    _show_misfits(config, spec, display_path)
    return addition.text != text


def _show_misfits(config: Config, spec: SpecFile, stand_in: str) -> None:
    """Say what is wrong with the methods that were there: they are a person's, and stay."""
    from bothends.cli.sources import read_sources
    from bothends.pipeline import examine

    found = [each for each in examine(spec) if each.location and each.location.path == stand_in]
    show_findings(found, read_sources(config, [spec], found), sys.stderr)


def _write(config: Config, files: dict[Path, str]) -> None:
    from bothends.write import apply, plan_new, recover

    recover(config.root, config.root)
    plan = plan_new(files, root=config.root)
    if plan.findings:
        raise Misuse(plan.findings)

    apply([plan])
    for change in plan.changes:
        print(f"{change.display_path} written")
