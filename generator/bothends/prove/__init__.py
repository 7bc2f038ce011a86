"""Proofs: evidence that a server obeys its contract, and that both generated ends agree."""

from .agreement import check_agreement as check_agreement
from .credentials import Credentials as Credentials
from .fuzz.conformance import Budget as Budget
from .reach import Unreachable as Unreachable
from .report.causes import Cause as Cause
from .report.causes import causes as causes
from .report.causes import serve_commands as serve_commands
from .report.evidence import Evidence as Evidence
from .report.evidence import Failure as Failure
from .report.evidence import merge_evidence as merge_evidence
from .report.junit import write_junit as write_junit
from .report.page import write_page as write_page
from .report.stored import read_evidence as read_evidence
from .report.stored import write_json_evidence as write_json_evidence
from .run import Shard as Shard
from .run import prove_package as prove_package
from .run import prove_url as prove_url
from .target import Package as Package
from .target import constants as constants
from .target import load_package as load_package
from .target import load_stand_in as load_stand_in

__all__ = [
    "Budget",
    "Cause",
    "Credentials",
    "Evidence",
    "Failure",
    "Package",
    "Shard",
    "Unreachable",
    "causes",
    "check_agreement",
    "constants",
    "load_package",
    "load_stand_in",
    "merge_evidence",
    "prove_package",
    "prove_url",
    "read_evidence",
    "serve_commands",
    "write_json_evidence",
    "write_junit",
    "write_page",
]
