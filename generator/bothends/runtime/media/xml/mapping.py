"""How the values of a schema are written in XML, by OpenAPI's `xml` objects (3.1 §4.8.26).

Worked example: `{id: 7, tags: [a, b]}` of

    Tide: {type: object, properties: {id: {type: integer, xml: {attribute: true}},
                                      tags: {type: array, items: {type: string}}}}

is `<Tide id="7"><tags>a</tags><tags>b</tags></Tide>`: an `ObjectShape` with an attribute and an
element that repeats. Only schemas of which each text has one value have a mapping: XML has no types
of its own, so a property that is a number or a text has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bothends.runtime.json.value import is_array, is_object, json_type
from bothends.runtime.schema.composition import branches, composed, reference
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import ALL_TYPES, SchemaView

from .name import NotExactError, Role, XmlName, name_of, role_of

_NAMING = ("name", "namespace", "prefix")
_STRUCTURE = {"properties", "items", "xml", "additionalProperties"}
# What describes parts of a value by other means than `properties` and `items`.
_UNMAPPED = {
    "patternProperties": "its names are described by a pattern",
    "prefixItems": "its items differ by their position",
    "then": "a condition says what it is",
    "else": "a condition says what it is",
    "dependentSchemas": "a condition says what it is",
    "unevaluatedItems": "its items are described by what describes no others",
    "discriminator": "a discriminator says what it is",
}
# A name that no contract declares, to ask for the schema of all such.
_UNDECLARED = "\x00"


@dataclass(slots=True, eq=False)
class ScalarShape:
    """One text. `types` are those that it may stand for, in the order to try them."""

    types: tuple[str, ...]


@dataclass(slots=True, eq=False)
class ListShape:
    """An array in an element of its own, which holds one for each item."""

    item_name: XmlName
    item: Shape
    fault: str = ""


@dataclass(slots=True, eq=False)
class ObjectShape:
    """The fields of an object, by property and by their names in XML.

    `additional` is the shape of other properties. `empty_lists` are the arrays that an object must
    have, so that without an element they are empty.
    """

    fields: dict[str, XmlField] = field(default_factory=dict[str, "XmlField"])
    additional: Shape | None = None
    text: XmlField | None = None
    empty_lists: list[str] = field(default_factory=list[str])
    elements: dict[str, list[XmlField]] = field(default_factory=dict[str, "list[XmlField]"])
    attributes: dict[tuple[str, str], XmlField] = field(
        default_factory=dict[tuple[str, str], "XmlField"]
    )
    fault: str = ""


Shape = ScalarShape | ListShape | ObjectShape


@dataclass(slots=True, eq=False)
class XmlField:
    """A property; of the role `items`, each of its items is an element with this name."""

    property: str
    role: Role
    name: XmlName
    shape: Shape
    required: bool


@dataclass(slots=True)
class XmlMapping:
    """The root element of a schema's values, and its shape."""

    root: XmlName
    shape: Shape


