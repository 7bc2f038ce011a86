"""The body of a request (OpenAPI 3.1 §4.8.13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .media import MediaType
from .missing import MISSING, MissingType


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request: one or more representations, in the order of the contract.

    `content_type` is the argument that says which of them it is in, where the type of the value
    does not tell. `nullable`: None is null and MISSING is absent; elsewhere None stands for a body
    that is absent.
    """

    name: str
    media: tuple[MediaType, ...]
    required: bool = False
    content_type: str | None = None
    nullable: bool = False

    @property
    def absent(self) -> Literal[MissingType.MISSING] | None:
        """What stands for the body where there is none."""
        return MISSING if self.nullable else None

    def is_absent(self, value: Any) -> bool:
        """Whether an argument says that there is no body."""
        return value is MISSING or (value is None and not self.nullable and not self.required)
