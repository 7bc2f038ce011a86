"""`bothends claims`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from bothends.cli.arguments import Spec, load_project
from bothends.cli.exits import FINDINGS, FINE
from bothends.cli.terminal import tabulate
from bothends.config import SpecFile, misuse
from bothends.counted import counted
from bothends.diagnostics import ContractError
from bothends.small_file import read_small

if TYPE_CHECKING:
    from bothends.check import ClaimsFile
    from bothends.load import Document


class Format(StrEnum):
    """A table for people, or JSON for programs."""

    TEXT = "text"
    JSON = "json"


NewerDocument: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--document",
        metavar="NEWER.txt",
        help="A newer copy of the vendor's document, as text: list the claims whose passages "
        "are gone from it.",
    ),
]
CopyOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--copy-of",
        metavar="ID",
        help="Which document of claims.yaml the copy is of; by default, seen from it.",
    ),
]
Passage: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--fingerprint",
        metavar="PASSAGE",
        help="Print the fingerprint of a passage, for claims.yaml: the passage itself, or - to "
        "read it from standard input. With --document, the passage must occur there.",
    ),
]


def claims(
    spec: Spec,
    document: NewerDocument = None,
    copy_of: CopyOf = None,
    passage: Passage = None,
    unsourced: Annotated[
        bool,
        typer.Option(
            "--unsourced", help="List the constraints that name no claim and no assumption."
        ),
    ] = False,
    assume: Annotated[
        bool,
        typer.Option(
            "--assume",
            help="Write an x-assumption into the contract for each constraint of --unsourced.",
        ),
    ] = False,
    format: Annotated[  # noqa: A002 (the word of the command line)
        Format, typer.Option("--format", "-f", help="For people or for programs.")
    ] = Format.TEXT,
) -> int:
    """Print what the vendor's documentation states: statement, source, kept by what.

    Exit code 1 when nothing keeps a claim, with --document when a passage is gone, and with
    --unsourced when a constraint has no source. x-claims and x-assumption cover the object that
    carries them and what is written below it; one on an operation covers no constraint, and a
    component is marked itself.

    Examples:

      bothends claims harbour

      bothends claims harbour --document ./downloads/harbour-api.txt

      bothends claims harbour --fingerprint "Heights are given in metres above the chart datum."

      bothends claims harbour --unsourced

      bothends claims harbour --assume     [dim]and then say what is known better[/dim]

      bothends claims harbour --format json | jq '.[] | select(.kept_by == [])'
    """
    _, [chosen] = load_project([spec])
    if passage is not None:
        return _print_fingerprint(sys.stdin.read() if passage == "-" else passage, document)
    if assume:
        return _assume(chosen)
    if unsourced:
        return _print_unsourced(chosen, format)
    if document:
        return _print_stale(_load(chosen), document, copy_of, format)

    return _print_all(chosen, format)


def _load(spec: SpecFile) -> ClaimsFile:
    from bothends.check import load_claims

    if spec.claims is None:
        raise misuse(
            "no-claims",
            f"there is no claims file for {spec.display_path}",
            hint="it would lie beside it, as claims.yaml",
        )

    return load_claims(spec.claims, spec.show(spec.claims))


def _repaired(spec: SpecFile) -> Document:
    """The contract as it is checked: repaired, and in OpenAPI 3."""
    from bothends.normalise import repair
    from bothends.pipeline import load

    return repair(load(spec)).document


def _print_all(spec: SpecFile, format_: Format) -> int:
    from bothends.check import claims_table, read_stand_in

    listed = _load(spec)
    stand_in = read_stand_in(spec.stand_in, spec.show(spec.stand_in)) if spec.stand_in else None
    rows = claims_table(listed, _repaired(spec), stand_in)

    if format_ is Format.JSON:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        cells = [
            (row.id, row.statement, row.source, "; ".join(row.kept_by) or "nothing") for row in rows
        ]
        print(tabulate(("id", "statement", "source", "kept by"), cells), end="")

    return FINE if all(row.kept_by for row in rows) else FINDINGS


def _print_unsourced(spec: SpecFile, format_: Format) -> int:
    from bothends.check import constraint_in_words, count_constraints, unsourced_constraints
    from bothends.openapi.contract import Contract

    document = _repaired(spec)
    contract = Contract(document)
    problems = unsourced_constraints(contract)
    places = [document.location_of(each.pointer, key=each.key) for each in problems]
    locations = [f"{place.path}:{place.line}:{place.column}" for place in places]

    if format_ is Format.JSON:
        pairs = zip(locations, problems, strict=True)
        print(json.dumps([{"location": at, "pointer": each.pointer} for at, each in pairs]))
        return FINDINGS if problems else FINE

    words = [constraint_in_words(contract, each) for each in problems]
    rows = list(zip(locations, words, strict=True))

    total = count_constraints(contract)
    if rows:
        print(tabulate(("location", "constraint without a source"), rows), end="")
    print(f"{total - len(rows)} of {total} constraints have a source")
    return FINDINGS if rows else FINE


def _assume(spec: SpecFile) -> int:
    """Write assumptions into the contract, if it then says the same but for them."""
    from bothends.check import find_unassumed, with_assumptions

    document = _repaired(spec)
    every = find_unassumed(document)
    places = [each for each in every if each.location.path == spec.display_path]
    text = spec.contract.read_bytes().decode("utf-8-sig")
    changed = with_assumptions(text, places, is_json=spec.contract.suffix == ".json")

    before = spec.contract.read_bytes()
    spec.contract.write_text(changed, encoding="utf-8", newline="")
    try:
        left = find_unassumed(_repaired(spec))
    except ContractError:
        left = every
    if len(left) > len(every) - len(places):
        spec.contract.write_bytes(before)
        hint = "write x-assumption where `--unsourced` says; nothing was changed"
        message = f"assumptions cannot be written into the layout of {spec.display_path}"
        raise misuse("misuse", message, hint=hint)

    if not every:
        print("every constraint has a source: nothing was written")
        return FINE

    elsewhere = (
        f"; {counted(len(left), 'constraint')} in other files still without a source"
        if left
        else ""
    )
    print(f"{counted(len(places), 'assumption')} written into {spec.display_path}{elsewhere}")
    return FINDINGS if left else FINE


def _print_fingerprint(passage: str, document: Path | None) -> int:
    from bothends.check import find_passage, fingerprint_of

    fingerprint = fingerprint_of(passage)
    if fingerprint.startswith("0w:"):
        raise misuse(
            "no-passage",
            "the passage has no words",
            hint="a fingerprint is made of words: letters and digits",
        )

    if document is not None and not find_passage(_read(document), fingerprint):
        hint = "copy it from there; capitals, punctuation and line breaks do not matter"
        raise misuse("no-passage", f"the passage does not occur in {document}", hint=hint)

    print(fingerprint)
    return FINE


def _read(document: Path) -> str:
    return read_small(document).decode("utf-8", errors="replace")


def _print_stale(listed: ClaimsFile, copy: Path, copy_of: str | None, format_: Format) -> int:
    from bothends.check import stale_claims

    if copy_of is not None and copy_of not in listed.documents:
        listing = ", ".join(listed.documents)
        raise misuse(
            "no-document",
            f"{listed.document.path} lists no document {copy_of}",
            hint=f"it lists: {listing}",
        )

    marked = [claim for claim in listed.claims.values() if claim.fingerprint]
    # Silence would let somebody believe that the passages were looked for.
    if not marked:
        hint = '`bothends claims NAME --document FILE --fingerprint "passage"` prints one'
        message = f"no claim of {listed.document.path} has a fingerprint to look for"
        raise misuse("no-fingerprint", message, hint=hint)

    stale = stale_claims(listed, _read(copy), copy_of)
    if format_ is Format.JSON:
        print(json.dumps([asdict(claim) for claim in stale], indent=2))
    elif stale:
        rows = [(claim.id, claim.statement, claim.section) for claim in stale]
        print(tabulate(("gone", "statement", "section"), rows), end="")
    else:
        print("every passage is still there")
    unmarked = len(listed.claims) - len(marked)
    if unmarked and format_ is Format.TEXT:
        noun = "claim has" if unmarked == 1 else "claims have"
        print(f"{unmarked} {noun} no fingerprint: not looked for")

    return FINDINGS if stale else FINE
