"""Proofs: evidence that a server obeys its contract, and that both generated ends agree."""

from bothends.prove.agreement import check_agreement as check_agreement
from bothends.prove.evidence.budget import Budget as Budget
from bothends.prove.evidence.record import Evidence as Evidence
from bothends.prove.evidence.record import Failure as Failure
from bothends.prove.evidence.record import merge_evidence as merge_evidence
from bothends.prove.report.causes import Cause as Cause
from bothends.prove.report.causes import causes as causes
from bothends.prove.report.causes import serve_commands as serve_commands
from bothends.prove.report.junit import write_junit as write_junit
from bothends.prove.report.page import write_page as write_page
from bothends.prove.report.stored import read_evidence as read_evidence
from bothends.prove.report.stored import write_json_evidence as write_json_evidence
from bothends.prove.report.untried import Untried as Untried
from bothends.prove.report.untried import inapplicable as inapplicable
from bothends.prove.report.untried import untried as untried
from bothends.prove.run import Shard as Shard
from bothends.prove.run import prove_package as prove_package
from bothends.prove.run import prove_url as prove_url
from bothends.prove.target.packages import Package as Package
from bothends.prove.target.packages import constants as constants
from bothends.prove.target.packages import load_package as load_package
from bothends.prove.target.packages import load_webhooks as load_webhooks
from bothends.prove.target.reach import Unreachable as Unreachable
from bothends.prove.wire.credentials import Credentials as Credentials

__all__ = [
    "Budget",
    "Cause",
    "Credentials",
    "Evidence",
    "Failure",
    "Package",
    "Shard",
    "Unreachable",
    "Untried",
    "causes",
    "check_agreement",
    "constants",
    "inapplicable",
    "load_package",
    "load_webhooks",
    "merge_evidence",
    "prove_package",
    "prove_url",
    "read_evidence",
    "serve_commands",
    "untried",
    "write_json_evidence",
    "write_junit",
    "write_page",
]
