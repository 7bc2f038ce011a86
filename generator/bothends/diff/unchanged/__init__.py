"""Leaves out of two contracts what both say alike, before anything costly is done with it.

remainder.py     both contracts with what differs, and all that this refers to
parts.py         the parts of a contract, and which of them refer to which
same_meaning.py  whether two parts differ in words for people at most
sides.py         the request, the successes and the errors of an operation
"""

from bothends.diff.unchanged.remainder import without_unchanged

__all__ = ["without_unchanged"]
