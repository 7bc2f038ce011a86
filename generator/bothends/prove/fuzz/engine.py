"""Prepare schemathesis: the document it reads, its media types, compressed bodies."""

from __future__ import annotations

import contextlib
import copy
import gzip
import re
from collections.abc import Generator, Iterable
from itertools import chain
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import config as schemathesis_config
from schemathesis import hooks, openapi
from schemathesis.specs.openapi.stateful import dependencies

from bothends.openapi.header_names import IGNORED_HEADERS
from bothends.prove.evidence.budget import Budget
from bothends.prove.evidence.guard import reason_of
from bothends.prove.fuzz.labels import KNOWN_METHODS, label_of, plain_name, plain_path
from bothends.prove.fuzz.parts import register_parts
from bothends.prove.fuzz.settings import contract, settings
from bothends.prove.fuzz.verdict_filter import VerdictFilter
from bothends.prove.fuzz.xml_text import register_xml
from bothends.prove.target.subject import Subject
from bothends.runtime.json.value import is_object
from bothends.runtime.media import body_media
from bothends.runtime.media.multipart.part_object import MultipartCodec
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.media.yaml import YamlCodec
from bothends.runtime.operation import Operation
from bothends.runtime.schema.contract import load_contract

# As untyped modules, because many of their generics are without arguments.
_api: Any = schemathesis
_hooks: Any = hooks
_openapi: Any = openapi
_config: Any = schemathesis_config
_dependencies: Any = dependencies


def load_schema(
    subject: Subject,
    operations: tuple[Operation[Any], ...],
    budget: Budget,
    verdicts: VerdictFilter,
    unguarded: frozenset[str],
) -> Any:
    """The contract as schemathesis reads it, limited to some operations, with our hooks in it."""
    document = _without_refused(
        contract(subject.package.api, ours=subject.ours), subject.package.operations
    )
    document = _without_message_headers(document)
    if subject.known_ids.by_path:
        document = _with_known_ids(document, subject)
    content = settings(subject, operations, budget.seed, budget.max_examples, unguarded)
    config = _config.SchemathesisConfig.from_dict(content)
    # An operation whose media type has no strategy stops the whole run of schemathesis.
    _register_bytes(operations)
    register_xml(operations)
    register_parts(operations)

    schema: Any = _openapi.from_dict(document, config=config)
    schema.hooks.register_hook_with_name(verdicts.filter_failure, "filter_failure")
    schema.hooks.register_hook_with_name(verdicts.filter_headers, "filter_headers")
    # The others stay in the document: links and `Allow` refer to them.
    # A request that must have a query string in a media type is none that schemathesis can write.
    labels = set[str]()
    for entry in operations:
        query_strings = [each for each in entry.parameters if each.location == "querystring"]
        if not any(each.required for each in query_strings):
            labels.add(label_of(entry))

    def is_left_out(context: Any) -> bool:
        return context.operation.label not in labels

    # Not `include`: beside the settings of single operations it would let all others pass as well.
    return schema.exclude(func=is_left_out)


def leave_dependencies_unread(schema: Any) -> str:
    """Give the schema an empty graph of dependencies where schemathesis cannot build it.

    It reads which operation takes what another returns, to order them and to make up links. A
    schema that it cannot read, such as `anyOf: [{type: [string, 'null']}]` in a response, would end
    the run of all operations.

    Returns:
        Why it could not be built; empty where it could.
    """
    try:
        schema.analysis.dependency_graph  # noqa: B018 (a property that builds it)
    except Exception as error:  # noqa: BLE001 (whatever it raises)
        schema.analysis._dependency_graph = _dependencies.DependencyGraph(
            operations={}, resources={}
        )
        return reason_of(error)
    return ""


def _register_bytes(operations: Iterable[Operation[Any]]) -> None:
    """Register the media types that the fuzzer has no values for: any bytes are one."""
    operations = tuple(operations)
    codecs = list(chain.from_iterable(map(body_media, operations)))
    read = {codec.media_type for codec in codecs if isinstance(codec, XmlCodec | YamlCodec)}
    for codec in codecs:
        if isinstance(codec, MultipartCodec):
            read |= set(codec.text_types.values())

    for operation in operations:
        content = load_contract(operation.api).find_object(
            f"{operation.pointer}/requestBody/content"
        )
        parts = (part for node in content.values() for part in node.get("encoding", {}).values())

        types = {name.strip() for part in parts for name in part.get("contentType", "").split(",")}
        for name in sorted({*types, *content} - read):
            if re.fullmatch(
                r"(?:application|audio|font|image|model|video)/[\w.-]+", name
            ) and not name.endswith(("json", "form-urlencoded", "octet-stream")):
                _openapi.media_type(name, st.binary(max_size=100))


