"""Ways for two ends to disagree: each spoils what one of them does, and leaves the other as it is."""

from __future__ import annotations

import re
import struct
import unicodedata
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from bothends.runtime import File, Operation, Response
from bothends.runtime.client import raw_response
from bothends.runtime.client.answer import AnswerReader
from bothends.runtime.client.bodies.stream import Stream
from bothends.runtime.client.call import Call
from bothends.runtime.client.client import AsyncClient
from bothends.runtime.client.prepare import Prepared
from bothends.runtime.client.prepare import prepare as prepare_request
from bothends.runtime.client.raw_response import header_values
from bothends.runtime.json.text import read_json, write_json
from bothends.runtime.media import MediaCodec
from bothends.runtime.media.form import FormCodec
from bothends.runtime.media.multipart.part_object import MultipartCodec
from bothends.runtime.models.codec import Codec
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError
from bothends.runtime.parameters.styled import Wire
from bothends.runtime.server import request
from bothends.runtime.server.reply import write_reply


@dataclass(frozen=True)
class Plant:
    """One disagreement: the operation that shows it, and how it comes about."""

    name: str
    operation: str
    spoil: Callable[[pytest.MonkeyPatch], None]


def _sent(change: Callable[[Prepared], None]) -> Callable[[pytest.MonkeyPatch], None]:
    """The client sends something else than it prepared."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = prepare_request

        def prepare(operation: Operation[Any], arguments: Any, *options: Any) -> Prepared:
            prepared = good(operation, arguments, *options)
            change(prepared)
            return prepared

        patch.setattr("bothends.runtime.client.call.prepare", prepare)

    return spoil


def _sent_json(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    def rewrite(prepared: Prepared) -> None:
        if isinstance(prepared.content, bytes) and "json" in prepared.headers["content-type"]:
            prepared.content = write_json(change(read_json(prepared.content)))

    return _sent(rewrite)


def _called(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """The client takes an argument for another, before anything looks at it."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = prepare_request

        def prepare(operation: Operation[Any], arguments: Any, *options: Any) -> Prepared:
            changed = {name: change(value) for name, value in arguments.items()}
            return good(operation, changed, *options)

        patch.setattr("bothends.runtime.client.call.prepare", prepare)

    return spoil


def _wire(change: Callable[[Wire], None]) -> Callable[[pytest.MonkeyPatch], None]:
    """The server reads its parameters from something else than what came."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = request.read_wire

        def read_wire(*arguments: Any) -> Wire:
            wire = good(*arguments)
            change(wire)
            return wire

        patch.setattr(request, "read_wire", read_wire)

    return spoil


def _drops(codec: type[MediaCodec], name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The server reads a body as if one of its fields or parts had not come."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = codec.read

        def read(self: Any, content: bytes, content_type: Any) -> Any:
            value = good(self, content, content_type)
            return {key: item for key, item in value.items() if key != name}

        patch.setattr(codec, "read", read)

    return spoil


def _drop_query(wire: Wire) -> None:
    wire.query[:] = [pair for pair in wire.query if pair[0] != "text"]


def _heard(change: Callable[[dict[str, Any]], object]) -> Callable[[pytest.MonkeyPatch], None]:
    """The server hands the handler something else than it read."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = request.read_arguments

        async def read_arguments(*given: Any) -> dict[str, Any]:
            arguments = await good(*given)
            change(arguments)
            return arguments

        patch.setattr("bothends.runtime.server.app.read_arguments", read_arguments)

    return spoil


