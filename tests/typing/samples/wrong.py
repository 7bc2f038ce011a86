"""What a type checker must not let pass: each line marked with `# wrong`, and no other."""

from datetime import date

from tests.cases.bodies.expected.client import BodiesClient
from tests.cases.bodies.expected.models import Note
from tests.cases.defaults.expected.client import AsyncDefaultsClient, DefaultsClient
from tests.cases.enums.expected.client import EnumsClient
from tests.cases.media_types.expected.client import MediaTypesClient
from tests.cases.nulls_3_1.expected.client import Nulls31Client
from tests.cases.parameters.expected.client import ParametersClient
from tests.cases.parameters.expected.models import Point
from tests.cases.security.expected.client import SecurityClient
from tests.cases.servers.expected.client import ServersClient
from tests.cases.statuses.expected import errors
from tests.cases.statuses.expected.client import StatusesClient
from tests.cases.statuses.expected.models import Job, Ticket
from tests.cases.statuses.expected.server import create_app
from tests.cases.unions.expected.client import UnionsClient
from tests.cases.unions.expected.models import Cat, Mixed

from bothends.runtime import MISSING


def calls(
    parameters: ParametersClient, enums: EnumsClient, bodies: BodiesClient, unions: UnionsClient
) -> None:
    parameters.in_query()  # wrong: a required argument is missing
    parameters.in_query("plain")  # wrong: a query parameter goes by keyword
    parameters.in_query(plain="a", tags="b")  # wrong: a list is asked for
    parameters.in_query(plain="a", unknown=1)  # wrong: there is no such parameter
    parameters.in_path("1", [1], Point(x=1, y=1), Point(x=1, y=1))  # wrong: an integer is asked for
    parameters.in_header_and_cookie(x_request_id="1")  # wrong: a UUID is asked for
    enums.list_things(level="middle")  # wrong: not one of the values
    bodies.add_note()  # wrong: the body is required
    bodies.add_note("text")  # wrong: not a note
    unions.add_pet(Mixed())  # wrong: not a pet


def models() -> None:
    Note()  # wrong: a required field is missing
    Note(text=1)  # wrong: text is asked for
    Cat(kind="dog")  # wrong: not that constant
    Mixed(day=date(2026, 1, 2), sure=Mixed())  # wrong: not a cat


def results(client: StatusesClient, unions: UnionsClient) -> None:
    int(client.start_job().result)  # wrong: it may be a ticket, or nothing
    int(client.get_range().ticket)  # wrong: a job has none
    repr(unions.get_mixed().sure.lives)  # wrong: it may be absent
    text: str = client.get_default()  # wrong: not text
    text.upper()


def constructors() -> None:
    SecurityClient(basic_auth="token")  # wrong: a user name and a password
    SecurityClient(unknown="x")  # wrong: there is no such scheme
    ServersClient(server="elsewhere")  # wrong: there is no such server
    ServersClient(region="mars")  # wrong: not one of the values
    StatusesClient(responses="sometimes")  # wrong: not one of the values


def options(unions: UnionsClient) -> None:
    unions.with_options(timeout="5")  # wrong: a number is asked for
    unions.with_options(base_url="https://a.example")  # wrong: a client has one server
    unions.with_raw_response.add_pet(Mixed())  # wrong: not a pet
    unions.with_raw_response.get_mixed().body.upper()  # wrong: not text
    unions.with_raw_response.get_nothing()  # wrong: no such method


def documented_errors() -> None:
    errors.StartJobBadRequest(Job(result="done"))  # wrong: a problem is asked for


class Half:
    def start_job(self) -> Job | Ticket | None:
        return None


class Other:
    def start_job(self) -> str:
        return ""

    def get_range(self) -> Job:
        return Job(result="")

    def get_default(self) -> Job:
        return Job(result="")

    def brew(self) -> None:
        return None


create_app(Half())  # wrong: operations are missing
create_app(Other())  # wrong: an answer of another type
create_app(Other, authenticate="yes")  # wrong: not a function


async def deprecated(client: DefaultsClient, async_client: AsyncDefaultsClient) -> None:
    client.search()  # wrong: the contract deprecates it
    await async_client.search()  # wrong: the contract deprecates it


with MediaTypesClient() as media:
    media.with_streaming_response.get_table()  # wrong: its answer is not bytes
    media.send_octets("text")  # wrong: text is no bytes


def nulls(client: Nulls31Client) -> None:
    client.put_home(1, since=MISSING)  # wrong: None stands for absent where null says no more
    client.put_home(1, body="home")  # wrong: neither a home nor null
