"""The only three ways for text to reach generated Python (law 6: text is never code).

A string of the contract becomes source through `literal` or `docstring`; an `Identifier` was made
by `name`; `Code` is built in this room from those. A template that prints anything else raises.

    literal('5" pipe')          ->  '5" pipe'              a Python literal, in ASCII
    docstring('Says "hi"')      ->  three quotes around it, and the last one inside is escaped
    {{ operation.summary }}     ->  TypeError              a plain str has no way into a template
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bothends.ir import Identifier
from bothends.openapi.json_value import is_array, is_object

if TYPE_CHECKING:
    from jinja2 import Environment

# All but printable ASCII, of which a backslash is the only one to escape, and line ends.
_UNUSUAL = re.compile(r"[^\n\x20-\x5b\x5d-\x7e]")


class Code(str):
    """Python source made of identifiers and literals."""

    __slots__ = ()


def literal(value: Any) -> Code:
    """A JSON value as a Python expression in ASCII."""
    if isinstance(value, str):
        # ASCII: a bidi character in a literal could make the source read otherwise than it runs
        # (Trojan Source).
        return Code(ascii(str(value)))
    if value is None or isinstance(value, bool | int):
        return Code(repr(value))
    if isinstance(value, float) and math.isfinite(value):
        return Code(repr(value))
    if is_array(value):
        return Code("[" + ", ".join(map(literal, value)) + "]")
    if is_object(value):
        return Code(
            "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
        )

    raise TypeError(f"no literal for {type(value).__name__}")


def literal_tuple(values: Iterable[Any]) -> Code:
    """JSON values as a Python tuple."""
    return Code("(" + "".join(f"{literal(value)}, " for value in values) + ")")


def docstring(text: str) -> Code:
    """Text as a docstring: printable characters as they are, all others escaped."""
    safe = _UNUSUAL.sub(_escaped, text.strip()).replace('"""', '\\"\\"\\"')
    # ruff takes a backslash before a line end for a continuation, and then formats nothing.
    safe = safe.replace("\\\\\n", "\\x5c\n")
    if safe.endswith('"'):
        safe = safe[:-1] + '\\"'
    return Code(f'"""{safe}\n"""' if "\n" in safe else f'"""{safe}"""')


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character

    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    if number < 0x10000:
        return f"\\u{number:04x}"
    return f"\\U{number:08x}"


def _finalize(value: Any) -> Any:
    if isinstance(value, Code | Identifier):
        return value
    raise TypeError(
        f"a template may print identifiers and code, not {type(value).__name__}: {value!r}"
    )


def environment() -> Environment:
    """The environment of every template."""
    # Imported late: who writes an annotation renders no template.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("bothends.emit", "templates"),
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # HTML escapes would damage Python; what guards the output is `finalize` above.
        autoescape=False,  # noqa: S701  the output is Python; `finalize` guards it
    )
    templates.filters["literal"] = literal
    templates.filters["docstring"] = docstring

    return templates
