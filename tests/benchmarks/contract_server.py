"""What one request costs the servers of whole contracts, in process, beside FastAPI's.

Worked example: of `specs/harbour` each operation is asked as the contract allows, with the required
parameters only and with all, and with one value broken. A request counts where both servers take
it, or both refuse it. Each handler returns at once what the contract documents.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bothends.config import SpecFile
from bothends.pipeline import generate
from bothends.prove.values.successes import successes
from bothends.prove.values.valid_requests import ValidRequest, valid_requests
from bothends.prove.wire.credentials import Credentials
from bothends.runtime import App
from bothends.runtime.models.encoding import encode
from tests.corpus.contracts import CORPUS
from tests.packages import Package, import_files

from .fastapi_peer import Success, fastapi_of
from .process import ROOT
from .rows import Row
from .server import Exchange, Request, ask, empty_app, measure_all

PIGEON = CORPUS.parent / "pigeon" / "openapi.yaml"
# The cases of `tests/cases/` of which FastAPI has a plain form for one operation at least.
FEATURES = [
    "bodies",
    "collections",
    "defaults",
    "enums",
    "links",
    "names",
    "nulls_3_1",
    "pagination",
    "recursion",
    "references",
    "response_headers",
    "same_names",
    "security",
    "shared_parameters",
    "shared_responses",
    "statuses",
    "unions",
]
PEER = "FastAPI with datamodel-code-generator's models"


@dataclass(frozen=True, slots=True)
class Sides:
    """The same requests, to the generated server and to FastAPI's."""

    ours: Sequence[Exchange]
    peer: Sequence[Exchange]

    def __add__(self, other: Sides) -> Sides:
        return Sides([*self.ours, *other.ours], [*self.peer, *other.peer])


NONE = Sides((), ())


@dataclass(frozen=True, slots=True)
class Compared:
    """What is measured of a contract: how many of its operations, and their requests."""

    operations: int
    documented: int
    valid: Sides
    invalid: Sides

    def __add__(self, other: Compared) -> Compared:
        return Compared(
            self.operations + other.operations,
            self.documented + other.documented,
            self.valid + other.valid,
            self.invalid + other.invalid,
        )


def rows(folder: Path) -> Iterator[Row]:
    """Yield what is measured of each contract of `specs/`, of pigeon's, and of the features'."""
    for spec in sorted((ROOT / "specs").glob("*/openapi.yaml")):
        yield from rows_of(spec.parent.name, compared(folder / spec.parent.name, spec))
    if PIGEON.exists():
        yield from rows_of("pigeon", compared(folder / "pigeon", PIGEON))

    features = Compared(0, 0, NONE, NONE)
    for feature in FEATURES:
        contract = ROOT / "tests/cases" / feature / "openapi.yaml"
        features += compared(folder / feature, contract)
    yield from rows_of(f"{len(FEATURES)} feature contracts", features)


def rows_of(name: str, found: Compared) -> Iterator[Row]:
    """Yield the rows of one contract, or of several together."""
    name = f"Server, {name}, {found.operations} of {found.documented} operations"
    ours = measure_all(found.valid.ours)
    for kind, sides in (("valid", found.valid), ("invalid", found.invalid)):
        if not sides.ours:
            continue
        mine = measure_all(sides.ours)
        text = f"{name}, {len(sides.ours)} {kind}"
        yield Row(f"{text}, {PEER}", mine, measure_all(sides.peer), 0.25)
        empty = [Exchange(empty_app, replace(each.request, statuses=())) for each in sides.ours]
        yield Row(f"{text}, empty ASGI app", mine, measure_all(empty))

    if found.invalid.ours:
        yield Row(f"{name}, invalid against valid", measure_all(found.invalid.ours), ours, 1.0)


