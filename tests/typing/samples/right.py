"""What a caller and a handler know of types: checked, never run."""

from datetime import date, datetime
from typing import Any, Literal, assert_type
from uuid import UUID

from tests.cases.bodies.expected.client import BodiesClient
from tests.cases.bodies.expected.models import Note
from tests.cases.enums.expected.client import EnumsClient
from tests.cases.enums.expected.models import Level, Thing
from tests.cases.formats.expected.client import FormatsClient
from tests.cases.formats.expected.models import All
from tests.cases.media_types.expected.client import AsyncMediaTypesClient, MediaTypesClient
from tests.cases.nulls_3_1.expected.client import Nulls31Client
from tests.cases.nulls_3_1.expected.models import Home
from tests.cases.pagination.expected.client import AsyncPaginationClient, PaginationClient
from tests.cases.pagination.expected.models import Ship, Tide
from tests.cases.recursion.expected.models import Tree
from tests.cases.security.expected.client import AsyncSecurityClient, SecurityClient
from tests.cases.servers.expected.client import ServersClient
from tests.cases.statuses.expected import errors
from tests.cases.statuses.expected.client import AsyncStatusesClient, StatusesClient
from tests.cases.statuses.expected.models import Job, Problem, Ticket
from tests.cases.statuses.expected.server import create_app
from tests.cases.unions.expected.client import UnionsClient
from tests.cases.unions.expected.models import Cat, Dog, Mixed, Waiting

from bothends.runtime import (
    MISSING,
    AsyncDownload,
    ClientCredentials,
    Download,
    Hooks,
    MissingType,
    RawResponse,
    Response,
    Retries,
    Timeout,
)


def results(statuses: StatusesClient, unions: UnionsClient, bodies: BodiesClient) -> None:
    assert_type(statuses.start_job(), Job | Ticket | None)
    assert_type(statuses.get_range(), Job)
    assert_type(statuses.brew(), None)
    assert_type(unions.get_mixed(), Mixed)
    assert_type(bodies.send_anything(None), Any)


async def async_results(client: AsyncStatusesClient) -> None:
    assert_type(await client.start_job(), Job | Ticket | None)
    async with client as same:
        assert_type(same, AsyncStatusesClient)


def narrowing(client: UnionsClient) -> None:
    answer = client.add_pet(Cat(kind="cat"))
    match answer:
        case Cat():
            assert_type(answer.lives, int | None)
        case Dog():
            assert_type(answer.tricks, list[str] | None)
        case Waiting():
            assert_type(answer.place, int)
        case None:
            pass


def fields(mixed: Mixed, every: All, thing: Thing, tree: Tree) -> None:
    assert_type(mixed.id, int | str | None)
    assert_type(mixed.day, date | datetime | None)
    assert_type(every.date_, date | None)
    assert_type(every.uuid, UUID | None)
    assert_type(every.int64, int | None)
    assert_type(thing.number, Literal[1, 2, -3] | None)
    level: Level = thing.level
    assert_type(level, Literal["low", "high"])
    assert_type(tree.children, list[Tree] | None)


def calls(enums: EnumsClient, formats: FormatsClient, bodies: BodiesClient) -> None:
    enums.list_things(level="low", order="desc")
    formats.put_all(date(2026, 1, 2), All(date_=date(2026, 1, 2)), key=UUID(int=0), since=None)
    bodies.add_note(Note(text="a"))
    bodies.change_notes(body=[{"op": "remove"}])


def constructors() -> None:
    SecurityClient(basic_auth=("user", "password"), bearer_auth=lambda: "token", timeout=3.0)
    ServersClient(server="sandbox", region="us", responses="strict")

    async def fresh() -> str:
        return "token"

    AsyncSecurityClient(bearer_auth=fresh, header_key="key")
    with StatusesClient() as client:
        assert_type(client, StatusesClient)


def documented_errors(client: StatusesClient) -> None:
    try:
        client.start_job()
    except errors.StartJobBadRequest as error:
        assert_type(error.body, Problem)
    except errors.StartJobSeeOther as error:
        assert_type(error.body, None)


class Sync:
    def start_job(self) -> Job | Response[Ticket]:
        raise errors.StartJobBadRequest(Problem(title="no"))

    def get_range(self) -> Response[Job]:
        return Response(Job(result="done"), 207)

    def get_default(self) -> Job:
        raise errors.GetDefaultDefaultError(Job(result="no"), status=404)

    def brew(self) -> None:
        raise errors.BrewImATeapot


class Async:
    async def start_job(self) -> Job | Ticket | None:
        return None

    async def get_range(self) -> Job:
        return Job(result="done")

    def get_default(self) -> Job:
        return Job(result="done")

    async def brew(self) -> None:
        return None


create_app(Sync())
create_app(Async(), authenticate=lambda presented: "basicAuth" in presented)


def whole_answers(unions: UnionsClient) -> None:
    whole = unions.with_raw_response.get_mixed()
    assert_type(whole, RawResponse[Mixed])
    assert_type(whole.status, int)
    assert_type(unions.with_options(timeout=5, retries=0).get_mixed(), Mixed)
    assert_type(unions.with_options(timeout=Timeout(read=5), retries=Retries(base=1)), UnionsClient)


async def async_whole_answers(client: AsyncStatusesClient) -> None:
    whole = await client.with_raw_response.start_job()
    assert_type(whole, RawResponse[Job | Ticket | None])
    assert_type(client.with_options(responses="strict"), AsyncStatusesClient)


def tokens() -> None:
    source = ClientCredentials("https://login.example/token", "id", "secret", scopes=["read"])
    seen: list[object] = []
    SecurityClient(bearer_auth=source, hooks=Hooks(request=seen.append, response=seen.append))
    AsyncSecurityClient(bearer_auth=source)


def downloads(client: MediaTypesClient) -> None:
    with client.with_streaming_response.get_picture() as answer:
        assert_type(answer, Download)
        for piece in answer:
            assert_type(piece, bytes)


async def async_downloads(client: AsyncMediaTypesClient) -> None:
    async with client.with_streaming_response.get_picture() as answer:
        assert_type(answer, AsyncDownload)
        async for piece in answer:
            assert_type(piece, bytes)


def nulls(client: Nulls31Client) -> None:
    client.put_home(1, body=None, filter=MISSING)
    client.put_home(1, body=Home(street="a"), since=None)


def heard(body: Home | MissingType | None) -> None:
    if body is MISSING:
        return
    assert_type(body, Home | None)


def pages(client: PaginationClient) -> None:
    for tide in client.iterate_tides("porto", limit=5):
        assert_type(tide, Tide)


async def async_pages(client: AsyncPaginationClient) -> None:
    async for ship in client.iterate_search_ships(q="Ida"):
        assert_type(ship, Ship)
