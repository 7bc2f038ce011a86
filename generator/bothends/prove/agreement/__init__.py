"""Agreement: both generated ends joined; drawn arguments and replies must arrive.

May know: `values`, `target` and the rooms below them. Knows neither the probes nor the fuzzer.
"""

from bothends.prove.values.typed import constructed as constructed

from .check import check_agreement as check_agreement
from .compare import difference as difference
from .loss import loss as loss
from .run import prove_agreement as prove_agreement

__all__ = ["check_agreement", "constructed", "difference", "loss", "prove_agreement"]
