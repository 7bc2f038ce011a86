"""`bothends generate`."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from bothends.cli.arguments import Overlay, Quiet, Specs, Strict, load_project, with_overlay
from bothends.cli.exits import FINDINGS, FINE, MISUSE
from bothends.cli.judgement import exit_code, fatal_only, without_faults
from bothends.cli.sources import read_sources
from bothends.cli.terminal import paint_diff, show_findings, show_problem, tabulate
from bothends.config import Config, SpecFile, misuse
from bothends.counted import counted
from bothends.diagnostics import Severity, fold, with_levels, without_ignored
from bothends.small_file import NotReadable, check_inside

if TYPE_CHECKING:
    from bothends.cli.packages import Batch


_Check: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Write nothing; say what would change and why, and exit with 1 if anything would.",
    ),
]
_Diff: TypeAlias = Annotated[
    bool, typer.Option("--diff", help="With --check: print each line that would change, too.")
]
_Watch: TypeAlias = Annotated[
    bool,
    typer.Option("--watch", help="Generate again whenever a contract changes, until Ctrl-C."),
]
_Only: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="SELECTOR",
        help="Generate this part of the contract alone: tag:repos, path:/repos/*, method:get, "
        "operation:ID or schema:NAME, several times if needed. It holds until another one is "
        "chosen, or `--only all`.",
    ),
]
_Skip: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--skip", metavar="SELECTOR", help="Leave this part of the contract out, as --only."
    ),
]
_Tests: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--tests",
        metavar="DIR",
        help="Also write a short test of each package into this folder of your own tests: that "
        "both ends agree.",
    ),
]
_Name: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="PACKAGE",
        help="The name of the package, for one contract. `names` in the settings keeps it.",
    ),
]


def generate(
    specs: Specs = None,
    check: _Check = False,
    diff: _Diff = False,
    watch: _Watch = False,
    strict: Strict = False,
    quiet: Quiet = False,
    overlay: Overlay = None,
    only: _Only = None,
    skip: _Skip = None,
    tests: _Tests = None,
    name: _Name = None,
) -> int:
    """Check contracts and write their packages: models, clients, server stub.

    Either all files are written or none is; an error that affects a whole contract writes none.
    An error in one place, or a feature that cannot be generated, leaves out the operations that
    depend on it, with a warning that says why and what to do. If they were generated before, it is
    an error.
    A file that was not generated is never touched.
    Errors and warnings go to stderr; `bothends validate` has notes as well.

    Examples:

      bothends generate

      bothends generate harbour --strict

      bothends generate --tests tests     [dim]with tests/test_harbour_agreement.py[/dim]

      bothends generate --check     [dim]in CI: is generated/ what the contracts say?[/dim]

      bothends generate --check --diff
    """
    if diff and not check:
        show_problem("--diff shows what --check found: give both")
        return MISUSE
    if check and watch:
        show_problem("--check writes nothing, so there is nothing to --watch: give one of them")
        return MISUSE

    config, chosen = load_project(specs)
    if name is not None:
        chosen = [_renamed(chosen, name)]
    chosen = with_overlay(chosen, overlay)
    config = replace(config, strict=strict or config.strict, quiet=quiet)
    if only or skip:
        chosen = [replace(s, only=tuple(only or ()), skip=tuple(skip or ())) for s in chosen]
    if tests is not None and not _may_write_tests(tests, config, chosen):
        return MISUSE

    if watch:
        return _watch_contracts(config, chosen, tests)

    return generate_once(
        config, chosen, check=check, whole_diff=diff, everything=not specs, tests=tests
    )


def _watch_contracts(config: Config, chosen: Sequence[SpecFile], tests: Path | None) -> int:
    """Generate each contract again whenever it changes, and print what changed in it."""
    from bothends.cli.watch import keep_generating

    return keep_generating(
        config,
        chosen,
        lambda changed: generate_once(
            config, changed, everything=False, tests=tests, says_why=True
        ),
    )


def _may_write_tests(tests: Path, config: Config, chosen: Sequence[SpecFile]) -> bool:
    """Whether `--tests` fits the folder and the contracts; if not, the reason is printed."""
    try:
        check_inside(tests)
    except NotReadable as error:
        show_problem(f"--tests {tests}: {error.strerror}", hint="name a folder of your own tests")
        return False

    if tests.resolve().is_relative_to(config.generated.resolve()):
        show_problem(
            f"--tests {tests} is in the folder of generated packages",
            hint="name a folder of your own tests",
        )
        return False

    standalone = [spec.name for spec in chosen if spec.is_standalone]
    if standalone:
        show_problem(
            f"--tests is not for {standalone[0]}, which has a runtime of its own (standalone)",
            hint=f"`bothends prove {standalone[0]}` shows the same",
        )
        return False

    return True


def _renamed(chosen: Sequence[SpecFile], name: str) -> SpecFile:
    """The one contract that is meant, under another name of its package."""
    if len(chosen) != 1:
        hint = "name one contract, or write `names` in [tool.bothends]"
        raise misuse("package-name", f"--name is for one contract, not {len(chosen)}", hint=hint)
    if not name.isidentifier() or keyword.iskeyword(name):
        hint = "letters, digits and _, a letter first"
        raise misuse("package-name", f"no Python package can be named {name!r}", hint=hint)

    [spec] = chosen
    # A contract outside of the project has its lock below specs/, where another's may be.
    lock = spec.lock.parent.parent / name / spec.lock.name if spec.is_outside else spec.lock
    return replace(spec, name=name, lock=lock)


def generate_once(
    config: Config,
    specs: Sequence[SpecFile],
    *,
    everything: bool,
    check: bool = False,
    whole_diff: bool = False,
    says_why: bool = False,
    tests: Path | None = None,
) -> int:
    """Make the packages, then write them or compare them with the disk.

    Args:
        config: The settings, with the flags of the command line applied.
        specs: The contracts to generate.
        everything: Whether `specs` are all contracts of the project; a package of none of them is
            then reported as left over.
        check: Compare instead of write.
        whole_diff: With `check`, print each line that differs, too.
        says_why: Print what changed in the contract before its package is written.
        tests: The folder that a test of each package goes into.
    """
    if check:
        return _generate_once(
            config,
            specs,
            lambda batch, is_clean: _compare(batch, is_clean=is_clean, whole_diff=whole_diff),
            everything=everything,
            must_be_clean=True,
            tests=tests,
        )

    from bothends.write import AnotherRun, only_run

    try:
        with only_run(config.root, _say_waiting):
            return _finish_killed_run(config) or _generate_once(
                config,
                specs,
                lambda batch, _: _write(config, batch, says_why=says_why, tests=tests),
                everything=everything,
                must_be_clean=False,
                tests=tests,
            )
    except AnotherRun:
        show_problem(
            f"another run of bothends writes into {config.root}, and does not end",
            hint="end it, then run this again; nothing was changed",
        )
        return MISUSE


def _say_waiting() -> None:
    print("another run of bothends writes here: waiting for its end", file=sys.stderr)


def _finish_killed_run(config: Config) -> int:
    """Finish the changes of a run that was killed in the middle of them."""
    from bothends.write import recover

    try:
        is_finished = recover(config.generated, config.root)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        show_problem(
            f"a run that was ended before it was done cannot be finished: {reason}",
            hint=f"remove {config.generated / '.bothends'}, then run this again",
        )
        return MISUSE

    if is_finished:
        print("finished the changes of a run that was ended before it was done", file=sys.stderr)

    return FINE


def _generate_once(
    config: Config,
    specs: Sequence[SpecFile],
    finish: Callable[[Batch, bool], int],
    *,
    everything: bool,
    must_be_clean: bool,
    tests: Path | None,
) -> int:
    """Make the packages, show what is found, and hand them on if they may be written.

    `finish` is given the packages, and whether nothing else is left over on the disk. With
    `must_be_clean` it fails otherwise, so that `--quiet` prints what is left over.
    """
    from bothends.cli.packages import find_orphans, make_packages
    from bothends.write import find_interrupted

    batch = make_packages(config, specs, tests.resolve() if tests is not None else None)
    orphans = find_orphans(config, specs) if everything else []
    interrupted = find_interrupted(config.generated, config.root)
    judged = without_ignored(batch.findings, config.ignores, keep_errors=True)
    judged = with_levels(judged, config.levels)
    # Notes on good practice are for `validate`: here they would hide the warnings.
    left_over = [*orphans, *interrupted]
    serious = [finding for finding in judged if finding.severity is not Severity.INFO]
    if config.quiet:
        serious = fatal_only(serious, strict=config.strict)
        serious += fatal_only(left_over, strict=True) if must_be_clean else []
    else:
        serious += left_over
    printed, more = fold(serious)
    show_findings(printed, read_sources(config, specs, printed), sys.stderr)
    for line in more:
        print(f"{line}; `bothends validate --all` prints them", file=sys.stderr)

    code = exit_code(judged, strict=config.strict)
    if exit_code(without_faults(judged), strict=config.strict) != FINE:
        print("nothing was written", file=sys.stderr)
        return code or FINDINGS

    return finish(batch, not fatal_only(left_over, strict=True)) or code


def _compare(batch: Batch, *, is_clean: bool, whole_diff: bool) -> int:
    from bothends.cli.currency import describe_differences
    from bothends.write import unified_diff

    for line in describe_differences(batch.packages):
        print(line)

    changes = [change for package in batch.packages for change in package.plan.changes]
    for change in changes if whole_diff else []:
        if difference := unified_diff(change):
            print(paint_diff(difference, sys.stdout))

    if batch.is_current and is_clean:
        return FINE

    if not batch.is_current:
        print(
            "not up to date: run `bothends generate`; `--check --diff` prints each line",
            file=sys.stderr,
        )

    return FINDINGS


def _write(config: Config, batch: Batch, *, says_why: bool, tests: Path | None = None) -> int:
    from bothends.cli.currency import describe_differences
    from bothends.cli.packages import SUMMARY_HEAD, summary_rows
    from bothends.write import apply

    for line in describe_differences(batch.packages) if says_why and not config.quiet else ():
        print(line)

    try:
        apply(package.plan for package in batch.packages)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        show_problem(f"cannot write to {config.generated}: {reason}", hint="nothing was changed")
        return MISUSE

    if config.quiet:
        return FINE

    print(
        tabulate(
            SUMMARY_HEAD,
            summary_rows(batch.packages),
            right=frozenset({"operations", "models", "refusals"}),
        ),
        end="",
    )
    for package in batch.packages:
        for change in package.plan.changes:
            if tests is not None and change.path.parent == tests.resolve():
                print(f"{tests / change.path.name}: {change.kind}")
        counts = package.made.counts
        if count := counts.left_out:
            every = count + counts.every_operation
            print(f"{package.spec.name}: {every - count} of {every} operations are selected")
        if count := counts.repairs:
            places = counted(count, "place")
            print(f"{package.spec.name}: {places} repaired or left out, listed in coverage.json")
        if count := counts.untyped:
            values = counted(count, "value")
            print(f"{package.spec.name}: {values} typed Any, listed in coverage.json")

    return FINE
