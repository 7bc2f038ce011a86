"""Agreement: what the caller passes is what the handler receives, and what the handler returns is what the caller gets."""

from .check import check_agreement as check_agreement
from .compare import difference as difference
from .run import prove_agreement as prove_agreement

__all__ = ["check_agreement", "difference", "prove_agreement"]
