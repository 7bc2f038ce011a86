"""Compares two generated packages: names, signatures and types that Python callers use.

comparison.py    credentials, methods, classes and fields of both packages
python_types.py  does one annotation take all that another does?
caller_sides.py  which classes callers make, and which they are given
"""

from bothends.diff.surface.comparison import compare_surface

__all__ = ["compare_surface"]
