"""Check that schemas allow their examples and defaults (OpenAPI 3.1 §4.8.14, §4.8.19).

Reads the normalised contract, so there is one dialect; the findings stand in the text that the
person wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NoReturn
from urllib.parse import quote

import jsonschema_rs

from bothends.counted import counted
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import explain
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import Problem
from bothends.openapi.schema_cost import MOST, SchemaCost
from bothends.runtime.schema import contract as runtime

_CONTRACT: Final = "urn:contract"
_KEPT_VALIDATORS: Final = 64
# Characters of JSON: of one example, and of all of a contract.
_LONGEST_EXPLAINED: Final = 2_000
_MOST_EXPLAINED: Final = 20_000
# Each is a finding with a line of its own: 400,000 of them, 7 MB, took half a minute.
_MOST_WRONG: Final = 2_000
# Only for these is an example the value itself; for others (XML, CSV) it is text that stands for
# the value.
_IS_DATA = re.compile(
    r"application/([\w.+-]+\+)?json\b|text/json\b|\*/\*|application/x-www-form-urlencoded|multipart/",
    re.IGNORECASE,
)


def check_examples(contract: Contract, judge: ValueJudge) -> Iterator[Problem]:
    """Every example of a media type, parameter, header or schema that its schema rejects."""
    for node in contract.nodes("parameter", "header"):
        yield from _described(contract, judge, node)

    for node in contract.nodes("media type"):
        media_type = split(node.pointer)[-1]
        if _IS_DATA.match(media_type):
            yield from _described(contract, judge, node)

    for node in contract.written_schemas():
        for pointer, value in _schema_examples(node):
            yield from _in_any_direction(contract, judge, node.pointer, pointer, value)


def check_defaults(contract: Contract, judge: ValueJudge) -> Iterator[Problem]:
    """Every default that its schema rejects."""
    for node in contract.written_schemas():
        if "default" in node.value:
            pointer = below(node.pointer, "default")
            yield from _in_any_direction(
                contract, judge, node.pointer, pointer, node.value["default"]
            )


def check_empty_bodies(contract: Contract, judge: ValueJudge) -> Iterator[Problem]:
    """Every `x-empty-body` that the reply could not have sent in full either."""
    for node in contract.nodes("response"):
        if "x-empty-body" not in node.value:
            continue

        pointer = below(node.pointer, "x-empty-body")
        schemas: list[str] = []
        for media_type, media in as_object(node.value.get("content")).items():
            if "schema" in as_object(media):
                schemas.append(below(node.pointer, "content", media_type, "schema"))

        if not schemas:
            yield Problem(
                pointer,
                "This reply has no schema, so there is nothing that no body could stand for.",
                key=True,
            )

        for schema in schemas:
            yield from judge.problems(schema, pointer, node.value["x-empty-body"])


class ValueJudge:
    """Validates values against schemas of the contract, found by their pointers.

    Fetches nothing.
    """

    def __init__(self, contract: Contract) -> None:
        self._registry = jsonschema_rs.Registry(
            [(_CONTRACT, contract.document.data)], retriever=_refuse
        )
        # The values of one schema stand together; all validators at once took 250 MB for 1,200
        # operations.
        self._validator = lru_cache(_KEPT_VALIDATORS)(self._compile)
        self._loose: list[Problem] = []
        self._explained = 0
        self.wrong = 0
        """How many values were told to be wrong."""
        self._unjudged: list[str] = []
        self._expansion = SchemaCost(contract.document)
        self._deep = runtime.Contract(contract.document.data)

    def problems(self, schema: str, pointer: str, value: Any) -> Iterator[Problem]:
        """What the schema at one pointer says against a value that stands at the other."""
        if self.wrong >= _MOST_WRONG:
            self._unjudged.append(pointer)
            return

        if self._expansion.count(schema) > MOST:
            return  # judging would not end, and the rule `alternatives-multiply` says so

        validator = self._validator(schema, formats=True)
        if validator is not None and self._deep.is_costly(schema, value):
            if fault := self._deep.fault(schema, value):
                self.wrong += 1
                yield Problem(pointer, f"This is not what its schema allows: {fault}.")
            return

        if validator is None or validator.is_valid(value):
            return

        lenient = self._validator(schema, formats=False)
        if "/requestBody/" not in schema and "/parameters/" not in schema:
            # Vendors use formats loosely, and an answer with such a text is sent and read all the
            # same.
            if lenient is not None and lenient.is_valid(value):
                self._loose += explain(_first_error(validator, value), pointer, is_data=True)[:1]
                return

        self.wrong += 1
        hint = _hint(value) or "Correct whichever of the two is wrong: the value, or its schema."
        for problem in explain(self._errors(validator, value), pointer, is_data=True):
            yield Problem(problem.pointer, problem.message, problem.hint or hint, problem.key)

    def _errors(
        self, validator: jsonschema_rs.Validator, value: Any
    ) -> Iterable[jsonschema_rs.ValidationError]:
        """All errors of a value; the first one, once many have been told.

        Each item is judged by each alternative, and all errors are made at once.
        """
        length = len(json.dumps(value))
        if length > _LONGEST_EXPLAINED or self._explained > _MOST_EXPLAINED:
            return _first_error(validator, value)

        self._explained += length
        return validator.iter_errors(value)

    def loose(self) -> Iterator[Problem]:
        """Return one problem for all values so far that lack the `format` of their schemas."""
        if not self._loose:
            return

        count = len(self._loose)
        first = self._loose[0]
        more = f" The same is true of {counted(count - 1, 'more example')}." if count > 1 else ""
        hint = f"{first.hint} It is used all the same: in answers a format is an annotation."
        yield Problem(first.pointer, f"{first.message}{more}", hint.strip())

    def unjudged(self) -> Iterator[Problem]:
        """Return one problem for all values that came after too many wrong ones."""
        if self._unjudged:
            yield Problem(
                self._unjudged[0],
                f"From here on examples and defaults are not looked at, {len(self._unjudged)} in "
                f"all: {self.wrong} before them are not what their schemas allow.",
                "Correct those first, or what their schemas say.",
            )

    def _compile(self, schema: str, *, formats: bool) -> jsonschema_rs.Validator | None:
        # By reference, not by value: subschemas keep their place, and one registry serves all
        # validators.
        reference = f"{_CONTRACT}#{quote(schema)}"
        try:
            return jsonschema_rs.Draft202012Validator(
                {"$ref": reference}, registry=self._registry, offline=True, validate_formats=formats
            )
        except ValueError:
            # The schema itself is broken (say, its pattern), and other findings say so.
            return None


def _first_error(
    validator: jsonschema_rs.Validator, value: Any
) -> Iterator[jsonschema_rs.ValidationError]:
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        yield error


def _refuse(uri: str) -> NoReturn:
    raise ValueError(f"not fetched: {uri}")


def _described(contract: Contract, judge: ValueJudge, node: Node) -> Iterator[Problem]:
    if "schema" not in node.value:
        return

    schema = below(node.pointer, "schema")
    if "example" in node.value:
        yield from judge.problems(schema, below(node.pointer, "example"), node.value["example"])

    for name, declared in as_object(node.value.get("examples")).items():
        example, pointer = contract.resolve(declared, below(node.pointer, "examples", name))
        if "value" in example:
            yield from judge.problems(schema, below(pointer, "value"), example["value"])


def _in_any_direction(
    contract: Contract, judge: ValueJudge, schema: str, pointer: str, value: Any
) -> Iterator[Problem]:
    """The problems of a value of a component: none where requests or replies may have it.

    In OpenAPI 3.0 the two differ (3.0.4 §4.7.24.2), and a component has one example for both.
    """
    wrong_before = judge.wrong
    problems = list(judge.problems(schema, pointer, value))
    variant = contract.request_variant(schema) if problems else ""
    # A component has one example for both directions, mostly that of a reply.
    if variant and not any(True for _ in judge.problems(variant, pointer, value)):
        judge.wrong = wrong_before
        return
    yield from problems


def _schema_examples(node: Node) -> Iterator[tuple[str, Any]]:
    if "example" in node.value:
        yield below(node.pointer, "example"), node.value["example"]
    for index, value in enumerate(as_array(node.value.get("examples"))):
        yield below(node.pointer, "examples", index), value


def _hint(value: Any) -> str:
    """For the commonest mistake: the example is the JSON as one text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            json.loads(value)
        except ValueError:
            return ""
        return "The example is text that holds JSON; write the data itself."

    return ""
