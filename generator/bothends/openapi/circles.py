"""Circles and chains of things that use each other, found in one pass over all.

    {"Tree": [Leaf, Node], "Node": [Tree], "Leaf": [], "Park": [Tree]}

    circles    Tree and Node are one, Leaf and Park are in none
    lengths    Leaf 1, Tree and Node 3 (a circle is as long as it has names), Park 4
    depths     Leaf 1, Tree and Node 2 (a circle is one step), Park 3

It is Tarjan's way to the strongly connected components, in a loop: chains are longer than Python's
stack.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

Uses = Mapping[str, Collection[str]]
"""The names that each name uses; all are keys."""


def circles(uses: Uses) -> dict[str, frozenset[str]]:
    """Return, for each name that leads back to itself, all that lead to it and that it leads to."""
    found: dict[str, frozenset[str]] = {}
    for group in _groups(uses):
        if len(group) > 1 or any(name in uses[name] for name in group):
            found |= dict.fromkeys(group, group)
    return found


def chain_lengths(uses: Uses) -> dict[str, int]:
    """Return the names in the longest chain that begins with each name."""
    return _longest(uses, len)


def chain_depths(uses: Uses) -> dict[str, int]:
    """Return the steps of the longest chain that begins with each name; a circle is one step."""
    return _longest(uses, lambda _: 1)


def _longest(uses: Uses, length: Callable[[frozenset[str]], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in _groups(uses):
        below = (found[used] for name in group for used in uses[name] if used not in group)
        found |= dict.fromkeys(group, length(group) + max(below, default=0))
    return found


def _groups(uses: Uses) -> Iterator[frozenset[str]]:
    """The circles, and each other name by itself; those that are used come before their users."""
    numbers: dict[str, int] = {}
    earliest: dict[str, int] = {}
    open_: dict[str, None] = {}

    def enter(name: str) -> tuple[str, Iterator[str]]:
        numbers[name] = earliest[name] = len(numbers)
        open_[name] = None
        return name, iter(uses[name])

    for start in uses:
        path = [enter(start)] if start not in numbers else []
        while path:
            name, waiting = path[-1]
            following = next(waiting, None)

            if following is None:
                path.pop()
                for user, _ in path[-1:]:
                    earliest[user] = min(earliest[user], earliest[name])
                if earliest[name] == numbers[name]:
                    yield _closed(name, open_)
            elif following not in numbers:
                path.append(enter(following))
            elif following in open_:
                earliest[name] = min(earliest[name], numbers[following])


def _closed(first: str, open_: dict[str, None]) -> frozenset[str]:
    """Take out what was entered since the first name of a circle, and is still open."""
    names = [open_.popitem()[0]]
    while names[-1] != first:
        names.append(open_.popitem()[0])
    return frozenset(names)
