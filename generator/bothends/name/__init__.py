"""Chooses every public Python name, all together and last.

A name in `names.lock` stays. A new name is made of the contract's own words. If two places ask for
the same name, only these two get longer ones; the order of the contract decides nothing.
"""

from bothends.name.api import Named, name
from bothends.name.lock import Lock, format_lock, load_lock

__all__ = ["Lock", "Named", "format_lock", "load_lock", "name"]
