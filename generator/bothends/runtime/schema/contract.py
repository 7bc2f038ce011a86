"""The contract layer: what the contract.json of a package allows, by JSON Schema 2020-12.

Nothing else in this library judges validity. One registry per package; validators are compiled when
first used.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

import jsonschema_rs as rs
from typing_extensions import override

from bothends.runtime.json.pointer import join, split
from bothends.runtime.json.value import is_array, is_deeper, is_object

from .composition import tag_text
from .contract_file import (
    DividedContract,
    WholeContract,
    read_contract,
    where_discriminators_choose,
)
from .explain import Fault, explain
from .formats import FORMATS
from .memo import Memo
from .unique import UniqueItems

if TYPE_CHECKING:
    from bothends.runtime.operation import Api

_URI = "urn:bothends:contract"
_COMPONENTS = ("components", "schemas")
_BACKTRACKS = 100_000
# A value that nests no deeper may well be judged anew at each of its levels.
_SHALLOW = 8

_NOTHING = nullcontext()


@dataclass(frozen=True, slots=True)
class Discriminator:
    """Which Python class a JSON object is of, by one of its properties (OpenAPI 3.1 §4.8.25)."""

    property: str
    values: Mapping[str, str]
    otherwise: str

    def name_of(self, value: dict[str, Any]) -> str:
        """The name of the class of a JSON object; empty where the property does not tell."""
        return self.values.get(tag_text(value.get(self.property)), self.otherwise)


@cache
def load_contract(api: Api) -> Contract:
    """Return the contract of a generated package, read once.

    It judges requests; see `Contract.answers`.
    """
    return read_package_contract(api.package)


@cache
def read_package_contract(package: str) -> Contract:
    """Return the contract of the generated package of a name, read once."""
    contract = Contract(read_contract(package))
    asserted = contract.find_object("/x-assert-formats").get("requests", True)
    return contract if asserted else LenientContract(contract)


class Contract:
    """A normalised contract: OpenAPI 3.1, where only schemas are referred to by `$ref`."""

    _asserts_formats: ClassVar[bool] = True

    def __init__(self, document: dict[str, Any] | WholeContract | DividedContract) -> None:
        self._source = WholeContract(document) if isinstance(document, dict) else document
        self._registry: rs.Registry | None = None
        self._validators: dict[str, rs.Validator] = {}
        self._patterns: dict[str, rs.Validator] = {}
        self._discriminators = _discriminators(self.find_array("/x-discriminators"))
        with_base = [item for item in self._discriminators.values() if item.otherwise]
        self._bases = {item.otherwise: item for item in with_base}
        self._costly: dict[str, int] = self.find_object("/components/x-costly")
        self._memo = Memo(self.find, self._compiled)

    @property
    def document(self) -> dict[str, Any]:
        """The contract as a whole."""
        return self._source.document

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """The Python name of each schema component whose key is another."""
        return self.find_object("/x-names")

    @cached_property
    def _keys(self) -> dict[str, str]:
        """The key of each schema component that has another Python name."""
        return {name: key for key, name in self._renamed.items()}

    @cached_property
    def answers(self) -> Contract:
        """The contract as it judges answers: there, text is not held to its `format`.

        In JSON Schema 2020-12 §7.2.1 a format is an annotation, and vendors use them loosely: a
        `next_page_uri` is a relative path, a `url` is empty. `x-assert-formats: {answers: true}` at
        the root asserts them all the same.
        """
        return self if self._asserts_in_answers() else LenientContract(self)

    def _asserts_in_answers(self) -> bool:
        return self.find_object("/x-assert-formats").get("answers") is True

    @property
    def strict(self) -> Contract:
        """The contract that asserts all formats: values that are made up obey them."""
        return self

    def format_fault(self, _pointer: str, _value: Any) -> Fault | None:
        """Return what only a `format` is against, in a value that is accepted in spite of it."""
        return None

    def node_at(self, pointer: str) -> Any:
        """The node at a pointer; KeyError when there is none."""
        return self._source.at(pointer)

    def find(self, pointer: str) -> Any:
        """The node at a pointer, or None."""
        try:
            return self.node_at(pointer)
        except (KeyError, IndexError, ValueError, TypeError):
            return None

    def find_object(self, pointer: str) -> dict[str, Any]:
        """The object at a pointer, or an empty one."""
        node = self.find(pointer)
        return node if is_object(node) else {}

    def find_array(self, pointer: str) -> list[Any]:
        """The array at a pointer, or an empty one."""
        node = self.find(pointer)
        return node if is_array(node) else []

    def accepts(self, pointer: str, value: Any) -> bool:
        """Whether the schema at `pointer` allows the JSON value."""
        # Unions ask about the same parts at every level: without the memo a deep body is judged in
        # time exponential in its depth.
        if self._memo.knows(value):
            return self._memo.accepts(pointer, value)
        if self.is_costly(pointer, value):
            return not self._memo.errors(pointer, value)
        return self._validator(pointer).is_valid(value)

    def accepts_as_named(self, pointer: str, value: Any) -> bool:
        """Whether the schema allows the value where discriminators choose among alternatives."""
        with self._as_named.judging(value):
            return self._as_named.accepts(pointer, value)

    @cached_property
    def _as_named(self) -> Contract:
        return Contract(where_discriminators_choose(self._source))

    def judging(self, value: Any) -> AbstractContextManager[object]:
        """Open while a value is decoded part by part: each part of a deep value is judged once."""
        if not is_deeper(value, _SHALLOW):
            return _NOTHING

        memos = [self._memo]
        if "_as_named" in self.__dict__:
            memos.append(self._as_named._memo)
        with ExitStack() as opened:
            for memo in memos:
                if not memo.knows(value):
                    opened.enter_context(memo.knowing(value))
            return opened.pop_all()

    def fault(self, pointer: str, value: Any) -> Fault | None:
        """Return the first reason why the schema at `pointer` refuses the value, or None."""
        if self.is_costly(pointer, value):
            return self._deep_fault(pointer, value)

        validator = self._validator(pointer)
        if validator.is_valid(value):
            return None

        # Not `iter_errors`: it makes all errors before it yields the first, and 20,000 wrong items
        # of a long enum took a minute.
        try:
            validator.validate(value)
        except rs.ValidationError as error:
            return explain(error, self)

        return None

    def judge(self, pointer: str, value: Any) -> tuple[Fault | None, Fault | None]:
        """Return what `fault` and `format_fault` do, in one look."""
        return self.fault(pointer, value), None

    def is_costly(self, pointer: str, value: Any) -> bool:
        """Whether the value nests so deeply that the schema's alternatives multiply."""
        limit = self._costly.get(pointer) if self._costly else None
        return limit is not None and is_deeper(value, limit)

    def _deep_fault(self, pointer: str, value: Any) -> Fault | None:
        faults = [explain(error, self) for error in self._memo.errors(pointer, value)]
        if not faults:
            return None
        return Fault(
            "".join(fault.pointer for fault in faults), faults[-1].rule, faults[-1].keyword
        )

    def matches(self, pattern: str, text: str) -> bool:
        """Whether a pattern of the contract is found in the text (JSON Schema 2020-12 §6.4)."""
        if pattern not in self._patterns:
            self._patterns[pattern] = self._compiled({"pattern": pattern})
        return self._patterns[pattern].is_valid(text)

    def component(self, name: str) -> str | None:
        """The pointer of the component schema that the Python class `name` was made from."""
        key = self._keys.get(name, name)
        is_its_name = self._renamed.get(key, key) == name
        return join(*_COMPONENTS, key) if is_its_name and self._source.has_schema(key) else None

    def name_at(self, pointer: str) -> str | None:
        """The name of the Python class that was made from the component schema at a pointer."""
        *place, key = split(pointer) or [""]
        if tuple(place) != _COMPONENTS or not self._source.has_schema(key):
            return None
        return self._renamed.get(key, key)

    def discriminated(self, first: Discriminator, value: dict[str, Any]) -> list[str]:
        """Return the names of the classes that an object is of, each an heir of the one before.

        Empty where no discriminator tells. The class that the first one names may be the base of
        more, which it has its own one for.
        """
        found: list[str] = []
        name = first.name_of(value)
        while name and name not in found:
            found.append(name)
            name = self._bases[name].name_of(value) if name in self._bases else ""
        return found

    def discriminator(self, names: frozenset[str]) -> Discriminator | None:
        """Return the discriminator that chooses among the classes of these names, or None."""
        return self._discriminators.get(names)

    def families(self, names: frozenset[str]) -> list[tuple[frozenset[str], Discriminator]]:
        """Return the largest sets of these classes that have a base with a discriminator."""
        found: list[tuple[frozenset[str], Discriminator]] = []
        for family in sorted(self._discriminators, key=len, reverse=True):
            item = self._discriminators[family]
            if family < names and item.otherwise and not any(family < other for other, _ in found):
                found.append((family, item))
        return found

    def heirs(self, pointer: str) -> dict[str, str]:
        """Return the heirs of a component with a discriminator, by the values that name them."""
        base = self._bases.get(self.name_at(pointer) or "")
        named: Mapping[str, str] = {} if base is None else base.values
        found = {value: self.component(name) for value, name in named.items()}
        return {value: at for value, at in found.items() if at is not None and at != pointer}

    def _validator(self, pointer: str) -> rs.Validator:
        validator = self._validators.get(pointer)
        if validator is None:
            schema = {"$ref": f"{_URI}#{quote(pointer, safe='/~')}"}
            validator = self._validators[pointer] = self._compiled(schema)
        return validator

    def _registry_for(self, schema: dict[str, Any]) -> rs.Registry:
        """One registry for a contract that is in memory; else one of what the schema leads to."""
        if isinstance(self._source, DividedContract):
            return rs.Registry([(_URI, self._source.reached(schema))])
        if self._registry is None:
            self._registry = rs.Registry([(_URI, self._source.document)])
        return self._registry

    def _compiled(
        self, schema: dict[str, Any], keywords: dict[str, Any] | None = None
    ) -> rs.Validator:
        registry = self._registry_for(schema)
        checkers: dict[str, Any] = {"uniqueItems": UniqueItems, **(keywords or {})}

        def compiled(options: rs.RegexOptions | rs.FancyRegexOptions) -> rs.Validator:
            return rs.Draft202012Validator(
                schema,
                registry=registry,
                formats=FORMATS,
                validate_formats=self._asserts_formats,
                # A `$ref` to a URL must never make a server fetch it.
                offline=True,
                pattern_options=options,
                keywords=checkers,
            )

        try:
            return compiled(rs.RegexOptions())
        # A pattern with lookaround needs the backtracking engine, and a limit: patterns come from
        # the
        # contract, and an evil one takes exponential time.
        except rs.ValidationError:
            return compiled(rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS))


