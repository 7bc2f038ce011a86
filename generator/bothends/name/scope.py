"""One scope of names: which key of `names.lock` gets which Python name.

Example: one method has a parameter `id` in the path and another `id` in the query.

    by_path = NameRequest("…/path:id", ("id", "id_path"), "id")
    by_query = NameRequest("…/query:id", ("id", "id_query"), "id")
    settle([by_path, by_query], Lock(), frozenset())
    → {"…/path:id": "id_path", "…/query:id": "id_query"}

Both ask for `id` first, so neither gets it: a name that the first one won would depend on the order
of the contract. In the next round each asks for its longer spelling, and these differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.ir import Identifier
from bothends.name.lock import Lock


@dataclass(frozen=True, slots=True)
class NameRequest:
    """A place of the contract that needs a name.

    `spellings` are the names that would suit it, best first, each longer than the one before.
    `written` is its name in the contract: if several requests ask for the same name, the one whose
    name in the contract equals it wins; else the only one that is written in letters and digits.
    """

    lock_key: str
    spellings: Sequence[Identifier]
    written: str = ""


def settle(
    requests: Iterable[NameRequest],
    lock: Lock,
    reserved: frozenset[str],
    make: Callable[[str], Identifier] = Identifier,
) -> dict[str, Identifier]:
    """Give each request a name of its own; the order of the requests changes nothing.

    Args:
        requests: The places that need a name. Of several with one key, the last counts.
        lock: The names of earlier generations, which stay.
        reserved: Names that generated code needs for something else.
        make: `Identifier` or `ClassName`.

    Returns:
        The names by lock key.

    Raises:
        ContractError: The lock gives one name to two of the requests, or gives a reserved name.
    """
    by_key = {request.lock_key: request for request in requests}
    # Whoever sorts the contract anew renames nothing.
    waiting = [by_key[lock_key] for lock_key in sorted(by_key)]
    # What people call already outlives the better spelling of a newcomer.
    settled = _locked(waiting, lock, reserved, make)
    # Beside `reserved` and not one set with it: each of a thousand scopes would copy it.
    used = set[str](settled.values())

    waiting = [request for request in waiting if request.lock_key not in settled]
    for number in range(max((len(request.spellings) for request in waiting), default=0)):
        won = _round(waiting, number, reserved, used)
        settled |= won
        used.update(won.values())
        waiting = [request for request in waiting if request.lock_key not in won]

    # Left are requests whose every spelling is the same, as of the paths `/a-b` and `/a_b`.
    for request in waiting:
        name = _numbered(request.spellings[-1], reserved | used, make)
        settled[request.lock_key] = name
        used.add(name)

    return settled


def _round(
    waiting: list[NameRequest], number: int, reserved: frozenset[str], used: AbstractSet[str]
) -> Mapping[str, Identifier]:
    """Return the names that one round gives: every request asks for its spelling of this number."""
    asked_for = {
        request.lock_key: request.spellings[min(number, len(request.spellings) - 1)]
        for request in waiting
    }
    times = Counter(asked_for.values())
    exact = _sole(asked_for, [r for r in waiting if r.written == asked_for[r.lock_key]])
    # `DateSent` beside `DateSent~`: nothing of it is left out in `date_sent`.
    plain = _sole(asked_for, [r for r in waiting if r.written.replace("_", "").isalnum()])
    exact_names = {asked_for[lock_key] for lock_key in exact}

    return {
        lock_key: name
        for lock_key, name in asked_for.items()
        if name not in reserved
        and name not in used
        and (
            times[name] == 1 or lock_key in exact or (lock_key in plain and name not in exact_names)
        )
    }


def _sole(asked_for: Mapping[str, Identifier], requests: list[NameRequest]) -> set[str]:
    """Return the requests, by lock key, that ask for a name which no other of them asks for."""
    times = Counter(asked_for[request.lock_key] for request in requests)
    return {r.lock_key for r in requests if times[asked_for[r.lock_key]] == 1}


def _locked(
    requests: list[NameRequest],
    lock: Lock,
    reserved: frozenset[str],
    make: Callable[[str], Identifier],
) -> dict[str, Identifier]:
    found: dict[str, Identifier] = {}
    owner: dict[str, str] = {}

    for request in requests:
        if (name := lock.names.get(request.lock_key)) is None:
            continue
        # Two branches that are merged can each bring a line with the same name.
        if name in owner:
            raise ContractError([_clash(lock, name, owner[name], request.lock_key)])
        if name in reserved:
            raise ContractError([_is_reserved(lock, name, request.lock_key)])

        owner[name] = request.lock_key
        found[request.lock_key] = make(name)

    return found


def _numbered(
    name: Identifier, used: frozenset[str], make: Callable[[str], Identifier]
) -> Identifier:
    number = 2
    # A keyword ends in `_` already: `import__2` would look like a slip.
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


def _is_reserved(lock: Lock, name: str, lock_key: str) -> Finding:
    return Finding(
        code="names-lock",
        severity=Severity.ERROR,
        message=f"{lock.path} gives {lock_key} the name {name!r}, "
        "which generated code needs for something else",
        location=lock.location_of(lock_key),
        hint="choose another name, or delete the line and run `bothends generate`",
    )
