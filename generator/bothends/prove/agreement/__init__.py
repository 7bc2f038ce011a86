"""Agreement: what the caller passes is what the handler receives, and what the handler returns is what the caller gets."""

from .compare import difference as difference
from .run import prove_agreement as prove_agreement

__all__ = ["difference", "prove_agreement"]
