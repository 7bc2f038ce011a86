"""The only writer: formats the texts, compares them with the disk, and writes all or nothing."""

from bothends.write.format import format_sources
from bothends.write.journal import find_interrupted, recover
from bothends.write.lock import AnotherRun, only_run
from bothends.write.new_files import plan_new
from bothends.write.own_file import find_foreign, marked
from bothends.write.plan import Change, ChangeKind, Plan, plan, read_origin
from bothends.write.show import unified_diff
from bothends.write.transaction import apply

__all__ = [
    "AnotherRun",
    "Change",
    "ChangeKind",
    "Plan",
    "apply",
    "find_foreign",
    "find_interrupted",
    "format_sources",
    "marked",
    "only_run",
    "plan",
    "plan_new",
    "read_origin",
    "recover",
    "unified_diff",
]
