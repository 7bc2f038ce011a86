"""JSONPath of overlays (RFC 9535): what is evaluated takes time that grows with the contract.

- `$.paths..parameters[?@.in == 'query']` is evaluated.
- `$..*..*..*` would visit each value once for each pair of its ancestors.
- `$.paths.*[?count($..*) > 9]` would visit the whole contract for each path.
- `$..[?match(@, '(a|aa)+b')]` is matched by an engine that never backtracks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Any, ClassVar, Final

import jsonpath_rfc9535 as jsonpath
import jsonschema_rs as rs
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction
from jsonpath_rfc9535.lex import tokenize
from jsonpath_rfc9535.tokens import TokenType
from typing_extensions import override

from bothends.openapi.pointer import join

_MOST_DESCENTS: Final = 2
_MOST_SELECTED: Final = 100_000
_MOST_CHARACTERS: Final = 2_000


class JsonPathError(ValueError):
    """An expression is no JSONPath, or costs too much; the text says why in one line."""


class JsonPath:
    """One expression. Raises `JsonPathError`."""

    def __init__(self, text: str) -> None:
        if len(text) > _MOST_CHARACTERS:
            raise JsonPathError(f"it has more than {_MOST_CHARACTERS:,} characters")
        try:
            self._query = _environment().compile(text)
        except (jsonpath.JSONPathError, RecursionError) as error:
            raise _plain(error) from None

        _refuse_costly(text)

    def find(self, data: Any) -> list[str]:
        """The pointers of what is selected, in the order of the document."""
        try:
            nodes: Iterable[jsonpath.JSONPathNode] = self._query.finditer(data)
            found = list(islice(nodes, _MOST_SELECTED + 1))
        except (jsonpath.JSONPathError, RecursionError) as error:
            raise _plain(error) from None

        if len(found) > _MOST_SELECTED:
            raise JsonPathError(f"it selects more than {_MOST_SELECTED:,} values")
        return [join(*node.location) for node in found]


def _refuse_costly(text: str) -> None:
    kinds = Counter[TokenType]()
    for token in tokenize(text):
        kinds[token.type_] += 1
        is_many = token.type_ in (TokenType.WILD, TokenType.DOUBLE_DOT)
        if is_many and kinds[TokenType.ROOT] > 1:
            raise JsonPathError("a filter may look at one value from the root, not at many")

    if kinds[TokenType.DOUBLE_DOT] > _MOST_DESCENTS:
        raise JsonPathError(f"it has `..` more than {_MOST_DESCENTS} times")


def _plain(error: Exception) -> JsonPathError:
    if isinstance(error, RecursionError):
        return JsonPathError("it is nested too deeply")
    return JsonPathError(str(error).splitlines()[0])


class _Pattern(FilterFunction):
    """`match` and `search` (RFC 9535 §2.4.6); the library's own take exponential time."""

    arg_types: ClassVar[Any] = [ExpressionType.VALUE, ExpressionType.VALUE]
    return_type: ClassVar[Any] = ExpressionType.LOGICAL

    def __init__(self, form: str) -> None:
        self._form = form

    @override
    def __call__(self, text: object, pattern: object) -> bool:
        """Whether the text matches."""
        if not isinstance(text, str) or not isinstance(pattern, str):
            return False
        validator = _matcher(self._form.format(pattern))
        return validator is not None and validator.is_valid(text)


@cache
def _matcher(pattern: str) -> Any:
    try:
        options = rs.RegexOptions()
        return rs.Draft202012Validator({"pattern": pattern}, pattern_options=options, offline=True)
    except rs.ValidationError:  # what is no I-Regexp matches nothing (RFC 9535 §2.4.6)
        return None


@cache
def _environment() -> Any:
    environment = jsonpath.JSONPathEnvironment()
    environment.function_extensions["match"] = _Pattern("^(?:{})$")
    environment.function_extensions["search"] = _Pattern("{}")
    return environment
