"""Stand-ins: what answers in a vendor's place in tests."""

from typing import TYPE_CHECKING

from bothends.runtime.exports import lazily

if TYPE_CHECKING:
    from .default import DefaultStandIn as DefaultStandIn
    from .default import NothingToAnswer as NothingToAnswer

_HOMES = {"default": ("DefaultStandIn", "NothingToAnswer")}
__getattr__ = lazily(__name__, _HOMES)
