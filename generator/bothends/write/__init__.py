"""The only writer: formats the texts, compares them with the disk, and writes all or nothing."""

from bothends.write.format import format_sources
from bothends.write.new_files import plan_new
from bothends.write.own_file import find_foreign, marked
from bothends.write.plan import Change, ChangeKind, Plan, plan
from bothends.write.show import unified_diff
from bothends.write.transaction import apply

__all__ = [
    "Change",
    "ChangeKind",
    "Plan",
    "apply",
    "find_foreign",
    "format_sources",
    "marked",
    "plan",
    "plan_new",
    "unified_diff",
]
