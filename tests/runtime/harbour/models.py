from datetime import datetime
from typing import Annotated, Literal, Union
from uuid import UUID

from pydantic import Field
from typing_extensions import TypeAliasType

from bothends.runtime import Model, Nullable

Level = TypeAliasType("Level", Literal["low", "high"])


class Problem(Model):
    title: str
    detail: str | None = None


class NewTide(Model):
    at: datetime
    level: Level
    height: float | None = None
    note: Nullable[str] = None
    tags: list[str] | None = None


class Tide(Model):
    id: UUID
    level: Level
    height: int | None = None
    next_tide: Annotated["Tide | None", Field(alias="next-tide")] = None


class TidePage(Model):
    tides: list[Tide]
    next_page: Annotated[Nullable[str], Field(alias="nextPage")] = None


class Failure(Model):
    code: str
    message: str


Failures = TypeAliasType("Failures", dict[str, Failure])


class Ship(Model):
    kind: Literal["ship"]
    masts: int


class Raft(Model):
    kind: Literal["raft"]
    logs: "list[Vessel] | None" = None


Vessel = TypeAliasType("Vessel", Union[Ship, Raft, "list[Vessel]"])


class Gauge(Model):
    colour: str | None = None
    depth: int | None = None


Raft.model_rebuild()
