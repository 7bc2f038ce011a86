"""Count how many different values kept and broke each schema keyword.

Counted in requests and in replies apart: parameters, headers and bodies of every media type that
has JSON values.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import jsonschema_rs as rs

from bothends.prove.evidence.record import REPLY, REQUEST, Evidence, Sides
from bothends.prove.oracle.requests import sent_in
from bothends.prove.wire.message import Answer
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import read_json, write_json
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media import MediaCodec, MediaError, body_media, choose, reply_media
from bothends.runtime.media.form import FormCodec
from bothends.runtime.media.multipart.part_list import PartListCodec
from bothends.runtime.media.multipart.part_object import MultipartCodec
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import Api, Operation, documented
from bothends.runtime.parameters.parameter import (
    ParameterCodec,
    ParameterError,
    header_codec,
    parameter_codecs,
)
from bothends.runtime.parameters.styled import Wire
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.formats import FORMATS
from bothends.runtime.schema.sample.scalar import FORMATS_OF_TEXT
from bothends.runtime.transfer.file import File

_CONCERN = {
    **dict.fromkeys(("type", "enum", "const"), ""),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), "string"),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(("minProperties", "maxProperties", "required"), "object"),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"
    ),
}
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "array": (list,),
    "object": (dict,),
    "number": (int, float),
}
# What no value can break: `int32` is held by bounds, and nobody knows `format: money`.
_JUDGED_FORMATS = FORMATS_OF_TEXT - {"password"}
_NOTHING = frozenset[str]()
# A parameter and a form carry texts, in lists and objects; a part may also be JSON, of any type.
_TEXT = frozenset({"string", "array", "object"})
_PATH = _TEXT | {"not empty"}  # a segment of a path is there, or another operation is asked
_PARTS = frozenset({"string", "object"})
_PARTS_OF, _CHOICES = ("allOf",), ("anyOf", "oneOf")
_BRANCHES = (*_PARTS_OF, *_CHOICES)
_ANNOTATIONS = {"title", "description", "default", "example", "examples", "deprecated"} | {
    *("externalDocs", "readOnly", "writeOnly", "xml", "$comment")
}
_WIDE = 30  # of a long array the first items will do
_DEEP = 40
_MOST_VALUES = 500_000  # some 100 MB; values that come back after so many others count again


class KeywordCount:
    """Counts for the requests and replies of a package.

    Every keyword of the operations is in it, met or not.
    """

    def __init__(
        self,
        api: Api,
        operations: Iterable[Operation[Any]],
        prefix: str,
        evidence: Evidence,
    ) -> None:
        """`prefix` is the path that the server's address has."""
        self.package, self.prefix, self.counts = api.name, prefix, evidence.keywords
        self.contract = load_contract(api)
        self._known: dict[str, _Schema | None] = {}
        # A stand-in answers thousands of times with what differs by an id alone, and alternatives
        # lead to the same parts at every level: each is walked and judged once for an operation, so
        # that the parts of a split run have the counts of the whole.
        self._walked: set[tuple[str, str, str, bytes]] = set()
        self._operation = ""

        every, breakable = set[tuple[str, str]](), set[tuple[str, str]]()
        for operation in operations:
            for side, pointer, kept in _schemas(operation):
                for location in self._keywords(pointer, set()):
                    every.add((side, location))
                    if not self._is_kept_anyway(location, kept):
                        breakable.add((side, location))

        self._unbreakable = every - breakable
        for side, location in sorted(breakable):
            self.counts.setdefault((self.package, side, location), Sides())

    def take(
        self,
        operation: Operation[Any],
        url: str,
        headers: dict[str, str],
        body: bytes,
        answer: Answer,
    ) -> None:
        """Count one exchange; headers by lower-case name."""
        self._operation = operation.id
        sent = sent_in(operation, url, headers, self.prefix)
        wire = Wire()
        if sent is not None:
            wire = Wire(sent.path, sent.query, sent.headers, sent.cookies, sent.query_string)
        for parameter, codec in parameter_codecs(operation) if sent is not None else ():
            is_there = self._take_text(REQUEST, codec, wire)
            # The template of a path has a place for each of its parameters: none can be left out.
            if parameter.required and parameter.location != "path":
                self._note(REQUEST, codec.pointer.removesuffix("/schema") + "/required", is_there)

        self._take_body(REQUEST, body_media(operation), headers.get("content-type", ""), body)
        key = documented(answer.status, operation.replies)
        if key is None:
            return

        for header in operation.replies[key].headers:
            if header.wire_name.lower() != "content-type":
                codec = header_codec(operation, key, header)
                self._take_text(
                    REPLY,
                    codec,
                    Wire(headers={header.wire_name.lower(): answer.values(header.wire_name)}),
                )

        content_type = next(iter(answer.values("content-type")), "")
        self._take_body(REPLY, reply_media(operation, key), content_type, answer.body)

    def _take_text(self, side: str, codec: ParameterCodec, wire: Wire) -> bool:
        """Count a parameter or header; whether it is there."""
        try:
            candidates = codec.candidates(wire)
        except (KeyError, ParameterError):
            return True

        accepted = [value for value in candidates if self.contract.accepts(codec.pointer, value)]
        for value in [*accepted, *candidates][:1]:
            self._count_value(side, codec.pointer, value)

        return bool(candidates)

    def _take_body(
        self, side: str, codecs: tuple[MediaCodec, ...], content_type: str, data: bytes
    ) -> None:
        media = parse_content_type(content_type)
        codec = choose(codecs, media) if media else None
        if media is None or codec is None or not (data or codec.may_be_blank):
            return

        if self._was_walked(side, codec.schema, content_type.encode() + data):
            return

        try:
            value = codec.read(data, media)
        except MediaError:
            return
        for item in value[:_WIDE] if codec.is_stream else [value]:
            self._count_value(side, codec.schema, item)

    def _was_walked(self, side: str, pointer: str, text: bytes) -> bool:
        """Whether the operation has met the text of a value at a schema; it has from now on."""
        key = self._operation, side, pointer, blake2b(text, digest_size=16).digest()
        if key in self._walked:
            return True

        if len(self._walked) >= _MOST_VALUES:
            self._walked.clear()
        self._walked.add(key)
        return False

    def _count_value(self, side: str, pointer: str, value: Any) -> None:
        value = _without_files(value)
        with self.contract.judging(value):
            self._walk(side, pointer, value, _DEEP)

    def _walk(self, side: str, pointer: str, value: Any, depth: int) -> None:
        if is_object(value) or is_array(value):
            if self._was_walked(side, pointer, _text_of(value)):
                return

        # Thousands of values meet the same schema: it is taken apart once.
        if pointer not in self._known:
            node = self.contract.find(pointer)
            self._known[pointer] = _taken_apart(pointer, node) if is_object(node) else None
        schema = self._known[pointer]
        if schema is None or not depth:
            return

        if "$ref" in schema.node:
            self._walk(side, schema.node["$ref"].removeprefix("#"), value, depth - 1)

        for keyword in schema.keywords:
            remaining = keyword.keeps(value)
            if remaining is not None:
                self._note(side, keyword.location, remaining)

        for branch in schema.parts:
            self._note(side, branch, self._accepts(branch, value))
            self._walk(side, branch, value, depth - 1)

        fitting = [branch for branch in schema.alternatives if self._accepts(branch, value)]
        for branch in schema.alternatives:
            self._note(side, branch, branch in fitting)
            # Of alternatives that nothing fits, each keyword that was broken is one that counts.
            if branch in fitting or not fitting:
                self._walk(side, branch, value, depth - 1)

        self._walk_children(side, pointer, schema.node, value, depth)

    def _walk_children(
        self, side: str, pointer: str, schema: dict[str, Any], value: Any, depth: int
    ) -> None:
        if is_object(value):
            properties = schema.get("properties", {})
            for name in properties.keys() & value.keys():
                self._walk(side, pointer + join("properties", name), value[name], depth - 1)

            others = [name for name in value if name not in properties]
            if schema.get("additionalProperties") is False:
                self._note(side, f"{pointer}/additionalProperties", not others)
            elif "additionalProperties" in schema:
                for name in others[:_WIDE]:
                    self._walk(side, f"{pointer}/additionalProperties", value[name], depth - 1)
        elif is_array(value) and "items" in schema:
            for item in value[:_WIDE]:
                self._walk(side, f"{pointer}/items", item, depth - 1)

    def _keywords(self, pointer: str, seen: set[str]) -> Iterator[str]:
        """The places of all keywords that a value at a schema can meet."""
        schema = self.contract.find(pointer)
        if pointer in seen or not is_object(schema):
            return

        seen.add(pointer)
        yield from (f"{pointer}/{word}" for word in _judging(schema))
        branches = list(_branches(pointer, schema, _BRANCHES))
        yield from branches
        if schema.get("additionalProperties") is False:
            yield f"{pointer}/additionalProperties"

        words = ("items", "additionalProperties")
        inner = [f"{pointer}/{word}" for word in words if word in schema]
        inner += [pointer + join("properties", name) for name in schema.get("properties", {})]
        inner += [schema["$ref"].removeprefix("#")] if "$ref" in schema else []
        for entry in (*branches, *inner):
            yield from self._keywords(entry, seen)

    def _accepts(self, pointer: str, value: Any) -> bool:
        try:
            return self.contract.accepts(pointer, value)
        except ValueError:
            return True  # half of a surrogate pair, which no text on the wire has

    def _is_kept_anyway(self, location: str, kept: frozenset[str]) -> bool:
        """Whether whatever comes over the wire keeps a keyword, such as a text `type: string`."""
        if location.endswith("/minLength"):
            return "not empty" in kept and bool(self.contract.find(location) == 1)
        if location.rsplit("/", 2)[1] in _BRANCHES:
            # `allOf: [{$ref: …}, {description: …}]`: of the second no value breaks anything.
            branch = self.contract.find(location)
            return is_object(branch) and branch.keys() <= _ANNOTATIONS
        if not kept or not location.endswith("/type"):
            return False
        types = self.contract.find(location)
        return not kept.isdisjoint(types if is_array(types) else [types])

    def _note(self, side: str, location: str, is_kept: bool) -> None:
        if (side, location) in self._unbreakable:
            return

        sides = self.counts.setdefault((self.package, side, location), Sides())
        sides.kept += is_kept
        sides.broken += not is_kept


