"""JSON text to data, strictly. Positions are searched only when one is needed.

Example: `{"a": 1, "a": 2}`. The quick parser counts two pairs and one member, and stops. The slow
search walks the tokens again, and finds the second `"a"` at offset 9: the finding is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Literal, NoReturn

from bothends.diagnostics import ContractError
from bothends.load import faults
from bothends.load.document import SourceMap
from bothends.load.json_places import JsonPlaces, skip_space
from bothends.load.limits import MAX_DEPTH, MAX_TEXT, MAX_WIDTH, KeyLengths, is_within_limits
from bothends.load.positions import Positions
from bothends.load.scalars import NotFiniteError, finite
from bothends.openapi.json_value import JsonValue

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s:,"{}\[\]]+')
_REPEATED_DEPTH = 3
"""The keys that lead to an operation or a component: what two versions of a contract share."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonSyntaxError(ContractError):
    """The text is not JSON; it may still be YAML."""


class _RefusedError(ValueError):
    """The JSON is well-formed and has a value that we refuse; the slow search finds its place."""


def read_json(
    source: str, path: str, repeated: RepeatedParts | None = None
) -> tuple[JsonValue, SourceMap]:
    """The data of a JSON text and the map of its places; raises `ContractError`."""
    try:
        data = _parse(source) if repeated is None else repeated.read(source)
        if not is_within_limits(data):
            raise _RefusedError
        # `json` reads a lone surrogate; no UTF-8 file of the output could hold it.
        if _SURROGATE.search(source):
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        message = f"This is not JSON: {error.msg[:1].lower()}{error.msg[1:]}."
        raise JsonSyntaxError(
            [faults.fault("json-syntax", message, "", path=path, source=source, offset=error.pos)]
        ) from error
    except (ValueError, RecursionError) as error:
        # `json` recurses, so a text of brackets alone ends it.
        raise _find_fault(source, path) from error

    # Places cost a second reading, which is spared where none is asked for.
    return data, SourceMap(source, data, partial(JsonPlaces, source, find_positions))


class RepeatedParts:
    """Reads JSON texts that repeat most of each other: two versions of one contract.

    What lies at the same keys in the same characters is parsed once, and is one object in the data
    of all texts. Two versions of 13 MB are read in the time of one.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[str, Any]] = {}

    def read(self, source: str) -> JsonValue:
        """The data of a text; raises what the parser raises."""
        try:
            value, end = self._value(source, skip_space(source, 0), ())
        except (IndexError, StopIteration, _NoMemberError):
            # The parser says better what is wrong.
            return _parse(source)
        return value if skip_space(source, end) == len(source) else _parse(source)

    def _value(self, source: str, start: int, keys: tuple[str, ...]) -> tuple[Any, int]:
        if source[start] not in "{[":
            return _scan(source, start)

        text, value = self._known.get(keys, ("", None))
        # The text of an object ends with its bracket, so nothing that begins with it is another.
        if text and source.startswith(text, start):
            return value, start + len(text)

        if source[start] == "{" and len(keys) < _REPEATED_DEPTH:
            value, end = self._members(source, skip_space(source, start + 1), keys)
        else:
            value, end = _scan(source, start)

        self._known[keys] = (source[start:end], value)
        return value, end

    def _members(self, source: str, at: int, keys: tuple[str, ...]) -> tuple[Any, int]:
        pairs: list[tuple[str, Any]] = []
        while source[at] != "}" or pairs:
            _expect(source, at, '"')
            name, at = _scan(source, at)
            at = _expect(source, skip_space(source, at), ":")
            value, at = self._value(source, skip_space(source, at), (*keys, name))
            pairs.append((name, value))
            at = skip_space(source, at)
            if source[at] == "}":
                break
            at = skip_space(source, _expect(source, at, ","))

        return _object(pairs), at + 1


class _NoMemberError(Exception):
    """Another character than one that goes on with an object."""


def _expect(source: str, at: int, character: str) -> int:
    """The place after a character that must come here."""
    if source[at] != character:
        raise _NoMemberError
    return at + 1


def find_positions(source: str) -> Positions:
    """The positions of all nodes of a JSON text that is known to be well-formed."""
    positions = Positions()
    open_nodes: list[int] = []
    key: int | None = None

    for kind, offset, _ in _walk(source):
        if kind == "key":
            key = offset
        elif kind == "close":
            positions.close(open_nodes.pop())
        else:
            node = positions.add(offset, key)
            key = None
            if kind == "open":
                open_nodes.append(node)

    return positions


def _walk(source: str) -> Iterator[tuple[Literal["open", "close", "key", "value"], int, str]]:
    """The tokens of a JSON text, each with its offset and what it is."""
    objects: list[bool] = []  # for each open bracket: is it an object
    expects_key = False

    for match in _TOKEN.finditer(source):
        token, offset = match[0], match.start()
        first = token[0]
        if first == '"' and expects_key:
            yield "key", offset, token
            expects_key = False
            continue

        if first in "{[":
            yield "open", offset, token
            objects.append(first == "{")
        elif first in "}]":
            yield "close", offset, token
            objects.pop()
        else:
            yield "value", offset, token

        expects_key = bool(objects) and objects[-1]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    # RFC 8259 §4: readers differ on a repeated name, so one of two definitions would be lost.
    if len(value) != len(pairs):
        raise _RefusedError
    return value


def _refuse(_: str) -> NoReturn:
    raise _RefusedError


# Python takes NaN and Infinity, which JSON does not have (RFC 8259 §6).
_DECODER: Any = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_refuse, parse_float=finite
)


def _scan(source: str, start: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    value, end = _DECODER.scan_once(source, start)
    return value, end


def _parse(source: str) -> JsonValue:
    value: JsonValue = _DECODER.decode(source)
    return value


def _find_fault(source: str, path: str) -> ContractError:
    """Read the text again, slowly, for the place of what was refused."""
    fault_at = partial(faults.fault, path=path, source=source)
    names: list[set[str]] = []
    sizes = [0]
    keys = KeyLengths()

    for kind, offset, token in _walk(source):
        if kind != "key":
            sizes[-1] += kind != "close"
            if sizes[-1] > MAX_WIDTH:
                return ContractError([fault_at(*faults.TOO_WIDE, offset=offset)])

        if kind == "open":
            names.append(set())
            sizes.append(0)
            if len(names) > MAX_DEPTH:
                return ContractError([fault_at(*faults.TOO_DEEP, offset=offset)])
        elif kind == "close":
            names.pop()
            sizes.pop()
        elif found := _token_fault(token):
            return ContractError([fault_at(*found, offset=offset)])
        elif kind == "key":
            name: str = json.loads(token)
            if name in names[-1]:
                return ContractError([fault_at(*faults.duplicate_key(name), offset=offset)])
            if not keys.fit(len(names) - 1, name):
                return ContractError([fault_at(*faults.KEYS_TOO_LONG, offset=offset)])
            names[-1].add(name)

    return ContractError([fault_at(*faults.TOO_MANY_NODES, offset=0)])


def _token_fault(token: str) -> tuple[str, str, str] | None:
    try:
        value = json.loads(token, parse_constant=_refuse, parse_float=finite)
        if isinstance(value, str):
            value.encode("utf-8")
            if len(value) > MAX_TEXT:
                return faults.TEXT_TOO_LONG
    except UnicodeEncodeError:
        return faults.LONE_SURROGATE
    except (NotFiniteError, _RefusedError):
        return faults.NOT_FINITE
    except ValueError:
        return faults.LONG_NUMBER

    return None