def _answered(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """The server takes what the handler gave for something else."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(
            "bothends.runtime.server.app.write_reply",
            lambda operation, answer, **manner: write_reply(operation, change(answer), **manner),
        )

    return spoil


def _got(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """The client makes something else of the value that it read."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = AnswerReader.read
        patch.setattr(AnswerReader, "read", lambda self, *given: change(good(self, *given)))

    return spoil


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    """The JSON value with a change to everything in it."""
    if isinstance(value, dict):
        return change({name: _each(change, item) for name, item in value.items()})
    return change([_each(change, item) for item in value] if isinstance(value, list) else value)


def _query(change: Callable[[str], str]) -> Callable[[Prepared], None]:
    def rewrite(prepared: Prepared) -> None:
        prepared.query = [change(pair) for pair in prepared.query]

    return rewrite


def _renamed(old: str, new: str) -> Callable[[Any], Any]:
    return lambda value: (
        {new if name == old else name: item for name, item in value.items()}
        if isinstance(value, dict)
        else value
    )


def _swap_type(prepared: Prepared) -> None:
    if prepared.headers.get("content-type", "").startswith("application/x-www"):
        prepared.headers["content-type"] = "application/json"


def _file_without_name(arguments: dict[str, Any]) -> None:
    file = arguments["body"].picture
    arguments["body"].picture = File(file.content, None, file.media_type, file.headers)


def _first_item(arguments: dict[str, Any]) -> None:
    if isinstance(arguments.get("words"), list) and len(arguments["words"]) == 1:
        arguments["words"] = arguments["words"][0]


def _default_order(arguments: dict[str, Any]) -> None:
    arguments["order"] = arguments["order"] or "newest"


def _cookies(wire: Wire) -> None:
    wire.cookies = [(name, unquote(text.replace("%2B", "%20"))) for name, text in wire.cookies]


def _short_header(wire: Wire) -> None:
    wire.headers = {name: [line[:5] for line in lines] for name, lines in wire.headers.items()}


def _accepted_is_ok(answer: Any) -> Any:
    if isinstance(answer, Response) and answer.status == 202:
        return Response([], 200, answer.headers, content_type=answer.content_type)
    return answer


def _without_optional_header(answer: Any) -> Any:
    if isinstance(answer, Response):
        answer.headers.pop("X-Next", None)
    return answer


def _any_failure_is_500(answer: Any) -> Any:
    if isinstance(answer, Response) and (answer.status or 200) > 500:
        answer.status = 500
    return answer


def _text_headers(patch: pytest.MonkeyPatch) -> None:
    good = header_values
    patch.setattr(
        raw_response,
        "header_values",
        lambda *given: {
            name: str(value) for name, value in good(*given).items() if name == "x_left"
        },
    )


def _header_case(patch: pytest.MonkeyPatch) -> None:
    """A client that looks for headers in the case of the contract, where servers send them in small letters."""
    good = header_values

    def values(operation: Operation[Any], key: str | None, response: Any) -> dict[str, Any]:
        return {
            name: value
            for name, value in good(operation, key, response).items()
            if "X-Left" in list(response.headers)
        }

    patch.setattr(raw_response, "header_values", values)


def _without_last_item(patch: pytest.MonkeyPatch) -> None:
    def all_but_one(stream: Any) -> Any:
        items = []
        with suppress(StopIteration):
            while True:
                items.append(next(stream))
        return iter(items[:-1])

    patch.setattr(Stream, "__iter__", all_but_one)


def _key_per_attempt(patch: pytest.MonkeyPatch) -> None:
    """A client that makes an idempotency key for each attempt, not for each call."""
    good = Call.request

    def request_of(self: Call, *given: Any) -> Any:
        made = good(self, *given)
        made.headers["idempotency-key"] = str(uuid.uuid4())
        return made

    patch.setattr(Call, "request", request_of)


def _async_of_its_own(patch: pytest.MonkeyPatch) -> None:
    good = AsyncClient._answer

    async def answer(self: AsyncClient, *given: Any) -> Any:
        call, response, result = await good(self, *given)
        return call, response, result or None

    patch.setattr(AsyncClient, "_answer", answer)


def _local(value: Any) -> Any:
    if hasattr(value, "sent") and isinstance(value.sent, datetime):
        value = value.model_copy()
        value.sent = value.sent.astimezone(UTC)
    return value


def _without_extra(value: Any) -> Any:
    if hasattr(value, "model_extra") and value.model_extra:
        known = {
            name: getattr(value, name)
            for name in value.model_fields_set & type(value).model_fields.keys()
        }
        return type(value)(**known)
    return value


def _new_key(arguments: dict[str, Any]) -> None:
    arguments["idempotency_key"] = str(uuid.uuid4())


def _without_nulls(value: Any) -> Any:
    return (
        {name: item for name, item in value.items() if item is not None}
        if isinstance(value, dict)
        else value
    )


def _as_float(value: Any) -> Any:
    return int(float(value)) if isinstance(value, int) and not isinstance(value, bool) else value


def _true_is_one(value: Any) -> Any:
    return 1 if value is True else value


def _composed(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _filled(value: Any) -> Any:
    return {"to": None, **value} if isinstance(value, dict) and "from" in value else value


def _no_empty_list(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if item != []}
    return value


def _read_by_both(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """What both ends read JSON with makes something else of it, the same each time."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        of_type, of_media = Codec.decode, MediaCodec.decode
        patch.setattr(
            Codec, "decode", lambda self, type_, value: of_type(self, type_, _each(change, value))
        )
        patch.setattr(
            MediaCodec, "decode", lambda self, value: of_media(self, _each(change, value))
        )

    return spoil


def _written_by_both(change: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """What both ends write JSON with writes something else, the same each time."""

    def spoil(patch: pytest.MonkeyPatch) -> None:
        good = MediaCodec.encode
        patch.setattr(MediaCodec, "encode", lambda self, value: _each(change, good(self, value)))

    return spoil


def _refuse_large_integers(patch: pytest.MonkeyPatch) -> None:
    """A codec that refuses what the contract allows, in the words of one that has no form for it."""
    good = ParameterCodec.write_valid

    def write(self: ParameterCodec, value: Any) -> Wire:
        if isinstance(value, list) and any(isinstance(item, int) and item > 1000 for item in value):
            raise ParameterError("this value cannot be written")
        return good(self, value)

    patch.setattr(ParameterCodec, "write_valid", write)


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value) is not None


def _at_greenwich(value: Any) -> Any:
    return value[:-6] + "+00:00" if _is_moment(value) and value[-6] in "+-" else value


def _whole_seconds(value: Any) -> Any:
    return re.sub(r"\.\d+", "", value) if _is_moment(value) else value


def _single(value: Any) -> Any:
    return (
        struct.unpack("f", struct.pack("f", value))[0]
        if isinstance(value, float) and abs(value) < 1e38
        else value
    )


def _without_last(value: Any) -> Any:
    return value[:2] if isinstance(value, list) else value


def _without_price(value: Any) -> Any:
    return (
        {name: item for name, item in value.items() if name != "price"}
        if isinstance(value, dict)
        else value
    )


PLANTS = [
    Plant(
        "a style encoded one way and decoded another",
        "find",
        _sent(_query(lambda pair: pair.replace("%7C", "%2C"))),
    ),
    Plant(
        "a query value percent-encoded twice",
        "find",
        _sent(_query(lambda pair: pair.replace("%", "%25"))),
    ),
    Plant("a space for a plus sign", "find", _sent(_query(lambda pair: pair.replace("%2B", "+")))),
    Plant("an array of one item read as scalar", "find", _heard(_first_item)),
    Plant("an enum default filled in silently", "find", _heard(_default_order)),
    Plant("cookies decoded otherwise", "find", _wire(_cookies)),
    Plant("a header cut off", "find", _wire(_short_header)),
    Plant("a header lost on its way back", "find", _answered(_without_optional_header)),
    Plant("a header typed wrongly", "find", _text_headers),
    Plant("a header in another case", "find", _header_case),
    Plant("a status lost", "find", _answered(_accepted_is_ok)),
    Plant("a status of a range lost", "find", _answered(_any_failure_is_500)),
    Plant(
        "an alias lost", "send", _sent_json(lambda value: _each(_renamed("from", "from_"), value))
    ),
    Plant("an unset field sent as null", "send", _sent_json(lambda value: _each(_filled, value))),
    Plant("null dropped", "send", _sent_json(lambda value: _each(_without_nulls, value))),
    Plant("an empty list dropped", "send", _sent_json(lambda value: _each(_no_empty_list, value))),
    Plant(
        "a long integer through a float", "send", _sent_json(lambda value: _each(_as_float, value))
    ),
    Plant("true for one", "send", _sent_json(lambda value: _each(_true_is_one, value))),
    Plant("text composed", "send", _sent_json(lambda value: _each(_composed, value))),
    Plant("an offset lost", "send", _called(_local)),
    Plant("fields that the contract does not name lost", "send", _called(_without_extra)),
    Plant("an idempotency key of the server's own", "send", _heard(_new_key)),
    Plant("fields lost on the way back", "send", _got(_without_extra)),
    Plant("a media type swapped", "label", _sent(_swap_type)),
    Plant("async differs from sync", "label", _async_of_its_own),
    Plant("the name of a file lost", "upload", _heard(_file_without_name)),
    Plant("an idempotency key for each attempt", "send", _key_per_attempt),
    Plant("an item of a stream lost", "watch", _without_last_item),
    Plant("a valid integer refused", "find", _refuse_large_integers),
    Plant("a query parameter dropped", "find", _wire(_drop_query)),
    Plant("a form field dropped", "label", _drops(FormCodec, "size")),
    Plant("a part dropped", "upload", _drops(MultipartCodec, "title")),
    Plant("shared: text in small letters", "send", _read_by_both(_lower)),
    Plant("shared: a parameter in small letters", "find", _read_by_both(_lower)),
    Plant("shared: an offset dropped", "send", _read_by_both(_at_greenwich)),
    Plant("shared: parts of a second dropped", "send", _read_by_both(_whole_seconds)),
    Plant("shared: a number in single precision", "send", _read_by_both(_single)),
    Plant("shared: a field not read", "send", _read_by_both(_without_price)),
    Plant("shared: a field not written", "send", _written_by_both(_without_price)),
    Plant("shared: items from the third on not written", "send", _written_by_both(_without_last)),
    Plant("shared: items of a stream read wrong", "watch", _read_by_both(_as_float)),
]