def _schemas(operation: Operation[Any]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Where the schemas of an operation stand: side, pointer, and types that cannot be broken.

    A reply may break nothing, so what carries it does not matter.
    """
    for parameter, codec in parameter_codecs(operation):
        written = _PATH if parameter.location == "path" else _TEXT
        yield REQUEST, codec.pointer, _NOTHING if codec.is_content else written
    for medium in body_media(operation):
        kept = _TEXT if isinstance(medium, FormCodec) else _NOTHING
        yield (
            REQUEST,
            medium.schema,
            _PARTS if isinstance(medium, MultipartCodec | PartListCodec) else kept,
        )

    for key, reply in operation.replies.items():
        yield from ((REPLY, codec.schema, _NOTHING) for codec in reply_media(operation, key))
        for header in reply.headers:
            yield REPLY, header_codec(operation, key, header).pointer, _NOTHING


def _branches(pointer: str, schema: dict[str, Any], words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield from (f"{pointer}/{word}/{index}" for index in range(len(schema.get(word, ()))))


def _judging(schema: dict[str, Any]) -> list[str]:
    """The keywords of a schema that judge a value by themselves."""
    judging = [word for word in _CONCERN if word in schema]
    if "format" in judging and schema["format"] not in _JUDGED_FORMATS:
        judging.remove("format")
    return judging


def _without_files(value: Any) -> Any:
    """A value with the text of each file in its place: a byte counts as a character."""
    if isinstance(value, File):
        return value.content.decode("latin-1")
    if is_object(value):
        return {name: _without_files(member) for name, member in value.items()}
    return [_without_files(item) for item in value] if is_array(value) else value


def _text_of(value: Any) -> bytes:
    """A text that only equal values have."""
    try:
        return write_json(value)
    except ValueError:  # half of a surrogate pair
        return pickle.dumps(value)


@dataclass(frozen=True, slots=True)
class _Keyword:
    """One keyword of a schema: where it stands, whom it concerns (all: none), and its judge."""

    location: str
    kinds: tuple[type, ...]
    validator: rs.Validator

    def keeps(self, value: Any) -> bool | None:
        """Whether a value keeps the keyword; None when it does not concern the value."""
        if self.kinds and (not isinstance(value, self.kinds) or isinstance(value, bool)):
            return None
        try:
            return self.validator.is_valid(value)
        except (TypeError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class _Schema:
    """A schema, its keywords that judge a value by themselves, and its alternatives."""

    node: dict[str, Any]
    keywords: tuple[_Keyword, ...]
    parts: tuple[str, ...]
    alternatives: tuple[str, ...]


def _taken_apart(pointer: str, node: dict[str, Any]) -> _Schema:
    keywords: list[_Keyword] = []
    for word in _judging(node):
        kind = _CONCERN[word]
        try:
            validator = _validator(write_json({word: node[word]}).decode())
        except (TypeError, ValueError):
            continue
        keywords.append(_Keyword(f"{pointer}/{word}", _KINDS[kind] if kind else (), validator))

    parts, alternatives = (
        tuple(_branches(pointer, node, words)) for words in (_PARTS_OF, _CHOICES)
    )
    return _Schema(node, tuple(keywords), parts, alternatives)


@cache
def _validator(schema: str) -> rs.Validator:
    return rs.Draft202012Validator(
        read_json(schema.encode()), formats=FORMATS, validate_formats=True, offline=True
    )
