"""Rooms that are remembered, so that what one operation makes is there for the next."""

from __future__ import annotations

from typing import Any

from bothends.runtime import Response


class StandIn:
    """Keeps rooms in memory, by their number."""

    def __init__(self) -> None:
        self._rooms: dict[int, dict[str, Any]] = {}
        self._last = 0

    def add_room(self, body: Any) -> Response[Any]:
        self._last += 1
        self._rooms[self._last] = _room(self._last, body)
        return Response(self._rooms[self._last], 201, {"Location": f"/rooms/{self._last}"})

    def list_rooms(self, *, beds: int | None) -> list[dict[str, Any]]:
        return [room for room in self._rooms.values() if beds is None or room["beds"] == beds][:100]

    def get_room(self, room_id: int) -> Response[Any]:
        return Response(self._rooms[room_id]) if room_id in self._rooms else _unknown()

    def change_room(self, room_id: int, body: Any) -> Response[Any]:
        if room_id not in self._rooms:
            return _unknown()
        self._rooms[room_id] = _room(room_id, body)
        return Response(self._rooms[room_id])

    def remove_room(self, room_id: int) -> Response[Any]:
        return Response(None, 204) if self._rooms.pop(room_id, None) else _unknown()


def _room(number: int, body: Any) -> dict[str, Any]:
    return {"id": number, "name": body.name, "beds": body.beds}


def _unknown() -> Response[Any]:
    return Response({"message": "there is no such room"}, 404)
