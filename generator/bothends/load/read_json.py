"""JSON text to data, strictly. Positions are searched only when one is needed.

Example: `{"a": 1, "a": 2}`. The quick parser counts two pairs and one member, and stops. The slow
reader walks the tokens, and finds the second `"a"` at offset 9: the finding is there, and the data
is `{"a": 1}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Literal, NoReturn

from bothends.diagnostics import ContractError, Finding
from bothends.load import faults
from bothends.load.document import SourceMap
from bothends.load.json_places import JsonPlaces, skip_space
from bothends.load.json_syntax import syntax_fault
from bothends.load.limits import Extent, is_within_limits
from bothends.load.positions import Positions
from bothends.load.scalars import NotFiniteError, finite
from bothends.load.tree import StopReadingError, Tree
from bothends.openapi.json_value import JsonValue

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s:,"{}\[\]]+')
_REPEATED_DEPTH = 3
"""The keys that lead to an operation or a component: what two versions of a contract share."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonSyntaxError(ContractError):
    """The text is not JSON; it may still be YAML."""


class _RefusedError(ValueError):
    """The JSON is well-formed and has a value that we refuse; the slow reader finds its place."""


def read_json(
    source: str, path: str, repeated: RepeatedParts | None = None
) -> tuple[JsonValue, SourceMap, tuple[Finding, ...]]:
    """The data of a JSON text, the map of its places, and what is wrong in one place.

    What is wrong in one place is not in the data: a value that JSON has not, or the second of two
    members with one name.

    Raises:
        ContractError: The text is no JSON, or reaches a limit.
    """
    try:
        if repeated is None:
            data = _parse(source)
            is_small = is_within_limits(data)
        else:
            data = repeated.read(source)
            is_small = repeated.is_within_limits(data)
        if not is_small:
            raise _RefusedError
        # `json` reads a lone surrogate; no UTF-8 file of the output could hold it.
        if _SURROGATE.search(source):
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise _syntax_error(error, source, path) from error
    except (ValueError, RecursionError):
        return _read_slowly(source, path)

    # Places cost a second reading, which is spared where none is asked for.
    return data, SourceMap(source, data, partial(JsonPlaces, source, find_positions)), ()


class RepeatedParts:
    """Reads JSON texts that repeat most of each other: two versions of one contract.

    What lies at the same keys in the same characters is parsed once, and is one object in the data
    of all texts. Two versions of 13 MB are read in the time of one.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[str, Any]] = {}
        self._extent = Extent()

    def is_within_limits(self, data: JsonValue) -> bool:
        """Whether what was read last is within all limits; what it repeats is not counted again."""
        if not self._extent.add(data):
            # All texts together may reach a limit that none of them does.
            self._extent = Extent()
            if not self._extent.add(data):
                return False

        self._extent.note_counted(value for _, value in self._known.values())
        return True

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


# Numbers of any length, and what is no number of JSON, are looked at one by one.
_SYNTAX = json.JSONDecoder(parse_constant=str, parse_float=str, parse_int=str)


def _scan(source: str, start: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    value, end = _DECODER.scan_once(source, start)
    return value, end


def _parse(source: str) -> JsonValue:
    value: JsonValue = _DECODER.decode(source)
    return value


def _syntax_error(error: json.JSONDecodeError, source: str, path: str) -> JsonSyntaxError:
    fault, offset = syntax_fault(error, source)
    return JsonSyntaxError([faults.fault(*fault, path=path, source=source, offset=offset)])


def _read_slowly(source: str, path: str) -> tuple[JsonValue, SourceMap, tuple[Finding, ...]]:
    """Read a text again token by token, for the places of what was refused."""
    tree = Tree(source, path)
    try:
        # What was refused may stand before what is no JSON.
        _SYNTAX.decode(source)
    except json.JSONDecodeError as error:
        raise _syntax_error(error, source, path) from error
    except RecursionError:
        pass  # `json` recurses, and a text of brackets alone ends it: it is too deep for us too

    try:
        for kind, offset, text in _walk(source):
            if kind == "open":
                tree.open({} if text == "{" else [], offset)
            elif kind == "close":
                tree.close()
            elif kind == "key":
                _read_key(tree, text, offset)
            else:
                _read_scalar(tree, text, offset)
    except StopReadingError:
        raise tree.error() from None

    positions = tree.positions
    return tree.root, SourceMap(source, tree.root, lambda: positions), tuple(tree.findings)


def _read_key(tree: Tree, text: str, offset: int) -> None:
    key: str = json.loads(text)
    readable = key.encode("utf-8", "replace").decode("utf-8")
    tree.add_key(readable, offset)
    if readable != key:
        tree.report(faults.LONE_SURROGATE, offset)


def _read_scalar(tree: Tree, text: str, offset: int) -> None:
    value: JsonValue = None
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=finite)
        if isinstance(value, str):
            value.encode("utf-8")
    except UnicodeEncodeError:
        tree.report(faults.LONE_SURROGATE, offset)
    except (NotFiniteError, _RefusedError):
        tree.report(faults.NOT_FINITE, offset)
    except ValueError:
        tree.report(faults.LONG_NUMBER, offset)

    tree.add_scalar(value, offset)
