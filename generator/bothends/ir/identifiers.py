"""Names in Python source. Only the room `name` makes them; all other rooms pass them on.

A contract is untrusted input: a template takes these types and no plain string, so no text of a
contract reaches the source without having been made an identifier.
"""

from typing import Final


class Identifier(str):
    """A Python identifier: a variable, an argument, a method or a module constant."""

    __slots__ = ()


class ClassName(Identifier):
    """A Python identifier in the spelling of a class."""

    __slots__ = ()


UNNAMED: Final = Identifier("")
"""The name of a node between `interpret` and `name`."""
