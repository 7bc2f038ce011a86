"""Operations that `names.lock` knows, so they were generated before, and that are not generated now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bothends import ir
from bothends.check.grammar import METHODS
from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.load.pointer import below, split
from bothends.name.lock import Lock


@dataclass(frozen=True, slots=True)
class Lost:
    """`refusals` are the pointers of what is refused and was generated before; `findings` tell of the rest."""

    refusals: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def lost_operations(
    draft: ir.Api, generated: Collection[str], written: Document, lock: Lock, place: Callable[[str], str]
) -> Lost:
    """Blame a refusal for each operation that the lock names and `generated`, the places of methods, lacks.

    One without a refusal was deleted from the contract by a person, which is a warning; if it is still there, an error.
    """
    refusals, findings = set[str](), list[Finding]()
    for at in sorted(lock.names):
        if at in generated or not _is_operation(at):
            continue
        blamed = {refusal.of for refusal in draft.refusals if _covers(place(refusal.of), at)}
        refusals |= blamed
        if not blamed:
            findings.append(_gone(at, lock) if _is_absent(written, at) else _unexplained(at, written))
    return Lost(frozenset(refusals), tuple(findings))


def _is_operation(at: str) -> bool:
    """Whether a place of the lock is an operation: of a path, or of a path item that paths refer to."""
    *above, method = split(at)
    return method in METHODS and (_is_path(above) or _is_shared(above))


def _is_path(parts: list[str]) -> bool:
    return len(parts) == 2 and parts[0] == "paths"


def _is_shared(parts: list[str]) -> bool:
    return len(parts) == 3 and parts[:2] == ["components", "pathItems"]


def _covers(refused: str, at: str) -> bool:
    """Whether what is refused is the operation, its path item, or one whose operations lie elsewhere."""
    return at == refused or at.startswith(f"{refused}/") or (_is_path(split(refused)) and _is_shared(split(at)[:-1]))


def _is_absent(written: Document, at: str) -> bool:
    try:
        written.at(at)
    except KeyError:
        return True
    return False


def _gone(at: str, lock: Lock) -> Finding:
    return Finding(
        "operation-gone",
        Severity.WARNING,
        f"{_told(at)} was generated before, as {lock.names[at]}, and is no longer in the contract",
        lock.place(at),
        "callers of it will break; if that is meant, delete this line",
    )


def _unexplained(at: str, written: Document) -> Finding:
    return Finding(
        "operation-lost",
        Severity.ERROR,
        f"{_told(at)} was generated before, and nothing leads to it any more",
        written.place(at, key=True),
        "refer to it from paths, or delete it from the contract (or from names.lock)",
    )


def _told(at: str) -> str:
    *above, method = split(at)
    return f"{method.upper()} {above[-1]}" if _is_path(above) else f"{method.upper()} of {below('', *above)}"
