"""From a schema to the type of its values, one file per kind of schema.

A type is never narrower than its schema (`bothends.ir.types`), so reading it wrongly can at worst
be too vague.
"""

from bothends.interpret.schema.schemas import Schemas

__all__ = ["Schemas"]
