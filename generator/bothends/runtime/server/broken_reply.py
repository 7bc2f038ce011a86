"""An answer of a handler that cannot be a reply, or only with a warning."""

from __future__ import annotations

import logging
from typing import Any

from bothends.runtime.operation import Operation


class BrokenReply(Exception):
    """A handler's answer breaks the contract: a fault of the server, told in its log only.

    `unsendable`: the contract allows it, but the wire has no form for it that arrives unchanged.
    """

    def __init__(self, rule: str, *, unsendable: bool = False) -> None:
        super().__init__(rule)
        self.unsendable = unsendable


def warn_of_format(operation: Operation[Any], key: str, fault: str) -> None:
    """Tell, in the log alone, of a text in an answer that is not of its format; it is sent."""
    text = "%s: the answer of status %s is sent, and has a text that is not of its format: %s"
    logging.getLogger(f"bothends.{operation.api.name}").warning(text, operation.id, key, fault)
