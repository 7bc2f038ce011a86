"""Packages made in memory, and what writing them would change."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bothends.cache import Made, make
from bothends.cli.terminal import progress
from bothends.config import Config, SpecFile, find_specs, listed_specs
from bothends.diagnostics import ContractError, Finding, Severity, each_once
from bothends.package_import import hides, needed_modules
from bothends.write import ChangeKind, Plan, find_foreign, marked, plan, read_origin
from bothends.write.plan import MANIFEST

CONTRACT: Final = "contract.json"
"""What a package keeps of the contract that it was made from."""


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
    """A finding for a package whose name is that of another contract's or of an installed module.

    An error for a module that Python or bothends itself imports: it would get the package.
    """
    owners = {listed.name: listed.display_path for listed in listed_specs(config)}
    if (owner := owners.get(spec.name, spec.display_path)) != spec.display_path:
        message = f"the package {spec.name} is that of {owner}"
        return [Finding("package-name", Severity.ERROR, message, hint="--name chooses another")]

    if not hides(spec.name, config.generated.resolve()):
        return []

    free_name = f"{spec.name}_api"
    hint = f'--name {free_name} chooses another; names = {{{spec.name} = "{free_name}"}} keeps it'
    message = (
        f"the package {spec.name} has the name of an installed module, and one hides the other"
    )
    severity = Severity.ERROR if spec.name in needed_modules() else Severity.WARNING
    return [Finding("package-name", severity, message, hint=hint)]


def known_specs(config: Config) -> list[SpecFile]:
    """The contracts below `specs/`, and those elsewhere in the project that have a package."""
    listed = listed_specs(config)
    paths = {spec.display_path for spec in listed}
    for package, origin in _other_packages(config, listed).items():
        if origin in paths or _is_outside(config, origin) or not (config.root / origin).is_file():
            continue
        [spec] = find_specs(config, [str(config.root / origin)])
        listed.append(replace(spec, name=package.name))

    return listed or find_specs(config, [])


def find_orphans(config: Config, specs: Iterable[SpecFile]) -> list[Finding]:
    """A finding for each generated package whose contract is gone, or has another package.

    One outside of the project is an info: only a command line may name what is read there, and no
    committed manifest.
    """
    specs = list(specs)
    names = {spec.display_path: spec.name for spec in specs}
    stems = {spec.display_path: spec.stem for spec in specs}
    findings: list[Finding] = []
    for package, origin in _other_packages(config, specs).items():
        folder, severity = _relative(config, package), Severity.WARNING
        message = f"{folder} was generated from {origin or 'a contract'}"
        if origin in names:
            message += f", whose package is {names[origin]}"
            hint = f'remove it, or keep the name: names = {{{stems[origin]} = "{package.name}"}}'
        elif origin and _is_outside(config, origin):
            message += ", outside of this project, and is left as it is"
            hint = f"`bothends generate --check {origin} --name {package.name}` compares the two"
            severity = Severity.INFO
        else:
            message += ", which is gone" if origin else " that is gone"
            hint = "remove the folder, or bring the contract back"
        findings.append(Finding("package-without-contract", severity, message, hint=hint))

    return findings


def find_outdated(config: Config, specs: Iterable[SpecFile]) -> list[Finding]:
    """A warning for each package on disk whose contract is another one by now."""
    generated = [spec for spec in specs if (config.generated / spec.name).is_dir()]
    current = {
        package.spec.name
        for package in make_packages(config, generated).packages
        for change in package.plan.changes
        if change.path.name == CONTRACT and change.kind is ChangeKind.UNCHANGED
    }
    hint = "`bothends generate --check` says what differs, `bothends generate` renews it"
    found: list[Finding] = []
    for spec in generated:
        if spec.name not in current:
            message = f"{spec.display_path} has changed since the package {spec.name} was generated"
            found.append(Finding("package-outdated", Severity.WARNING, message, hint=hint))
    return found


def _other_packages(config: Config, specs: Iterable[SpecFile]) -> dict[Path, str]:
    """The folders of packages of none of these contracts, with the contract that each remembers."""
    names = {spec.name for spec in specs}
    folders = [manifest.parent for manifest in sorted(config.generated.glob(f"*/{MANIFEST}"))]
    return {folder: read_origin(folder) for folder in folders if folder.name not in names}


def _is_outside(config: Config, origin: str) -> bool:
    # `Path.resolve` raises where links lead in a circle.
    resolved = Path(os.path.realpath(config.root / origin))
    return not resolved.is_relative_to(config.root.resolve())


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
    root, origin = config.root, spec.display_path
    if tests is None:
        return plan(folder, result.files, root=root, beside=beside, contract=origin)

    from bothends.emit import emit_agreement_test

    file, text = tests / f"test_{spec.name}_agreement.py", marked(emit_agreement_test(spec.name))
    planned = plan(folder, result.files, root=root, beside={**beside, file: text}, contract=origin)
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