class XmlMappings:
    """The mappings of a contract. Each shape is made once, and may be a part of itself."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._shapes: dict[tuple[tuple[str, ...], str], Shape] = {}
        self._lists: list[tuple[ListShape, SchemaView, str]] = []
        self._objects: list[tuple[ObjectShape, SchemaView]] = []

    def mapping_of(self, pointer: str, inferred: str) -> XmlMapping:
        """The mapping of the schema at `pointer`; `inferred` names a root without `xml.name`.

        Raises:
            NotExactError: The values have no exact form in XML.
        """
        view = SchemaView(self.contract, (pointer,))
        words = self.words((pointer,))
        if role_of(words, is_list=_is_list(view)) != "element":
            raise NotExactError("it has no root element")
        if not words.get("name") and not inferred:
            raise NotExactError("its root element has no name, which `xml.name` gives")

        root = name_of(words, inferred)
        # The items of a wrapped array have the name of the array (OpenAPI 3.1 §4.8.26.2).
        is_item_named = bool(words.get("name")) and words.get("nodeType") is None
        shape = self.shape(view, root.local if is_item_named and _is_list(view) else "")
        self._complete()
        _raise_fault(shape)
        return XmlMapping(root, shape)

    def _complete(self) -> None:
        """Make what the shapes so far are made of, without recursion."""
        while self._lists or self._objects:
            if self._lists:
                listed, view, inferred = self._lists.pop()
                try:
                    listed.item_name, listed.item = self._item(view, inferred)
                except NotExactError as error:
                    listed.fault = str(error)
            else:
                made, view = self._objects.pop()
                try:
                    self._fill(made, view)
                except NotExactError as error:
                    made.fault = str(error)

    def shape(self, view: SchemaView, inferred: str) -> Shape:
        """The shape of the values of a view. `inferred` is the name of items without one."""
        self._refuse_unmapped(view)
        kind = self._kind(view)
        if kind not in ("object", "array"):
            return ScalarShape(("integer", "number") if kind == "number" else (kind,))

        key = view.pointers, inferred if kind == "array" else ""
        if key not in self._shapes and kind == "array":
            placeholder = ListShape(XmlName(""), ScalarShape(()))
            self._shapes[key] = placeholder
            self._lists.append((placeholder, view, inferred))
        elif key not in self._shapes:
            made = ObjectShape()
            self._shapes[key] = made
            self._objects.append((made, view))
        return self._shapes[key]

    def words(self, pointers: Sequence[str]) -> dict[str, Any]:
        """What `xml` says at these pointers and at what they refer to, the nearest first."""
        return self._agreed([self._words(pointer, frozenset()) for pointer in pointers])

    def _words(self, pointer: str, above: frozenset[str]) -> dict[str, Any]:
        schema = self.contract.find(pointer)
        if not is_object(schema) or pointer in above:
            return {}

        own: dict[str, Any] = dict(schema["xml"]) if is_object(schema.get("xml")) else {}
        inner = branches(pointer, schema, "allOf", "anyOf", "oneOf")
        # A reference that may be null has the name of what it refers to.
        inner = [each for each in inner if self.contract.find(f"{each}/type") != "null"]
        if "$ref" in schema:
            inner.append(reference(schema))
            # OpenAPI 3.2: by default the schema that refers is no node, and its target is.
            if own.get("nodeType") == "none":
                del own["nodeType"]
            elif own.get("nodeType") not in (None, "attribute"):
                raise NotExactError("a reference is a node around another one")

        beneath = self._agreed([self._words(each, above | {pointer}) for each in inner])
        if len(inner) > 1 and not own.get("name") and any(map(beneath.get, _NAMING)):
            raise NotExactError("a part of `allOf`, `anyOf` or `oneOf` has a name")
        return {**beneath, **own}

    def _agreed(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        agreed: dict[str, Any] = {}
        for words in found:
            for word, value in words.items():
                if agreed.setdefault(word, value) != value:
                    raise NotExactError(f"`xml.{word}` says two things of it")
        return agreed

    def _refuse_unmapped(self, view: SchemaView) -> None:
        for schema in view.schemas():
            for word, reason in _UNMAPPED.items():
                if word in schema:
                    raise NotExactError(reason)
            for word in ("anyOf", "oneOf"):
                if sum(map(self._has_structure, schema.get(word, ()))) > 1:
                    raise NotExactError("it is one of several alternatives")

    def _has_structure(self, branch: Any) -> bool:
        if not is_object(branch):
            return False
        pointers = [reference(branch)] if "$ref" in branch else []
        parts = composed(self.contract.find, pointers, "allOf", "anyOf", "oneOf").values()
        inner = [each for word in ("allOf", "anyOf", "oneOf") for each in branch.get(word, ())]
        return (
            bool(_STRUCTURE & branch.keys())
            or any(is_object(part) and _STRUCTURE & part.keys() for part in parts)
            or any(map(self._has_structure, inner))
        )

    def _kind(self, view: SchemaView) -> str:
        """The one type of the values beside null."""
        if not view.pointers:
            raise NotExactError("it is of any type")
        kinds = view.types - {"null"}
        for schema in composed(self.contract.find, view.pointers, "allOf").values():
            values = [schema["const"]] if is_object(schema) and "const" in schema else None
            if is_object(schema) and is_array(schema.get("enum")):
                values = schema["enum"]
            if values is not None:
                listed = set(map(json_type, values))
                kinds &= listed | ({"number"} if "integer" in listed else set())

        if "number" in kinds:
            kinds -= {"integer"}
        if len(kinds) != 1:
            several = "of any type" if view.types == ALL_TYPES else "of several types"
            raise NotExactError(f"it is {several if kinds else 'never there'}")
        return next(iter(kinds))

    def _item(self, view: SchemaView, inferred: str) -> tuple[XmlName, Shape]:
        items = view.items()
        words = self.words(items.pointers)
        if role_of(words, is_list=_is_list(items)) != "element":
            raise NotExactError("the items of an array have no element")
        if not words.get("name") and not inferred:
            raise NotExactError("the items of an array have no name, which `xml.name` gives")

        name = name_of(words, inferred)
        return name, self.shape(items, name.local)

    def _fill(self, shape: ObjectShape, view: SchemaView) -> None:
        names = view.property_names()
        additional = view.property(_UNDECLARED)
        is_map = any(self.contract.find(at) not in (True, False, {}) for at in additional.pointers)
        if not names and view.is_open() and not is_map:
            raise NotExactError("it is an object of any properties")
        parts = composed(self.contract.find, view.pointers, "allOf").values()
        required = {name for part in parts if is_object(part) for name in part.get("required", ())}

        for name in names:
            own = view.property(name)
            if own.types:  # what may never be there has no form
                try:
                    shape.fields[name] = self._field(name, own, required=name in required)
                except NotExactError as error:
                    raise NotExactError(f"of `{name}`, {error}") from None

        if is_map:
            shape.additional = self.shape(additional, "")
            if isinstance(shape.additional, ListShape) or self.words(additional.pointers):
                raise NotExactError("its other properties are more than elements")
        _index(shape)

    def _field(self, name: str, view: SchemaView, *, required: bool) -> XmlField:
        words = self.words(view.pointers)
        role = role_of(words, is_list=_is_list(view))
        if role == "items":
            self._refuse_unmapped(view)
            item_name, shape = self._item(view, name)
            return XmlField(name, role, item_name, shape, required)

        own = name_of(words, name)
        # The items of a wrapped array have the name of the array (OpenAPI 3.1 §4.8.26.2).
        if words.get("nodeType") == "element" and words.get("name") and _is_list(view):
            shape = self.shape(view, "")
        else:
            shape = self.shape(view, own.local)
        if role != "element" and not isinstance(shape, ScalarShape):
            raise NotExactError(f"only one value can be {role} of an element")
        if role == "attribute" and (own.local == "xmlns" or (own.namespace and not own.prefix)):
            raise NotExactError("an attribute with a namespace has a prefix")
        return XmlField(name, role, own, shape, required)


def _raise_fault(root: Shape) -> None:
    """Raise what is wrong with a shape, or with one that it is made of."""
    found: dict[int, Shape] = {id(root): root}
    for shape in (pending := [root]):  # which grows
        if not isinstance(shape, ScalarShape) and shape.fault:
            raise NotExactError(shape.fault)
        for part in _parts(shape):
            if id(part) not in found:
                found[id(part)] = part
                pending.append(part)


def _parts(shape: Shape) -> list[Shape]:
    if isinstance(shape, ListShape):
        return [shape.item]
    if isinstance(shape, ScalarShape):
        return []
    parts = [each.shape for each in shape.fields.values()]
    return [*parts, *([shape.additional] if shape.additional is not None else [])]


def _index(shape: ObjectShape) -> None:
    """Find the fields of an object by their names in XML, of which no two may be one."""
    for each in shape.fields.values():
        if each.role in ("text", "cdata"):
            if shape.text is not None:
                raise NotExactError("it has two texts")
            shape.text = each
            continue

        if each.role == "attribute":
            key = each.name.namespace, each.name.local
            if shape.attributes.setdefault(key, each) is not each:
                raise NotExactError(f"two properties are the attribute {each.name.local}")
            continue

        if each.role == "items" and each.required:
            shape.empty_lists.append(each.property)
        same = shape.elements.setdefault(each.name.local, [])
        if any(other.name.namespace == each.name.namespace for other in same):
            raise NotExactError(f"two properties are the element <{each.name.local}>")
        same.append(each)

    if shape.text is not None and shape.elements:
        raise NotExactError("it has text beside elements")


def _is_list(view: SchemaView) -> bool:
    return view.types - {"null"} == frozenset({"array"})
