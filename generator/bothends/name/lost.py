"""Operations that were generated before, so `names.lock` knows them, and are not now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bothends import ir
from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.name.lock import Lock
from bothends.normalise.webhooks import path_of_webhook
from bothends.openapi.grammar import METHODS
from bothends.openapi.pointer import split


@dataclass(frozen=True, slots=True)
class Lost:
    """The operations that are missing.

    `refusals` are the pointers of refused parts that were generated before; `findings` describe
    the operations that the contract no longer has.
    """

    refusals: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def lost_operations(draft: ir.Api, generated: Collection[str], lock: Lock) -> Lost:
    """Find the operations that the lock names and `generated`, the pointers of methods, lacks.

    One inside a refused part was lost by a refusal, which is an error: what was generated before is
    never lost silently. One without a refusal was deleted by a person, which is a warning.
    """
    refusals, findings = set[str](), list[Finding]()
    for pointer in sorted(lock.names):
        parts = split(pointer)
        is_operation = len(parts) == 3 and parts[0] == "paths" and parts[2] in METHODS
        if pointer in generated or not is_operation:
            continue

        subjects = {refusal.subject for refusal in draft.refusals}
        # A whole path or webhook may be refused, with all operations below it.
        blamed = {
            each for each in subjects if f"{pointer}/".startswith(f"{path_of_webhook(each)}/")
        }
        refusals |= blamed
        if not blamed:
            findings.append(_gone(pointer, lock))

    return Lost(frozenset(refusals), tuple(findings))


def _gone(pointer: str, lock: Lock) -> Finding:
    _, path, method = split(pointer)
    return Finding(
        "operation-gone",
        Severity.WARNING,
        f"{method.upper()} {path} was generated before, as {lock.names[pointer]}, "
        "and is no longer in the contract",
        lock.location_of(pointer),
        "Callers of it will break; if that is meant, delete this line.",
    )


def layout_changed(lock: Lock, *, by_tags: bool) -> list[Finding]:
    """The warning that the layout is another one than before: it renames what clients call."""
    layout = "tags" if by_tags else "flat"
    if not lock.names or lock.layout == layout:
        return []

    where = "`client.group.method(...)`" if by_tags else "`client.method(...)`"
    return [
        Finding(
            "layout-changed",
            Severity.WARNING,
            f"the package had the layout `{lock.layout}` and gets `{layout}`: operations are now "
            f"called as {where}",
            SourceLocation(lock.path, 1, 1),
            f'Set `layout = "{lock.layout}"` to keep what callers have written.',
        )
    ]
