"""Which names of a query, a form or a header belong to which value.

Worked example. `{level}` and `{sort, level}`, an object in `form` style that is exploded, both have
a name `level`: neither may read it as its own alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bothends.prove.oracle.reader import Reader


@dataclass(frozen=True, slots=True)
class Others:
    """What the other values of a request take.

    `owners` counts the values that have each name, `names` are those of the value itself.
    `take_any_name` says that another object takes names of any kind.
    """

    reserved: frozenset[str] = frozenset()
    owners: Mapping[str, int] = field(default_factory=Counter[str])
    names: frozenset[str] = frozenset()
    take_any_name: bool = False

    def own(self, name: str) -> bool:
        """Whether a name belongs to another value."""
        return name in self.reserved or self.owners.get(name, 0) > (name in self.names)


def tell_apart(groups: Collection[Sequence[Reader]], keys: Iterable[str] = ()) -> None:
    """Leave to each value the names that are its own.

    The readers of a group read one value; `keys` are more names that are of none.
    """
    # The names of a form are counted once: to hold each field against each other takes too long.
    owners, takers = Counter[str](), 0
    for group in groups:
        owners.update({name for reader in group for name in reader.names()})
        takers += any(reader.takes_any_name() for reader in group)

    reserved = frozenset(keys)
    for group in groups:
        names = frozenset(name for reader in group for name in reader.names())
        take_any_name = takers > any(reader.takes_any_name() for reader in group)
        for reader in group:
            reader.others = Others(reserved, owners, names, take_any_name)
