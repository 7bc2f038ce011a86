"""Why generated packages are not what the contracts say: `bothends generate --check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from bothends.cli.packages import CONTRACT, Package
from bothends.diagnostics import ContractError
from bothends.diff import Change as WireChange
from bothends.diff import Verdict, compare, report, without_unchanged
from bothends.load import parse_document
from bothends.write import Change, ChangeKind

_PROJECT: Final = "pyproject.toml"
_MOST_CHANGES: Final = 5


def describe_differences(packages: Iterable[Package]) -> Iterator[str]:
    """Lines that say which packages differ from what would be generated, and why.

    A package keeps the contract that it was made from. If that is another one now, its changes are
    listed in the words of `bothends diff`; if not, the settings, `names.lock` or bothends changed.
    """
    for package in packages:
        changes = [each for each in package.plan.changes if each.kind is not ChangeKind.UNCHANGED]
        if not changes:
            continue

        numbers = Counter(change.kind for change in changes)
        counts = [f"{numbers[kind]} {kind}" for kind in ChangeKind if numbers[kind]]
        yield f"{package.spec.name}: {', '.join(counts)}; {_cause(package, changes)}"
        # What a person wrote into the kept contract is no contract that was generated from.
        if not _is_edited(package):
            yield from (f"  {line}" for line in _changes_of_contract(changes))


def _cause(package: Package, changes: list[Change]) -> str:
    changed = {change.path.name for change in changes}
    kept = next(change for change in package.plan.changes if change.path.name == CONTRACT)
    if kept.kind is ChangeKind.CREATED:
        return "it was never generated"
    if _is_edited(package):
        return "files were edited by hand"
    if kept.kind is not ChangeKind.UNCHANGED:
        return f"the contract changed ({package.spec.display_path})"
    # The lock keeps the layout and the selection, and only `package = true` gives a pyproject.toml.
    if package.spec.lock.name in changed or _PROJECT in changed:
        return "the settings or names.lock changed, the contract did not"
    if all(change.kind is ChangeKind.CREATED for change in changes):
        return "files are missing"
    return "neither the contract nor the settings changed: bothends is another version"


def _is_edited(package: Package) -> bool:
    return any(finding.code == "edited-by-hand" for finding in package.plan.findings)


def _changes_of_contract(changes: list[Change]) -> Iterator[str]:
    """What changed in the contract that the package keeps, the worst first."""
    contract = next((change for change in changes if change.path.name == CONTRACT), None)
    if contract is None or contract.old is None or contract.new is None:
        return

    try:
        old = parse_document(contract.old.encode(), CONTRACT)
    except ContractError:  # such as marks of a merge: the file is written anew
        return
    new = parse_document(contract.new.encode(), CONTRACT)
    different = without_unchanged(old, new)
    yield from describe_changes(compare(*different) if different else [])


def describe_changes(changed: Iterable[WireChange]) -> Iterator[str]:
    """A line for each of the worst changes of a contract, and one for the number of the others."""
    found = [change for change in changed if change.verdict is not Verdict.NOTE]
    for change in found[:_MOST_CHANGES]:
        yield report.in_one_line(change)
    if len(found) > _MOST_CHANGES:
        yield f"and {len(found) - _MOST_CHANGES} more"
    if not found:
        yield "descriptions, examples or names: requests and replies are the same"
