"""What bytes or values of no media type are told as; loads no codec."""

from __future__ import annotations


class MediaError(ValueError):
    """Bytes are not of a media type, or a value has no form in it.

    The message is the rule, `part` the part that breaks it.

    `is_type` tells that a media type, not the content, is wrong; `unsendable` that a value is
    allowed, and has no form.
    """

    def __init__(
        self, rule: str, part: str = "", *, is_type: bool = False, unsendable: bool = False
    ) -> None:
        super().__init__(f"{part}: {rule}" if part else rule)
        self.rule, self.part, self.is_type, self.unsendable = rule, part, is_type, unsendable
