"""Iterating over all items of an operation whose pages the contract tells of: lazily, and to an end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from tests.packages import Package, handler

from bothends.runtime import Response, UnexpectedAnswer
from bothends.runtime.client.pagination import next_link

CONTRACT = Path(__file__).parents[1] / "cases/pagination/openapi.yaml"
IDS = [str(UUID(int=number)) for number in range(4)]


@pytest.fixture(scope="module")
def made(made_once: Callable[[str], Package]) -> Package:
    return made_once("openapi:" + CONTRACT.read_text("utf-8").partition("openapi:")[2])


class Ends:
    def __init__(self, package: Package, is_async: bool) -> None:
        self.package, self.is_async = package, is_async

    def items(
        self,
        name: str,
        *arguments: Any,
        most: int = 1000,
        app: Any = None,
        into: list[Any] | None = None,
        **methods: Any,
    ) -> list[Any]:
        """The items that an iteration gives, at most so many of them; `into` has them at once."""
        found: list[Any] = [] if into is None else into
        named = methods.pop("_named", {})
        options = {"key": "k", **({"app": app} if app else {})}

        if not self.is_async:
            with self.package.client(handler(**methods), **options) as client:
                found.extend(islice(getattr(client, name)(*arguments, **named), most))
                return found

        async def main() -> list[Any]:
            async with self.package.async_client(handler(**methods), **options) as client:
                async for item in getattr(client, name)(*arguments, **named):
                    found.append(item)
                    if len(found) == most:
                        break
                return found

        return asyncio.run(main())


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def ends(request: Any, made: Package) -> Ends:
    return Ends(made, request.param)


def app_of(answers: Callable[[dict[str, str]], tuple[Any, dict[str, str]]]) -> Any:
    """A server that answers each query as told: what no contract of ours would let a handler do."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, headers = answers(dict(parse_qsl(scope["query_string"].decode())))
        lines = [(b"content-type", b"application/json")] + [
            (a.encode(), b.encode()) for a, b in headers.items()
        ]
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    return app


@pytest.mark.parametrize(
    "last", [{}, {"next": None}, {"next": ""}], ids=["absent", "null", "empty"]
)
def test_a_cursor_is_followed_to_its_end(ends: Ends, last: dict[str, Any]) -> None:
    asked: list[Any] = []

    def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        asked.append(query)
        number = int(query.get("after", "0"))
        tides = [{"height": number * 2}, {"height": number * 2 + 1}]
        return {"data": {"tides": tides}, **({"next": str(number + 1)} if number < 2 else last)}, {}

    tides = ends.items("iterate_tides", "porto", app=app_of(pages), _named={"limit": 2})
    assert [tide.height for tide in tides] == [0, 1, 2, 3, 4, 5]
    assert {type(tide) for tide in tides} == {ends.package.models.Tide}
    common = {"limit": "2", "key": "k"}
    assert asked == [common, {**common, "after": "1"}, {**common, "after": "2"}]


def test_pages_are_asked_for_as_they_are_needed(ends: Ends) -> None:
    asked: list[Any] = []

    def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        asked.append(query)
        return {"data": {"tides": [{"height": 1}, {"height": 2}]}, "next": str(len(asked))}, {}

    assert len(ends.items("iterate_tides", "porto", most=3, app=app_of(pages))) == 3
    assert len(asked) == 2


def test_nothing_is_asked_for_before_the_first_item(made: Package) -> None:
    with made.client(handler(), key="k") as client:
        client.iterate_tides("porto")


def test_pages_without_items_are_turned_too(ends: Ends) -> None:
    def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        number = int(query.get("after", "0"))
        return {
            "data": {"tides": [{"height": 7}] if number == 3 else []},
            "next": str(number + 1) if number < 3 else "",
        }, {}

    assert [tide.height for tide in ends.items("iterate_tides", "porto", app=app_of(pages))] == [7]


def test_a_cursor_that_comes_again_is_an_error(ends: Ends) -> None:
    def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        return {"data": {"tides": [{"height": 1}]}, "next": "ab"[query.get("after") == "a"]}, {}

    with pytest.raises(UnexpectedAnswer, match="was there before") as caught:
        ends.items("iterate_tides", "porto", app=app_of(pages))

    assert caught.value.request is not None
    assert caught.value.operation is not None


def test_a_link_object_tells_the_same_of_a_header(ends: Ends) -> None:
    def search_ships(q: str, from_: UUID | None) -> Any:
        number = from_.int if from_ else 0
        headers = {"X-Next": IDS[number + 1]} if number < 3 else {}
        return Response([ends.package.models.Ship(name=f"{q} {number}")], headers=headers)

    ships = ends.items("iterate_search_ships", search_ships=search_ships, _named={"q": "Ida"})
    assert [ship.name for ship in ships] == ["Ida 0", "Ida 1", "Ida 2", "Ida 3"]


def test_items_are_counted(ends: Ends) -> None:
    names, asked = [f"ship {number}" for number in range(5)], []

    def list_ships(skip: int | None) -> Any:
        asked.append(skip)
        return [ends.package.models.Ship(name=name) for name in names[skip or 0 :][:2]]

    assert [ship.name for ship in ends.items("iterate_ships", list_ships=list_ships)] == names
    assert asked[1:] == [2, 4, 5]
    assert asked[0] in (None, 0)


