"""Packages made in memory, and what writing them would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bothends.cache import Made, make
from bothends.cli.terminal import progress
from bothends.config import Config, SpecFile
from bothends.diagnostics import ContractError, Finding, Severity, each_once
from bothends.package_import import hides, needed_modules
from bothends.write import ChangeKind, Plan, find_foreign, marked, plan
from bothends.write.plan import MANIFEST


@dataclass(frozen=True, slots=True)
class Package:
    """One package: its contract, its generated files, and the changes that they make on disk."""

    spec: SpecFile
    made: Made
    plan: Plan


@dataclass(frozen=True, slots=True)
class Batch:
    """The packages of one run and all findings. Either all packages are written or none is."""

    packages: tuple[Package, ...]
    findings: tuple[Finding, ...]

    @property
    def is_current(self) -> bool:
        """Whether the disk holds exactly what would be written."""
        return all(package.plan.is_current for package in self.packages)


def make_packages(config: Config, specs: Iterable[SpecFile], tests: Path | None = None) -> Batch:
    """Make every package in memory; the errors of one contract do not hide those of the others.

    Args:
        config: The settings of the project.
        specs: The contracts.
        tests: The folder of the user's own tests that a test of each package goes into, if any.
    """
    packages: list[Package] = []
    findings: list[Finding] = []

    with progress() as show:
        for spec in specs:
            show(f"making {spec.name} from {spec.display_path}")
            try:
                result = make(spec)
            except ContractError as error:
                findings += error.findings
                continue

            package = Package(spec, result, _plan(config, spec, result, tests))
            packages.append(package)
            findings += (*result.findings, *package.plan.findings, *name_findings(config, spec))

    return Batch(tuple(packages), tuple(each_once(findings)))


def name_findings(config: Config, spec: SpecFile) -> list[Finding]:
    """A finding for a package whose name is that of an installed module.

    An error for a module that Python or bothends itself imports: it would get the package.
    """
    if not hides(spec.name, config.generated.resolve()):
        return []

    free_name = f"{spec.name}_api"
    hint = f'--name {free_name} chooses another; names = {{{spec.name} = "{free_name}"}} keeps it'
    message = (
        f"the package {spec.name} has the name of an installed module, and one hides the other"
    )
    severity = Severity.ERROR if spec.name in needed_modules() else Severity.WARNING
    return [Finding("package-name", severity, message, hint=hint)]


def find_orphans(config: Config, specs: Iterable[SpecFile]) -> list[Finding]:
    """A finding for each generated package whose contract is gone."""
    names = {spec.name for spec in specs}
    manifests = sorted(config.generated.glob(f"*/{MANIFEST}"))
    return [
        Finding(
            "package-without-contract",
            Severity.WARNING,
            f"{_relative(config, manifest.parent)} was generated from a contract that is gone",
            hint="remove the folder, or bring the contract back",
        )
        for manifest in manifests
        if manifest.parent.name not in names
    ]


def summary_rows(packages: Sequence[Package]) -> list[tuple[str, ...]]:
    """A row per package: its folder, how much is in it, and what happened to its files."""
    return [
        (
            package.spec.name,
            str(package.made.counts.operations),
            str(package.made.counts.models),
            _files(package.plan),
            str(package.made.counts.refusals),
        )
        for package in packages
    ]


SUMMARY_HEAD = ("package", "operations", "models", "files", "refusals")


def _plan(config: Config, spec: SpecFile, result: Made, tests: Path | None) -> Plan:
    folder, beside = config.generated / spec.name, {spec.lock: result.lock}
    if tests is None:
        return plan(folder, result.files, root=config.root, beside=beside)

    from bothends.emit import emit_agreement_test

    file, text = tests / f"test_{spec.name}_agreement.py", marked(emit_agreement_test(spec.name))
    planned = plan(folder, result.files, root=config.root, beside={**beside, file: text})
    foreign = find_foreign(file, _relative(config, file), text)
    if foreign is None:
        return planned

    return replace(planned, findings=(*planned.findings, foreign))


def _files(result: Plan) -> str:
    kinds = [change.kind for change in result.changes]
    written = kinds.count(ChangeKind.CREATED) + kinds.count(ChangeKind.CHANGED)
    counts = (("written", written), ("removed", kinds.count(ChangeKind.REMOVED)))
    written_and_removed = [f"{count} {word}" for word, count in counts if count]
    return ", ".join([*written_and_removed, f"{kinds.count(ChangeKind.UNCHANGED)} unchanged"])


def _relative(config: Config, path: Path) -> str:
    return (
        path.relative_to(config.root).as_posix()
        if path.is_relative_to(config.root)
        else path.as_posix()
    )