def _discriminators(items: list[Any]) -> dict[frozenset[str], Discriminator]:
    found: dict[frozenset[str], Discriminator] = {}
    # Reversed, so that of equal sets of members the first in the contract is kept.
    for item in reversed(items):
        discriminator = Discriminator(item["property"], item["values"], item.get("otherwise", ""))
        found[frozenset(item["members"])] = discriminator
    return found


class LenientContract(Contract):
    """A contract whose text formats are annotations: it allows values with or without them.

    Not only without: of `oneOf: [{format: date}, {format: date-time}]` a date fits both when
    formats say nothing.
    """

    _asserts_formats: ClassVar[bool] = False

    def __init__(self, strict: Contract) -> None:
        super().__init__(strict._source)
        self._strict = strict

    @property
    @override
    def strict(self) -> Contract:
        return self._strict

    @cached_property
    @override
    def answers(self) -> Contract:
        return self._strict if self._asserts_in_answers() else self

    @override
    def accepts(self, pointer: str, value: Any) -> bool:
        return self._strict.accepts(pointer, value) or super().accepts(pointer, value)

    @override
    def fault(self, pointer: str, value: Any) -> Fault | None:
        if self._strict.accepts(pointer, value):
            return None
        return super().fault(pointer, value)

    @override
    def judge(self, pointer: str, value: Any) -> tuple[Fault | None, Fault | None]:
        if self._strict.accepts(pointer, value):
            return None, None

        fault = super().fault(pointer, value)
        return fault, self._strict.fault(pointer, value) if fault is None else None

    @override
    def format_fault(self, pointer: str, value: Any) -> Fault | None:
        fault = self._strict.fault(pointer, value)
        return fault if fault is not None and super().fault(pointer, value) is None else None
