"""Names that may stand in Python source. Only the `name` room makes them; everything else passes them on."""

from typing import Final


class Identifier(str):
    """A Python identifier: a variable, an argument, a method or a module constant."""

    __slots__ = ()


class ClassName(Identifier):
    """A Python identifier in the spelling of a class."""

    __slots__ = ()


UNNAMED: Final = Identifier("")
"""What a node is called between `build` and `name`."""
