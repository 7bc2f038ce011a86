from datetime import date
from typing import Any

from bothends.runtime import (
    Api,
    ApiKey,
    Basic,
    Bearer,
    Body,
    Cookie,
    Header,
    Json,
    Operation,
    Path,
    Query,
    Reply,
    ResponseHeader,
    Server,
    Variable,
)

from .errors import (
    AddTideBadRequest,
    AddTideContentTooLarge,
    BookBerthTooManyRequests,
    ListTidesClientError,
    ListTidesNotFound,
    ResendBadRequest,
    SinkDefault,
)
from .models import Failures, Gauge, NewTide, Problem, Tide, TidePage, Vessel

API = Api(
    package=__package__,
    title="Harbour API",
    servers=(
        Server(
            "production",
            "https://{host}/v1",
            variables=(
                Variable(
                    "host",
                    "host",
                    default="tides.example",
                    enum=("tides.example", "test.tides.example"),
                ),
            ),
        ),
    ),
    security={
        "bearerAuth": Bearer("bearer_auth"),
        "basicAuth": Basic("basic_auth"),
        "token": ApiKey("token", "query", "key"),
    },
)

LIST_TIDES = Operation[TidePage](
    api=API,
    id="listTides",
    name="list_tides",
    method="GET",
    path="/harbours/{harbourId}/tides",
    parameters=(
        Path("harbour_id", "harbourId", str),
        Query("since", "since", date, required=False),
        Query("limit", "limit", int, required=False),
        Header("x_trace", "X-Trace", str, required=False),
    ),
    replies={
        "200": Reply(
            Json(TidePage), headers=(ResponseHeader("x_total", "X-Total", int, required=True),)
        ),
        "404": Reply(Json(Problem)),
        "4XX": Reply(Json(Problem)),
    },
    errors={"404": ListTidesNotFound, "4XX": ListTidesClientError},
    security=(("bearerAuth",), ("basicAuth", "token")),
)

ADD_TIDE = Operation[Tide](
    api=API,
    id="addTide",
    name="add_tide",
    method="POST",
    path="/harbours/{harbourId}/tides",
    parameters=(Path("harbour_id", "harbourId", str),),
    body=Body("body", (Json(NewTide),), required=True),
    replies={"201": Reply(Json(Tide)), "400": Reply(Json(Problem)), "413": Reply()},
    errors={"400": AddTideBadRequest, "413": AddTideContentTooLarge},
)

LATEST_TIDE = Operation[Tide](
    api=API,
    id="latestTide",
    name="latest_tide",
    method="GET",
    path="/harbours/latest/tides",
    replies={"200": Reply(Json(Tide))},
)

RESEND = Operation[Failures](
    api=API,
    id="resend",
    name="resend",
    method="POST",
    path="/resend",
    parameters=(Header("content_encoding", "Content-Encoding", str, required=False),),
    body=Body("ids", (Json(list[str]),), required=True),
    replies={"202": Reply(Json(Failures), empty={}), "400": Reply(Json(Failures))},
    errors={"400": ResendBadRequest},
)

ECHO = Operation[Any](
    api=API,
    id="echo",
    name="echo",
    method="GET",
    path="/echo/{simple}/{label}/{matrix}",
    parameters=(
        Path("simple", "simple", list[int]),
        Path("label", "label", Gauge, style="label", explode=True),
        Path("matrix", "matrix", list[str], style="matrix"),
        Query("form", "form", list[str], required=False),
        Query("plain", "plain", list[int], required=False, explode=False),
        Query("spaced", "spaced", list[str], required=False, style="spaceDelimited", explode=False),
        Query("piped", "piped", list[str], required=False, style="pipeDelimited", explode=False),
        Query("deep", "deep", Gauge, required=False, style="deepObject", explode=True),
        Query("flag", "flag", bool | None, required=False),
        Query("many", "many", int | str, required=False),
        Query("json", "json", Gauge, required=False),
        Header("x_ids", "X-Ids", list[int], required=False),
        Cookie("crumb", "crumb", str, required=False),
    ),
    replies={"200": Reply(Json(Any))},
)

VESSEL = Operation[Vessel](
    api=API,
    id="vessel",
    name="vessel",
    method="GET",
    path="/vessels",
    replies={"200": Reply(Json(Vessel))},
)

SINK = Operation[None](
    api=API,
    id="sink",
    name="sink",
    method="DELETE",
    path="/vessels",
    replies={"204": Reply(), "default": Reply(Json(Problem))},
    errors={"default": SinkDefault},
)

BOOK_BERTH = Operation[str](
    api=API,
    id="bookBerth",
    name="book_berth",
    method="POST",
    path="/berths",
    parameters=(Header("key", "Berth-Key", str, required=False),),
    body=Body("ship", (Json(str),), required=True),
    replies={
        "201": Reply(
            Json(str),
            headers=(
                ResponseHeader("left", "X-Left", int),
                ResponseHeader("until", "X-Until", date),
            ),
        ),
        "429": Reply(Json(Problem)),
    },
    errors={"429": BookBerthTooManyRequests},
    idempotency_key="key",
)

BOOK_BUOY = Operation[str](
    api=API,
    id="bookBuoy",
    name="book_buoy",
    method="POST",
    path="/buoys",
    parameters=(Header("key", "Berth-Key", str, required=False),),
    body=Body("ship", (Json(str),), required=True),
    replies={"201": Reply(Json(str)), "429": Reply(Json(Problem))},
    errors={"429": BookBerthTooManyRequests},
    idempotency_key="key",
)

OPERATIONS = (LIST_TIDES, ADD_TIDE, LATEST_TIDE, RESEND, ECHO, VESSEL, SINK, BOOK_BERTH, BOOK_BUOY)