def compared(folder: Path, contract: Path) -> Compared:
    """The requests of a contract that both servers answer alike."""
    folder.mkdir(parents=True)
    spec = SpecFile("made", contract, None, None, folder / "names.lock", "openapi.yaml")
    made = generate(spec)
    package = Package(import_files(folder, made.files), made)
    part = package.part("operations")
    credentials, answers = Credentials.made_up(part.API), dict[str, Success]()

    class Handler:
        """Returns at once what is documented."""

    for operation in part.OPERATIONS:
        reply = successes(operation)[0]
        setattr(Handler, operation.name, staticmethod(_returning(reply)))
        answers[operation.id] = _success(operation, reply)

    ours = App(part.API, part.OPERATIONS, Handler(), authenticate=credentials.authenticate())
    data = json.loads(made.files["contract.json"])
    peer = fastapi_of(folder / f"fastapi_{folder.name}", data, answers)

    found = Compared(0, len(part.OPERATIONS), NONE, NONE)
    for operation in part.OPERATIONS:
        given = [
            next(valid_requests(operation, credentials, optional=optional), None)
            for optional in (False, True)
        ]
        requests = {each.request: each for each in given if each is not None}
        valid = [each for each in requests.values() if _both(ours, peer, _asked(each), 200, 300)]
        invalid = [
            request
            for each in valid
            if (request := _refused(ours, peer, each, answers[operation.id].status)) is not None
        ]
        found += Compared(
            bool(valid),
            0,
            _sides(ours, peer, map(_asked, valid)),
            _sides(ours, peer, invalid),
        )
    return found


def _returning(reply: Any) -> Any:
    async def answer(_self: Any = None, **_arguments: Any) -> Any:
        return reply

    return answer


def _success(operation: Any, reply: Any) -> Success:
    status = reply.status or 200
    key = str(status) if str(status) in operation.replies else "default"
    media = [*operation.replies[key].media] if key in operation.replies else []
    if not media:
        return Success(status, None, None)
    content_type = reply.content_type or media[0]
    value = encode(reply.body) if content_type == "application/json" else None
    return Success(status, content_type, value)


def _asked(valid: ValidRequest, body: bytes | None = None) -> Request:
    """A valid request as ASGI has it, with another body if there is one."""
    sent = valid.request if body is None else valid.request.with_body(body)
    path, _, query = sent.target.partition("?")
    headers = [(name.lower().encode(), value.encode()) for name, value in sent.headers]
    if sent.body:
        headers.append((b"content-length", str(len(sent.body)).encode()))
    return Request(sent.method, path, query.encode(), tuple(headers), sent.body, statuses=())


def _refused(ours: Any, peer: Any, valid: ValidRequest, success: int) -> Request | None:
    """The first variation with one wrong value that both refuse."""
    for request in _broken(valid):
        status = _status(ours, request)
        # A vendor may document its refusals as successes: then the verdict of the contract counts.
        is_refused = status >= 400 or (valid.is_json and _differs(valid, request))
        if is_refused and status not in (401, 404, 405) and _status(peer, request) == 422:
            return request
    return None


def _differs(valid: ValidRequest, request: Request) -> bool:
    return bool(request.body) and not valid.accepts(json.loads(request.body))


def _broken(valid: ValidRequest) -> Iterator[Request]:
    """The request with one value of its body, its query or its headers broken."""
    if valid.is_json:
        for value in _wrong(valid.body):
            yield _asked(valid, json.dumps(value).encode())

    request = _asked(valid)
    names = [pair.partition(b"=")[0] for pair in request.query.split(b"&") if pair]
    for name in names:
        others = [pair for pair in request.query.split(b"&") if not pair.startswith(name + b"=")]
        yield replace(request, query=b"&".join([*others, name + b"=%7E"]))
        yield replace(request, query=b"&".join(others))
    for name, _ in request.headers:
        kept = [line for line in request.headers if line[0] != name]
        yield replace(request, headers=tuple(kept))


def _wrong(body: Any) -> Iterator[Any]:
    match body:
        case {**properties}:
            yield from ({**properties, key: {"wrong": [1]}} for key in properties)
            for key in properties:
                yield {other: properties[other] for other in properties if other != key}
        case [*items]:
            yield [*items[:-1], {"wrong": [1]}]
        case _:
            pass
    yield from ("wrong", 1)


def _both(ours: Any, peer: Any, request: Request, least: int, less_than: int) -> bool:
    return all(least <= _status(app, request) < less_than for app in (ours, peer))


def _status(app: Any, request: Request) -> int:
    return asyncio.run(ask(app, request))


def _sides(ours: Any, peer: Any, requests: Any) -> Sides:
    """The exchanges, each with the status that it must have from then on."""
    found = [*requests]
    return Sides(*([_exchange(app, each) for each in found] for app in (ours, peer)))


def _exchange(app: Any, request: Request) -> Exchange:
    return Exchange(app, replace(request, statuses=(_status(app, request),)))
