"""The line that a contract moves along: load, check, normalise, interpret, name, emit.

Legality is checked before normalising and values after it, because an example can be judged in the
one dialect only. `write` takes the result to disk. `emit` is imported where it is called: what it
stands on takes as long to import as `diff`, which emits nothing, takes in all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bothends import check, ir
from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding, as_warnings, has_errors, sort_findings
from bothends.diff import without_unchanged
from bothends.interpret import interpret, loss_findings, refusal_findings
from bothends.kept import Keep, keep_nothing
from bothends.load import Document, RepeatedParts, apply_overlay, load_contract
from bothends.name import Named, format_lock, load_lock, name
from bothends.nearest import counted_comparisons
from bothends.normalise import EVERYTHING, is_selected, normalise, repair, select
from bothends.openapi.bounds import Bounds
from bothends.openapi.problem import internal_error
from bothends.openapi.reference import SCHEMAS, component_of
from bothends.write import format_sources

if TYPE_CHECKING:
    from bothends.emit import Emitted

_MOST_FAULTS: Final = 5
"""So many operations and models are left out one by one, before the fault is said of the whole."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A contract that could be read, repaired, and all findings in it.

    `repairs` are among these.
    """

    document: Document
    findings: tuple[Finding, ...]
    repairs: tuple[Finding, ...]
    unusable: Mapping[str, Finding]
    normalised: Document
    """The usable parts in the one dialect; as written where a fault reaches everywhere."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A package in memory: files by name, `names.lock`, findings, and which are repairs."""

    api: ir.Api
    files: Mapping[str, str]
    lock: str
    findings: tuple[Finding, ...]
    repairs: tuple[Finding, ...]
    left_out: int = 0
    """How many operations a selection leaves out."""


@dataclass(frozen=True, slots=True)
class _Selection:
    """What `--only` and `--skip`, the settings or `names.lock` choose of a contract."""

    selectors: Mapping[str, tuple[str, ...]]
    left_out: frozenset[str]


def load(spec: SpecFile) -> Document:
    """Read a contract with its overlay.

    Raises:
        ContractError: A file cannot be read, or the contract is larger than its bounds.
    """
    document = _read(spec)
    _refuse_too_large(spec, document)
    return document


def _read(spec: SpecFile, repeated: RepeatedParts | None = None) -> Document:
    document = load_contract(spec.contract, display_path=spec.display_path, repeated=repeated)
    if spec.overlay is not None:
        is_beside = spec.overlay.parent == spec.contract.parent
        display = spec.show(spec.overlay) if is_beside else spec.overlay.as_posix()
        document = apply_overlay(document, spec.overlay, display)

    return document


def validate(spec: SpecFile) -> Checked:
    """Load and check a contract. Raises `ContractError` when a file of it cannot be read."""
    document = load(spec)
    claims, stand_in = check.load_beside(spec.claims, spec.stand_in, spec.show)
    return check_and_normalise(document, claims, stand_in, spec.requires_sources, spec.bounds)


def _refuse_too_large(spec: SpecFile, document: Document) -> None:
    if too_large := check.check_size(document, spec.bounds):
        raise ContractError(too_large)


@counted_comparisons()
def check_and_normalise(
    document: Document,
    claims: check.ClaimsFile | None = None,
    stand_in: check.StandIn | None = None,
    requires_sources: bool = False,
    bounds: Bounds | None = None,
) -> Checked:
    """Check a loaded contract, and normalise what of it can be generated."""
    document, repairs = repair(document)
    unread = [note for note in document.notes if has_errors([note])]
    repairs = (*(note for note in document.notes if note not in unread), *repairs)
    illegal = [*unread, *check.check_legality(document)]
    practice = check.check_practice(
        document, claims, stand_in, requires_sources=requires_sources, bounds=bounds
    )
    findings = sort_findings([*repairs, *illegal, *practice])
    if not all(map(check.is_local, illegal)):
        return Checked(document, tuple(findings), repairs, {}, document)

    unusable = check.unusable(document, findings)
    normalised = normalise(check.without(document, unusable))
    findings += check.check_values(normalised)
    return Checked(document, tuple(sort_findings(findings)), repairs, unusable, normalised)


