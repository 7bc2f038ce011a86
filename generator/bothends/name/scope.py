"""One scope of names: who wants which name, and who gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.ir import Identifier
from bothends.name.lock import Lock


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that wants a name: the wanted spellings, best first, each longer than the one before.

    `written` is what the contract calls it: of several places that want one name, it is that of the one written so.
    """

    lock_key: str
    wanted: Sequence[Identifier]
    written: str = ""


def settle(
    claims: Iterable[Claim],
    lock: Lock,
    reserved: frozenset[str],
    make: Callable[[str], Identifier] = Identifier,
) -> dict[str, Identifier]:
    """Give each place its name. What the lock says is kept; clashes are solved the same way in any order of claims."""
    waiting = sorted(
        {claim.lock_key: claim for claim in claims}.values(), key=lambda claim: claim.lock_key
    )
    settled = _locked(waiting, lock, reserved, make)
    used = reserved.union(settled.values())

    waiting = [claim for claim in waiting if claim.lock_key not in settled]
    for choice in range(max((len(claim.wanted) for claim in waiting), default=0)):
        expected = {
            claim.lock_key: claim.wanted[min(choice, len(claim.wanted) - 1)] for claim in waiting
        }
        times = Counter(expected.values())
        exact = {
            claim.lock_key: claim.written
            for claim in waiting
            if claim.written == expected[claim.lock_key]
        }
        times_exact = Counter(exact.values())
        won = {
            lock_key: name
            for lock_key, name in expected.items()
            if name not in used
            and (times[name] == 1 or (lock_key in exact and times_exact[name] == 1))
        }
        settled |= won
        used = used.union(won.values())
        waiting = [claim for claim in waiting if claim.lock_key not in won]

    for claim in waiting:
        name = _numbered(claim.wanted[-1], used, make)
        settled[claim.lock_key] = name
        used = used | {name}

    return settled


def _locked(
    claims: list[Claim], lock: Lock, reserved: frozenset[str], make: Callable[[str], Identifier]
) -> dict[str, Identifier]:
    found: dict[str, Identifier] = {}
    owner: dict[str, str] = {}

    for claim in claims:
        if (name := lock.names.get(claim.lock_key)) is None:
            continue
        if name in owner:
            raise ContractError([_clash(lock, name, owner[name], claim.lock_key)])
        if name in reserved:
            raise ContractError([_spoken_for(lock, name, claim.lock_key)])

        owner[name] = claim.lock_key
        found[claim.lock_key] = make(name)

    return found


def _numbered(
    name: Identifier, used: frozenset[str], make: Callable[[str], Identifier]
) -> Identifier:
    number = 2
    while (candidate := f"{name.rstrip('_')}_{number}") in used:
        number += 1
    return make(candidate)


def _clash(lock: Lock, name: str, first: str, second: str) -> Finding:
    return Finding(
        code="names-lock",
        severity=Severity.ERROR,
        message=f"{lock.path} gives the name {name!r} to {first} and to {second}",
        location=lock.location_of(second),
        hint="change one of the two, or delete its line and run `bothends generate`",
    )


def _spoken_for(lock: Lock, name: str, lock_key: str) -> Finding:
    return Finding(
        code="names-lock",
        severity=Severity.ERROR,
        message=f"{lock.path} gives {lock_key} the name {name!r}, which generated code needs for something else",
        location=lock.location_of(lock_key),
        hint="choose another name, or delete the line and run `bothends generate`",
    )
