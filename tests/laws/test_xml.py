"""XML of any schema that has an exact form."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from bothends.runtime.json.value import same
from bothends.runtime.media.xml.mapping import XmlMappings
from bothends.runtime.media.xml.text import read_xml
from bothends.runtime.media.xml.writer import write_xml
from bothends.runtime.schema.contract import Contract

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
SPACED = st.lists(TEXT | st.sampled_from(["\r", "\n", "\t", "]]>", "&", "<", '"'])).map("".join)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": SPACED,
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    "boolean": st.booleans(),
}
NAMESPACES = st.sampled_from(
    [{}, {}, {"namespace": "urn:one"}, {"namespace": "urn:t&o", "prefix": "two"}]
)
NAMES = ["a", "b", "É", "_x.-1", "id", "type"]


class Drawn(NamedTuple):
    """A schema, and its values."""

    schema: dict[str, Any]
    values: st.SearchStrategy[Any]

    def with_xml(self, **words: Any) -> Drawn:
        return self._replace(schema={**self.schema, "xml": {**self.schema.get("xml", {}), **words}})


def nullable(drawn: Drawn) -> Drawn:
    schema = {**drawn.schema, "type": [drawn.schema["type"], "null"]}
    return Drawn(schema, st.none() | drawn.values)


scalars = st.sampled_from(sorted(SCALARS)).map(lambda kind: Drawn({"type": kind}, SCALARS[kind]))
elements = st.builds(
    lambda drawn, namespace, is_nullable: (nullable(drawn) if is_nullable else drawn).with_xml(
        **namespace
    ),
    scalars,
    NAMESPACES,
    st.booleans(),
)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Drawn]) -> Drawn:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    required = set(draw(st.lists(st.sampled_from(names), unique=True)))
    properties: dict[str, Drawn] = {}
    is_textual = draw(st.integers(0, 5)) == 0
    for name in names:
        if is_textual and name == names[-1]:
            node_type = draw(st.sampled_from(["text", "cdata"]))
            text = draw(scalars)
            # Without a text there is none: an empty one is told from it if it must be there.
            values = (
                text.values if name in required else text.values.filter(lambda value: value != "")
            )
            properties[name] = Drawn(text.schema, values).with_xml(nodeType=node_type)
        elif is_textual or draw(st.integers(0, 3)) == 0:
            properties[name] = draw(scalars).with_xml(attribute=True)
        else:
            properties[name] = draw(inner)

    for name in required:
        # Those that are not required are never empty: nothing would be there.
        if properties[name].schema["type"] == "array" and "wrapped" not in properties[
            name
        ].schema.get("xml", {}):
            properties[name] = Drawn(properties[name].schema, st.just([]) | properties[name].values)

    schema = {
        "type": "object",
        "required": sorted(required),
        "properties": {name: drawn.schema for name, drawn in properties.items()},
    }
    optional = {name: drawn.values for name, drawn in properties.items() if name not in required}
    values = st.fixed_dictionaries(
        {name: properties[name].values for name in sorted(required)}, optional=optional
    )
    more = st.dictionaries(st.sampled_from(["u", "v"]), SPACED)
    return Drawn(
        schema,
        st.builds(lambda one, other: {**one, **other}, values, st.just({}) if is_textual else more),
    )


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[Drawn]) -> Drawn:
    items = draw(
        inner.filter(lambda drawn: drawn.schema.get("type") != "array" or _is_wrapped(drawn))
    )
    if draw(st.booleans()):
        return Drawn({"type": "array", "items": items.schema}, st.lists(items.values)).with_xml(
            wrapped=True
        )
    return Drawn({"type": "array", "items": items.schema}, st.lists(items.values, min_size=1))


def _is_wrapped(drawn: Drawn) -> bool:
    return "wrapped" in drawn.schema.get("xml", {})


drawn_schemas = objects(
    st.recursive(elements, lambda inner: objects(inner) | arrays(inner), max_leaves=6)
)


class TestXml:
    """What is written as XML is read as the same value."""

    @given(drawn_schemas, st.data())
    def test_every_value_survives(self, drawn, data):
        contract = Contract({"components": {"schemas": {"Root": drawn.schema}}})
        found = XmlMappings(contract).mapping_of("/components/schemas/Root", "Root")
        value = data.draw(drawn.values)
        assert contract.accepts("/components/schemas/Root", value)

        assert same(read_xml(found, write_xml(found, value)), value)