def intermediate(spec: SpecFile) -> tuple[Document, Named]:
    """Return the normalised contract and the input of `emit`.

    Raises:
        ContractError: As `generate` does.
    """
    checked, selection = _selected(spec, _generatable(validate(spec)))
    return checked.normalised, _name(spec, checked, selection)


def intermediate_pair(
    old: SpecFile, new: SpecFile
) -> tuple[tuple[Document, Named], tuple[Document, Named]] | None:
    """Return what `intermediate` gives of two contracts, without what they have in common.

    None where nothing differs but words: then neither is judged.

    A selection holds for the whole of a contract: with one, nothing is left out.

    Raises:
        ContractError: As `generate` does.
    """
    repeated = RepeatedParts()
    before, after = _read(old, repeated), _read(new, repeated)
    if not (_has_selection(old) or _has_selection(new)):
        different = without_unchanged(before, after)
        if different is None:
            return None
        before, after = different

    return _interpreted(old, before), _interpreted(new, after)


def _interpreted(spec: SpecFile, document: Document) -> tuple[Document, Named]:
    """Normalise and name a contract that is compared: practice and values are not judged.

    Nor is what legality asks beyond the structure: repairs mended what the comparison would meet.
    """
    # What both contracts share costs nothing any more, however large it is.
    _refuse_too_large(spec, document)
    document, repairs = repair(document)
    findings = [*document.notes, *repairs, *check.check_structure(document)]
    findings += check.check_faults(document, spec.bounds)
    if not all(map(check.is_local, findings)):
        raise ContractError(tuple(sort_findings(findings)))

    unusable = check.unusable(document, findings)
    normalised = normalise(check.without(document, unusable))
    checked = Checked(document, tuple(findings), repairs, unusable, normalised)
    checked, selection = _selected(spec, checked)
    return checked.normalised, _name(spec, checked, selection)


def _has_selection(spec: SpecFile) -> bool:
    lock = load_lock(spec.lock, spec.show(spec.lock))
    return bool(spec.only or spec.skip or any(lock.selection.values()))


def generate(spec: SpecFile, keep: Keep = keep_nothing) -> Generated:
    """Make the package of a contract in memory. `keep` may have parts of it from earlier runs.

    An error in one place, or a legal part that cannot be generated, refuses the operations that
    depend on it: a warning, or an error if they were generated before. Raises `ContractError` for
    the latter, and for an error that reaches everywhere.
    """
    checked, selection = _selected(spec, _generatable(validate(spec)))
    found, losses, emitted = _emitted(spec, checked, selection, keep)
    if emitted is None:
        raise ContractError((*checked.findings, *losses))

    texts = _texts(spec, found.api, emitted.files)
    findings = (*as_warnings(checked.findings), *losses, *emitted.losses)
    lock = format_lock(found.names, found.api.layout, selection.selectors)
    left_out = len(selection.left_out)
    return Generated(found.api, texts, lock, findings, checked.repairs, left_out)


def _emitted(
    spec: SpecFile, checked: Checked, selection: _Selection, keep: Keep
) -> tuple[Named, tuple[Finding, ...], Emitted | None]:
    """Name and emit; nothing is emitted where something would be lost that was there before.

    A fault of ours costs the operation at which it happened, or the model and the operations that
    use it, and the rest is made again (law 8).
    """
    from bothends.emit import emit

    faults, lost_models = 0, list[Finding]()
    while True:
        found = _name(spec, checked, selection)
        refused = refusal_findings(found.api, checked.normalised, found.lost.refusals)
        lost_media = loss_findings(found.api, checked.normalised)
        losses = (*refused, *lost_media, *found.lost.findings, *as_warnings(lost_models))
        if has_errors(losses):
            return found, losses, None
        try:
            return found, losses, emit(found.api, checked.normalised, checked.repairs, keep)
        except (ContractError, ModuleNotFoundError):  # of the contract, or an extra that is missing
            raise
        except Exception as error:
            unusable = _unusable(error, checked)
            if not unusable or faults == _MOST_FAULTS:
                raise
            faults += 1
            # An operation that is left out has a refusal of its own, and a model may have no users.
            lost_models += [unusable[key] for key in unusable if key.startswith(SCHEMAS)][:1]
            checked = replace(
                checked,
                unusable={**checked.unusable, **unusable},
                normalised=check.without(checked.normalised, unusable),
            )