def _without_refused(
    document: dict[str, Any], operations: tuple[Operation[Any], ...]
) -> dict[str, Any]:
    """Remove the operations that were not generated: the server's `Allow` omits them."""
    existing = {(operation.path, operation.method.lower()) for operation in operations}
    # A path item has other keys too, such as `parameters`, which must stay.
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        left_out = {word for word in KNOWN_METHODS if (path, word) not in existing}
        remaining = {word: node for word, node in item.items() if word not in left_out}
        paths[plain_path(path)] = (
            _with_plain_names(remaining) if plain_path(path) != path else remaining
        )
    return {**document, "paths": paths}


def _without_message_headers(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out the header parameters that are none, for the fuzzer expects their refusal.

    Of those that its HTTP library adds to each request, none is required: it cannot omit them.
    """
    added = ("accept-encoding", "user-agent")
    changed = copy.deepcopy(document)
    for item in changed["paths"].values():
        for node in (item, *(entry for entry in item.values() if is_object(entry))):
            kept: list[Any] = []
            for parameter in node.get("parameters", []):
                name = str(parameter.get("name")).lower() if parameter.get("in") == "header" else ""
                # Schemathesis reads the contract as 3.1, which has no such place.
                is_known = parameter.get("in") != "querystring"
                if name not in IGNORED_HEADERS and is_known:
                    kept.append({**parameter, "required": False} if name in added else parameter)
            if "parameters" in node:
                node["parameters"] = kept
    return changed


def _with_plain_names(item: dict[str, Any]) -> dict[str, Any]:
    """A path item whose path parameters have names that schemathesis can fill."""
    changed: dict[str, Any] = copy.deepcopy(item)
    for node in [changed, *(entry for entry in changed.values() if is_object(entry))]:
        for parameter in node.get("parameters", []):
            if parameter.get("in") == "path":
                parameter["name"] = plain_name(parameter["name"])
    return changed


def _with_known_ids(document: dict[str, Any], subject: Subject) -> dict[str, Any]:
    """Put ids from the server's own answers into the examples of path parameters."""
    changed = copy.deepcopy(document)
    for operation in subject.package.operations:
        existing = subject.known_ids.values(operation)
        item = changed["paths"].get(plain_path(operation.path), {})
        node = item.get(operation.method.lower(), {})
        for parameter in (*item.get("parameters", []), *node.get("parameters", [])):
            if parameter.get("in") == "path" and parameter.get("name") in existing:
                parameter.pop("example", None)
                parameter["examples"] = _examples(parameter, existing[parameter["name"]])
    return changed


def _examples(parameter: dict[str, Any], known_id: Any) -> dict[str, Any]:
    """A known id, and one of no thing: schemathesis makes up none where there are examples."""
    schema = parameter.get("schema", {})
    is_number = "integer" in str(schema.get("type", "")) if is_object(schema) else False
    return {"known": {"value": known_id}, "unknown": {"value": 0 if is_number else "0"}}


class _Gzip:
    """Compresses what a request says is compressed.

    As `auth`, for that is what acts last on a prepared request.
    """

    def __call__(self, request: Any) -> Any:
        if request.body:
            data = request.body.encode() if isinstance(request.body, str) else request.body
            request.body = gzip.compress(data, mtime=0)
        return request


@contextlib.contextmanager
def compressed() -> Generator[None]:
    """Compress the body of a case that declares gzip; an honest server would refuse it."""

    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 (a hook's signature)
        by_name = {name.lower(): str(value) for name, value in case.headers.items()}
        coding = by_name.get("content-encoding", "")
        if coding.strip().lower() in ("gzip", "x-gzip"):
            kwargs["auth"] = _Gzip()

    _api.hook(before_call)
    try:
        yield
    finally:
        _hooks.unregister(before_call)
