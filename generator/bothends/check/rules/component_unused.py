"""A component that nothing refers to should go, or be referred to.

Why: nobody can get or send it. Often the reference was meant, and an inline copy is used instead.

Bad:

    components: {schemas: {Tide: {type: object}}}

Better:

    schema: {$ref: '#/components/schemas/Tide'}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.discriminator import all_heirs, direct_heirs, discriminator_of
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
# A security scheme is used by its name; the rest of this list is there for those who read it.
_BY_NAME = ("securitySchemes", "examples")


def check(contract: Contract) -> Iterator[Problem]:
    """Components without a reference to them or into them, from outside of themselves."""
    components = as_object(contract.document.data.get("components"))
    used = set(_targets(contract))
    for section, members in components.items():
        if section in _BY_NAME or section.startswith("x-"):
            continue
        for name in as_object(members):
            pointer = below("", "components", section, name)
            if pointer not in used:
                hint = "Leave it out, or refer to it where it is meant."
                yield Problem(pointer, f"Nothing refers to the component {name}.", hint, key=True)


def _targets(contract: Contract) -> Iterator[str]:
    """The components that are referred to from elsewhere, by `$ref` or by a discriminator."""
    for node in [*contract.all_nodes(), *contract.nodes("reference")]:
        discriminator = as_object(node.value.get("discriminator"))
        mapped = as_object(discriminator.get("mapping")).values()
        # OpenAPI 3.2 §4.25: the schema of values that the mapping does not have.
        others = discriminator.get("defaultMapping")
        for text in (node.value.get("$ref"), *mapped, others):
            reference = str(text)
            if not reference.startswith("#/"):
                reference = below("#", "components", "schemas", reference)
            target = "/".join(reference[1:].split("/")[:4])
            # A tree that refers to itself alone is as unused as one without a reference.
            if text is not None and not f"{node.pointer}/".startswith(f"{target}/"):
                yield target

    schemas = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    heirs = direct_heirs(schemas)
    for base in heirs:
        # A value of the base is one of its heirs, which only the discriminator tells.
        if discriminator_of(schemas.get(base)):
            yield from (below("", "components", "schemas", heir) for heir in all_heirs(heirs, base))
