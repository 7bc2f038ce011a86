"""`bothends prove`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from bothends.cli.arguments import Quiet, Specs, load_project
from bothends.cli.evidence import summarise_evidence
from bothends.cli.exits import FAULT, FINDINGS, FINE
from bothends.cli.prove_flags import (
    ProvedStandIn,
    check_address,
    check_flags,
    credential_of,
    header_of,
    shard_of,
    stand_in_of,
)
from bothends.cli.report_file import check_report, is_replaceable, write_report
from bothends.cli.terminal import progress, show_findings
from bothends.config import Config, Misuse, SpecFile, misuse
from bothends.package_import import PackageNotImported

if TYPE_CHECKING:
    from bothends.prove import Budget, Evidence, Package, Shard

    Say = Callable[[str], None]

_SECONDS_BETWEEN_SAVES = 2

Url: TypeAlias = Annotated[
    str | None,
    typer.Option("--url", help="A running server to prove; by default the package is served here."),
]
Secrets: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--credential",
        metavar="SCHEME=VARIABLE",
        help="With --url: the environment variable that holds the secret of a security scheme (user:password for basic"
        " authentication).",
    ),
]
Headers: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        metavar="'NAME: VARIABLE'",
        help="With --url: a header of every request that the contract does not have, and the environment variable that holds"
        " its value.",
    ),
]
Seed: TypeAlias = Annotated[
    int, typer.Option("--seed", min=0, help="The same seed tries the same requests.")
]
MaxExamples: TypeAlias = Annotated[
    int,
    typer.Option(
        "--max-examples", min=0, help="How many random requests per operation; 0 for none."
    ),
]
ShardText: TypeAlias = Annotated[
    str,
    typer.Option(
        "--shard", metavar="I/N", help="Prove every N-th operation, beginning with the I-th."
    ),
]
Merged: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--merge", metavar="FILE", help="Prove nothing; join what such runs wrote with --json."
    ),
]
JsonFile: TypeAlias = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the evidence as JSON.")
]
JunitFile: TypeAlias = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML.")
]
HtmlFile: TypeAlias = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write it as one HTML page.")
]
Default: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--default", help="Prove the stand-in that answers from the contract, not stand_in.py."
    ),
]
Remember: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--remember",
        help="Prove the stand-in of `serve --remember`, which keeps what is created.",
    ),
]
Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", help="A row of the table for each operation.")
]


def prove(
    packages: Specs = None,
    url: Url = None,
    credential: Secrets = None,
    header: Headers = None,
    seed: Seed = 1,
    max_examples: MaxExamples = 100,
    shard: ShardText = "1/1",
    merge: Merged = None,
    json: JsonFile = None,
    junit: JunitFile = None,
    html: HtmlFile = None,
    default: Default = False,
    remember: Remember = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> int:
    """Attack generated servers with requests of every kind, and prove that they obey their contracts.

    Exit code 1 when something was not answered as the contract says. A server at --url is held to
    what the contract and the RFCs say, and to nothing else. Ctrl-C ends the run with a report of
    what was found until then.

    Examples:

      bothends prove harbour --max-examples 1000 --seed 7

      bothends prove harbour --url http://127.0.0.1:8000 --credential bearerAuth=HARBOUR_TOKEN

      bothends prove harbour --remember --verbose

      bothends prove --shard 2/4 --json part-2.json

      bothends prove --merge part-1.json --merge part-2.json --html evidence.html
    """
    from bothends.prove import Budget

    for report in filter(None, (json, junit, html)):
        check_report(report)

    if merge:
        evidence = _merged(merge)
    else:
        run = _Run(
            Budget(seed, max_examples), shard_of(shard), json, stand_in_of(default, remember)
        )
        run.prove(packages, url, credential or [], header or [])
        evidence = run.evidence

    # First: a disk that is full by now should not cost what was found.
    if not (quiet and evidence.is_proved):
        print(summarise_evidence(evidence, verbose=verbose), end="", flush=True)
    _write(evidence, json, junit, html)
    if evidence.has_fault:
        return FAULT
    return FINE if evidence.is_proved else FINDINGS


def _merged(files: list[Path]) -> Evidence:
    from bothends.prove import merge_evidence, read_evidence

    try:
        return merge_evidence(read_evidence(file) for file in files)
    except ValueError as error:
        raise misuse(
            "not-evidence", str(error), hint="such a file is written by `bothends prove --json`"
        ) from None


class _Run:
    """One run over some packages.

    Its evidence can be read at any time; the JSON file is rewritten every few seconds.
    """

    def __init__(
        self, budget: Budget, part: Shard, file: Path | None, stand_in: ProvedStandIn
    ) -> None:
        from bothends.prove import Evidence

        self.budget, self.part, self.file, self.stand_in = budget, part, file, stand_in
        self.evidence = Evidence()
        self.saved = time.monotonic()
        self.pause: float = _SECONDS_BETWEEN_SAVES

    def prove(
        self,
        packages: list[str] | None,
        url: str | None,
        credentials: list[str],
        headers: list[str],
    ) -> None:
        """Prove each package; Ctrl-C and a fault of the proof leave what was found until then."""
        config, chosen = load_project(packages)
        check_flags(url, len(chosen), credentials, headers, self.stand_in)
        if url is None:
            from bothends.cli.packages import find_outdated

            show_findings(find_outdated(config, chosen), {}, sys.stderr)

        try:
            with progress() as show:
                say = self._saving(show)
                for spec in chosen:
                    if url is not None:
                        self._prove_url(config, spec, url, credentials, headers, say)
                    else:
                        self._prove(config, spec, say)
                        self._prove_webhooks(config, spec, say)
        except KeyboardInterrupt:
            self.evidence.interrupted = "it was interrupted"
        except Misuse:
            raise
        except Exception as error:  # noqa: BLE001
            # The evidence of an hour is worth more than a traceback.
            from bothends.prove.evidence.guard import fault_of

            self.evidence.interrupted = fault_of(error)

    def _saving(self, show: Say) -> Say:
        """Shows what is being done, and writes the JSON file every few seconds."""
        from bothends.prove import write_json_evidence

        def say(text: str) -> None:
            show(text)
            begun = time.monotonic()
            if self.file is None or begun - self.saved < self.pause:
                return

            # Another file would take the place of /dev/null, or of a FIFO that somebody reads.
            if not is_replaceable(self.file):
                return

            ending, self.evidence.interrupted = self.evidence.interrupted, "it did not end"
            written = self.file.with_name(f"{self.file.name}.part")
            # What cannot be written now is told at the end.
            with suppress(Misuse, OSError):
                write_report(written, write_json_evidence(self.evidence))
                written.replace(self.file)
            self.evidence.interrupted = ending
            self.saved = time.monotonic()
            # Thousands of failures take a while to write: a twentieth of the time is for that.
            self.pause = max(_SECONDS_BETWEEN_SAVES, 20 * (self.saved - begun))

        return say

    def _prove(self, config: Config, spec: SpecFile, say: Say) -> None:
        from bothends.prove import constants, prove_package
        from bothends.runtime.stand_in import StandInError, load_stand_in, make_stand_in
        from bothends.serve.missing import find_gaps

        package = _package(config, spec)
        stand_in, values = None, tuple[Any, ...]()
        if spec.stand_in is not None and self.stand_in is ProvedStandIn.OWN:
            try:
                stand_in = load_stand_in(spec.stand_in, spec.name)
                handler = make_stand_in(stand_in)
            except StandInError as error:
                hint = f"`bothends validate {spec.stem}` shows the line"
                raise misuse("stand-in", str(error), hint=hint) from error
            values = constants(spec.stand_in)
            # Said before the first request: what is missing fails in each of some thousand.
            show_findings(find_gaps(handler, package.operations, spec.name), {}, sys.stderr)

        prove_package(
            package,
            self.budget,
            stand_in=stand_in,
            remember=self.stand_in is ProvedStandIn.REMEMBERING,
            constants=values,
            shard=self.part,
            say=say,
            into=self.evidence,
        )

    def _prove_webhooks(self, config: Config, spec: SpecFile, say: Say) -> None:
        from bothends.prove import load_webhooks, prove_package

        webhooks = load_webhooks(config.generated / spec.name)
        if webhooks is not None:
            prove_package(webhooks, self.budget, shard=self.part, say=say, into=self.evidence)

    def _prove_url(
        self,
        config: Config,
        spec: SpecFile,
        url: str,
        credentials: list[str],
        headers: list[str],
        say: Say,
    ) -> None:
        from bothends.prove import Credentials, Unreachable, prove_url

        check_address(url)
        package = _package(config, spec)
        secrets = dict(credential_of(package, text) for text in credentials)
        existing = Credentials(secrets, headers=dict(map(header_of, headers)))

        for operation in self.part.choose(package.operations):
            if any(not existing.secrets.get(name) for name in existing.chosen(operation)):
                lacking = existing.lacking(operation)
                raise misuse(
                    "credential",
                    f"{operation.id} needs credentials of {', '.join(lacking)}",
                    hint=f"--credential {lacking[0]}=VARIABLE names the environment variable that holds"
                    " one; a server that asks for none takes any",
                )

        try:
            prove_url(
                package, url, self.budget, existing, shard=self.part, say=say, into=self.evidence
            )
        except Unreachable as error:
            raise misuse("url", error.message, hint=error.hint) from None


def _package(config: Config, spec: SpecFile) -> Package:
    from bothends.prove import load_package

    folder = config.generated / spec.name
    if not (folder / "operations.py").is_file():
        raise misuse(
            "not-generated",
            f"there is no package {spec.name} yet",
            hint="run `bothends generate` first",
        )
    try:
        return load_package(folder)
    except PackageNotImported as error:
        raise misuse("package-broken", error.message, hint=error.hint) from error


def _write(evidence: Evidence, json: Path | None, junit: Path | None, html: Path | None) -> None:
    from bothends.prove import write_json_evidence, write_junit, write_page

    for file, write in ((json, write_json_evidence), (junit, write_junit), (html, write_page)):
        if file is not None:
            write_report(file, write(evidence))
