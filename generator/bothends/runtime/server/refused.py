"""A request that the contract does not allow, on its way to the reply that says so."""

from __future__ import annotations

from enum import Enum


class Cause(Enum):
    """What is wrong with a request."""

    MESSAGE = "message"
    CREDENTIALS = "credentials"
    SIZE = "size"
    MEDIA_TYPE = "media type"
    PARAMETER = "parameter"
    BODY = "body"

    @property
    def status(self) -> int:
        """The status that HTTP has for this cause, for where the contract documents none."""
        return _STATUS.get(self, 400)


_STATUS = {Cause.CREDENTIALS: 401, Cause.SIZE: 413, Cause.MEDIA_TYPE: 415}


class Refused(Exception):
    """A request is refused: for what cause, which part of it, and the rule it breaks.

    None of them repeats the input.

    `keyword` is the one of JSON Schema that the body breaks.
    """

    def __init__(self, cause: Cause, part: str, rule: str, keyword: str = "") -> None:
        super().__init__(f"{part}: {rule}")
        self.cause, self.part, self.rule, self.keyword = cause, part, rule, keyword