@pytest.mark.filterwarnings("ignore:the contract deprecates")
def test_pages_are_counted(ends: Ends) -> None:
    asked: list[Any] = []
    kind = ends.package.models.ListNames200

    def list_names(page: int | None) -> Any:
        asked.append(page)
        return kind(names=[f"{page}a", f"{page}b"] if page and page < 4 else [])

    assert ends.items("iterate_names", list_names=list_names) == [
        "1a",
        "1b",
        "2a",
        "2b",
        "3a",
        "3b",
    ]
    assert asked == [1, 2, 3, 4]


def test_a_page_that_never_changes_is_an_error(ends: Ends) -> None:
    with pytest.raises(UnexpectedAnswer, match="was there before"):
        ends.items("iterate_ships", most=2000, app=app_of(lambda query: ([{"name": "always"}], {})))


@pytest.mark.parametrize("count", [2, 40])
def test_data_may_repeat_itself(ends: Ends, count: int) -> None:
    data = ["always"] * 2 * count

    def list_ships(skip: int | None) -> Any:
        return [ends.package.models.Ship(name=name) for name in data[skip or 0 :][:2]]

    assert len(ends.items("iterate_ships", list_ships=list_ships)) == 2 * count


def test_objects_that_differ_come_again_a_few_times_only(ends: Ends) -> None:
    asked: list[int] = []

    def again(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        asked.append(1)
        return [{"name": "one"}, {"name": "other"}], {}

    with pytest.raises(UnexpectedAnswer, match="was there before"):
        ends.items("iterate_ships", app=app_of(again))

    assert len(asked) == 4


def test_items_arrive_before_the_fault_of_a_cursor(ends: Ends) -> None:
    def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
        height = 2 if "after" in query else 1
        return {"data": {"tides": [{"height": height}]}, "next": "a"}, {}

    tides: list[Any] = []
    with pytest.raises(UnexpectedAnswer, match="was there before"):
        ends.items(
            "iterate_tides",
            "porto",
            app=app_of(pages),
            into=tides,
        )
    assert [tide.height for tide in tides] == [1, 2]


class TestLinkHeader:
    @pytest.mark.parametrize("target", ["http://elsewhere.test/x", "?t=1", "http://["])
    def test_items_arrive_before_its_fault(self, ends: Ends, target: str) -> None:
        def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
            return [f"note {query.get('t', '0')}"], {"link": f"<{target}>; rel=next"}

        notes: list[str] = []
        with pytest.raises(UnexpectedAnswer, match=r"header Link|was there before"):
            ends.items("iterate_notes", app=app_of(pages), into=notes)
        assert notes == ["note 0", "note 1"][: 1 + (target == "?t=1")]

    def test_it_does_not_lead_to_the_page_itself(self, ends: Ends) -> None:
        notes: list[str] = []
        with pytest.raises(UnexpectedAnswer, match="was there before"):
            ends.items(
                "iterate_notes",
                app=app_of(lambda query: (["a"], {"link": "<>; rel=next"})),
                into=notes,
            )
        assert notes == ["a"]

    def test_it_is_followed(self, ends: Ends) -> None:
        asked: list[Any] = []

        def pages(query: dict[str, str]) -> tuple[Any, dict[str, str]]:
            asked.append(query)
            number = int(query.get("t", "0"))
            following = f'</x>; rel="prev", <?t={number + 1}&about=a%2Cb&key=theirs>; title="a, b"; rel="last next"'
            return [f"note {number}"], {"link": following} if number < 2 else {}

        notes = ends.items("iterate_notes", app=app_of(pages), _named={"about": ["a", "b"]})
        assert notes == ["note 0", "note 1", "note 2"]
        assert asked[1:] == [
            {"t": "1", "about": "a,b", "key": "k"},
            {"t": "2", "about": "a,b", "key": "k"},
        ]

    @pytest.mark.parametrize(
        "target", ["http://elsewhere.test/by-header?t=1", "/by-offset?t=1", "//elsewhere.test/"]
    )
    def test_it_leads_nowhere_else(self, ends: Ends, target: str) -> None:
        with pytest.raises(UnexpectedAnswer, match="another address"):
            ends.items(
                "iterate_notes", app=app_of(lambda query: ([], {"link": f"<{target}>; rel=next"}))
            )

    def test_it_leads_nowhere_twice(self, ends: Ends) -> None:
        with pytest.raises(UnexpectedAnswer, match="was there before"):
            ends.items(
                "iterate_notes", app=app_of(lambda query: (["a"], {"link": "<?t=1>; rel=next"}))
            )

    @pytest.mark.parametrize(
        ("text", "target"),
        [
            ("", None),
            ("<a>", None),
            ("<a>; rel=prev", None),
            ("<a>; rel=next", "a"),
            ('<a>;rel="next"', "a"),
            ('<a>; rel="x NEXT"', "a"),
            ('<a>; title="b, <c>; rel=next"; rel=prev, <d>; rel=next', "d"),
            ("<a>; rel=nextish", None),
            ("garbage; rel=next", None),
        ],
    )
    def test_it_is_read_as_its_standard_says(self, text: str, target: str | None) -> None:
        assert next_link(text) == target


@pytest.mark.filterwarnings("ignore:the contract deprecates")
@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("iterate_tides", ("porto",), {}),
        ("iterate_search_ships", (), {"q": "Ida"}),
        ("iterate_ships", (), {}),
        ("iterate_names", (), {}),
        ("iterate_notes", (), {}),
    ],
)
def test_the_default_stand_in_comes_to_an_end(
    ends: Ends, name: str, arguments: Any, named: Any
) -> None:
    from bothends.runtime.stand_in import DefaultStandIn

    operations = ends.package.part("operations")
    app = DefaultStandIn(operations.API, operations.OPERATIONS).app()
    assert 0 < len(ends.items(name, *arguments, app=app, _named=named)) < 20
