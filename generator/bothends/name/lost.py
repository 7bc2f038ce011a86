"""Operations that `names.lock` knows, so they were generated before, and that are not generated now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bothends import ir
from bothends.diagnostics import Finding, Severity
from bothends.name.lock import Lock
from bothends.openapi.grammar import METHODS
from bothends.openapi.pointer import split


@dataclass(frozen=True, slots=True)
class Lost:
    """`refusals` are the pointers of what is refused and was generated before; `findings` tell of the rest."""

    refusals: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def lost_operations(draft: ir.Api, generated: Collection[str], lock: Lock) -> Lost:
    """Blame a refusal for each operation that the lock names and `generated`, the places of methods, lacks.

    One without a refusal was deleted from the contract by a person, which is a warning.
    """
    refusals, findings = set[str](), list[Finding]()
    for pointer in sorted(lock.names):
        if pointer in generated or not _is_operation(pointer):
            continue

        blamed = {
            refusal.of
            for refusal in draft.refusals
            if pointer == refusal.of or pointer.startswith(f"{refusal.of}/")
        }
        refusals |= blamed
        if not blamed:
            findings.append(_gone(pointer, lock))

    return Lost(frozenset(refusals), tuple(findings))


def _is_operation(pointer: str) -> bool:
    """Whether a place of the lock is an operation: `/paths/{path}/{method}`."""
    parts = split(pointer)
    return len(parts) == 3 and parts[0] == "paths" and parts[2] in METHODS


def _gone(pointer: str, lock: Lock) -> Finding:
    _, path, method = split(pointer)
    return Finding(
        "operation-gone",
        Severity.WARNING,
        f"{method.upper()} {path} was generated before, as {lock.names[pointer]}, and is no longer in the contract",
        lock.location_of(pointer),
        "Callers of it will break; if that is meant, delete this line.",
    )
