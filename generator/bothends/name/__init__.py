"""Chooses every public Python name, all together and last.

A name that stands in `names.lock` stays. A new name is made from the contract's own words; when two places want the
same one, only those two get longer ones, and the result does not depend on the order of the contract.
"""

from bothends.name.api import Named, name
from bothends.name.lock import Lock, format_lock, load_lock

__all__ = ["Lock", "Named", "format_lock", "load_lock", "name"]
