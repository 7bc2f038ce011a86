"""Agreement: what the caller passes is what the handler receives, and what the handler returns is what the caller gets."""

from .check import check_agreement as check_agreement
from .compare import difference as difference
from .loss import loss as loss
from .run import prove_agreement as prove_agreement
from .typed import constructed as constructed

__all__ = ["check_agreement", "constructed", "difference", "loss", "prove_agreement"]
