"""Seeds of models: what stands in a seed file is what stands on the wire."""

from __future__ import annotations

from types import GenericAlias

import pytest

from bothends.runtime.stand_in import SeedError, make_stand_in

BUOYS = """
paths:
  /buoys/{id}:
    get:
      operationId: getBuoy
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/Buoy'}}}
components:
  schemas:
    Buoy:
      type: object
      required: [id]
      properties:
        id: {type: string}
        seenAt: {type: string, format: date-time}
        light: {type: object, properties: {key: {type: string, format: uuid}}}
"""
SEEN = {"id": "b", "seenAt": "2026-01-02T03:04:05Z", "light": {"key": f"{1:032x}"}}


def stand_in_of(buoy: type) -> type:
    class StandIn:
        seeds = ("buoys", "nearest")

        def __init__(self, buoys=None, nearest=None):
            self.buoys, self.nearest = buoys, nearest

    buoys = GenericAlias(dict, (str, buoy))
    StandIn.__init__.__annotations__ = {"buoys": buoys, "nearest": buoy | None}
    return StandIn


def test_seed_of_models_takes_the_forms_of_the_wire(package):
    buoy = package(BUOYS).models.Buoy
    made = make_stand_in(stand_in_of(buoy), seed={"buoys": {"b": SEEN}, "nearest": SEEN})
    assert made.buoys == {"b": buoy.model_validate(SEEN)}
    assert made.nearest.seen_at.year == 2026


def test_seed_of_models_is_still_strict(package):
    kind = stand_in_of(package(BUOYS).models.Buoy)
    with pytest.raises(SeedError) as caught:
        make_stand_in(kind, seed={"buoys": {"b": {"id": 5}}})
    assert caught.value.faults == (("/buoys/b/id", "input should be a valid string"),)