def _unusable(error: Exception, checked: Checked) -> Mapping[str, Finding]:
    """What a fault of ours costs: the part that was emitted, and what uses it."""
    from bothends.emit import PartFault, part_at_work

    part, document = part_at_work(error), checked.normalised
    if isinstance(error, PartFault) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    if isinstance(part, ir.Operation):
        activity = f"emitting {part.method} {part.path}"
        fault = internal_error(error, activity, document, part.pointer)
        return {part.pointer: replace(fault, hint="")}
    if part is None:
        return {}

    schema = component_of(part.pointer)
    fault = internal_error(error, f"emitting the model {part.name}", document, schema)
    return check.users_of(document, schema, replace(fault, hint=""))


def _texts(spec: SpecFile, api: ir.Api, emitted: Mapping[str, str]) -> dict[str, str]:
    """All files of a package, laid out."""
    from bothends.emit import emit_project, emit_readme, runtime_copy, use_own_runtime

    readme = emit_readme(
        api, spec.name, spec.display_path, emitted, is_standalone=spec.is_standalone
    )
    files = {**emitted, "README.md": readme}
    if not spec.is_standalone:
        copied: Mapping[str, str] = {}
    else:
        copied = runtime_copy()
        files = use_own_runtime(files, spec.name)

    if spec.is_published:
        modules = (*files, *copied)
        project = emit_project(api, spec.name, modules, is_standalone=spec.is_standalone)
        files["pyproject.toml"] = project

    return {**format_sources(files), **copied}


def examine(spec: SpecFile) -> tuple[Finding, ...]:
    """Find everything that `generate` would report, and what it would leave to a stand-in.

    Errors stay errors here, also where the rest can be generated in spite of them. Raises
    `ContractError` when a file of the contract cannot be read.
    """
    checked = validate(spec)
    if not all(map(check.is_local, checked.findings)):
        return checked.findings

    try:
        checked, selection = _selected(spec, checked)
        found, losses, emitted = _emitted(spec, checked, selection, keep_nothing)
    except ContractError as error:
        return (*checked.findings, *error.findings)

    if emitted is None:
        return (*checked.findings, *losses)

    findings = (*checked.findings, *losses, *emitted.losses)
    return (*findings, *_stand_in_findings(spec, found.api, emitted.files))


def _stand_in_findings(spec: SpecFile, api: ir.Api, files: Mapping[str, str]) -> list[Finding]:
    _, stand_in = check.load_beside(None, spec.stand_in, spec.show)
    if stand_in is None:
        return []

    from bothends.emit import argument_names, defined_names, runtime_copy

    methods = {str(operation.name): argument_names(operation) for operation in api.operations}
    modules = defined_names({**files, **runtime_copy()} if spec.is_standalone else files)
    interface = check.Interface(spec.name, modules, methods, spec.siblings)
    return check.check_handler(stand_in, interface)


def _generatable(checked: Checked) -> Checked:
    if not all(map(check.is_local, checked.findings)):
        raise ContractError(checked.findings)
    return checked


def _selected(spec: SpecFile, checked: Checked) -> tuple[Checked, _Selection]:
    """Leave out what is not selected. What was selected before holds until something else is."""
    lock = load_lock(spec.lock, spec.show(spec.lock))
    only, skip = spec.only, spec.skip
    if not only and not skip:
        only, skip = tuple(lock.selection["only"]), tuple(lock.selection["skip"])
    if EVERYTHING in only:
        only = ()

    selected = select(checked.normalised, only, skip)
    unusable = {
        pointer: finding
        for pointer, finding in checked.unusable.items()
        if is_selected(checked.document, pointer, only, skip)
    }
    checked = replace(checked, normalised=selected.document, unusable=unusable)
    return checked, _Selection({"only": only, "skip": skip}, selected.left_out)


def _name(spec: SpecFile, checked: Checked, selection: _Selection) -> Named:
    draft = interpret(checked.normalised, checked.unusable)
    lock = load_lock(spec.lock, spec.show(spec.lock))
    return name(
        draft,
        checked.normalised,
        checked.document,
        lock,
        spec.name,
        spec.layout,
        selection.left_out,
    )
