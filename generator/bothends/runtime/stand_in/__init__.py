"""Stand-ins: what answers in a vendor's place in tests."""

from typing import TYPE_CHECKING

from bothends.runtime.exports import lazy_exports

if TYPE_CHECKING:
    from .chosen_reply import NothingToAnswer as NothingToAnswer
    from .default import DefaultStandIn as DefaultStandIn
    from .default import contract_reply as contract_reply
    from .default import default_stand_in as default_stand_in
    from .default import remembering_stand_in as remembering_stand_in
    from .load import StandInError as StandInError
    from .load import app_of as app_of
    from .load import load_stand_in as load_stand_in
    from .load import make_stand_in as make_stand_in
    from .seed import SeedError as SeedError
    from .state import State as State

_HOMES = {
    "chosen_reply": ("NothingToAnswer",),
    "default": (
        "DefaultStandIn",
        "contract_reply",
        "default_stand_in",
        "remembering_stand_in",
    ),
    "load": ("StandInError", "app_of", "load_stand_in", "make_stand_in"),
    "seed": ("SeedError",),
    "state": ("State",),
}
__getattr__ = lazy_exports(__name__, _HOMES)
