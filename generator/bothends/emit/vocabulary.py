"""The last gate before writing: generated Python may consist of declarations only.

Whatever happened to a contract's text in templates and datamodel-code-generator, a file that holds
a statement, call or expression outside this vocabulary is not written. It checks the generator, not
the contract: a failure is a fault of bothends.

    name: str = "text"              passes
    name: str = __import__("os")    VocabularyError: models.py:7: __import__ is called
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any, Final

from typing_extensions import TypeIs

from bothends.openapi.json_value import as_array

_MODULES: Final = {
    "__future__",
    "collections.abc",
    "datetime",
    "functools",
    "typing",
    "typing_extensions",
    "uuid",
    "pydantic",
    "bothends.runtime",
    "bothends.runtime.exports",
}

_CALLS: Final = {
    "Api",
    "ApiKey",
    "App",
    "AsyncRawMethod",
    "AsyncStreamingMethod",
    "Basic",
    "Bearer",
    "Binary",
    "Body",
    "ConfigDict",
    "Cookie",
    "DeferredOperation",
    "Digest",
    "OperationDetails",
    "Events",
    "Field",
    "Form",
    "Header",
    "HttpScheme",
    "Json",
    "JsonLines",
    "Multipart",
    "MultipartList",
    "Pages",
    "Path",
    "Query",
    "QueryString",
    "RawMethod",
    "Reply",
    "ResponseHeader",
    "Server",
    "StreamingMethod",
    "Text",
    "TypeAliasType",
    "Variable",
    "Xml",
    "Yaml",
    "deprecated",
    "lazy_exports",
    "lazy_operations",
    "super",
}

_METHODS: Final = {"_call", "_iterate", "__init__", "model_rebuild", "removesuffix"}

_NODES: Final = (
    ast.Module,
    ast.Import,
    ast.ImportFrom,
    ast.alias,
    ast.ClassDef,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.arguments,
    ast.arg,
    ast.keyword,
    ast.Return,
    ast.Expr,
    ast.Assign,
    ast.AnnAssign,
    ast.If,
    ast.Name,
    ast.Load,
    ast.Store,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.Call,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.BinOp,
    ast.BitOr,
    ast.BoolOp,
    ast.Or,
    ast.UnaryOp,
    ast.USub,
    ast.Await,
    ast.Lambda,
)


# Of those the ones that `_problem` asks nothing else of: most nodes of a file.
_ALWAYS_RIGHT: Final = {
    ast.alias,
    ast.arguments,
    ast.arg,
    ast.keyword,
    ast.Return,
    ast.Assign,
    ast.AnnAssign,
    ast.Load,
    ast.Store,
    ast.Constant,
    ast.Subscript,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.BinOp,
    ast.BitOr,
}


_MOST_CHECKED: Final = 5_000


class VocabularyError(Exception):
    """A generated file holds something that no template of ours writes."""


@lru_cache(_MOST_CHECKED)
def check_vocabulary(path: str, source: str) -> None:
    """Parse a generated file and hold every node of it to the vocabulary.

    A text that was found right is not parsed again: of a large package, a save of its contract
    changes a few files of hundreds (`generate --watch`).

    Raises `VocabularyError`.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise VocabularyError(f"{path} is not Python: {error}") from error

    # The tree and not the text: no spelling or line break can hide a call from it.
    for node in all_nodes(tree):
        if type(node) in _ALWAYS_RIGHT:
            continue
        if problem := _problem(node, path.count("/") + 1):
            raise VocabularyError(f"{path}:{getattr(node, 'lineno', 0)}: {problem}")


def all_nodes(tree: ast.AST) -> list[ast.AST]:
    """All nodes in the order of `ast.walk`, without its queue and its generators."""
    found = [tree]
    for node in found:
        for name in node._fields:
            value: Any = getattr(node, name, None)
            if _is_node(value):
                found.append(value)
            else:
                found += filter(_is_node, as_array(value))
    return found


def _is_node(value: object) -> TypeIs[ast.AST]:
    return isinstance(value, ast.AST)


def _problem(node: ast.AST, depth: int) -> str:
    if not isinstance(node, _NODES):
        return f"{type(node).__name__} does not occur in generated code"

    match node:
        case ast.Import() | ast.ImportFrom():
            return _import_problem(node, depth)
        case ast.Call():
            return _call_problem(node)
        case ast.Lambda(args=ast.arguments(args=[_, *_])):
            return "a function with arguments"
        case ast.If(test=test) if not (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"):
            return "a condition"
        case (
            ast.FunctionDef(decorator_list=[_, *_] as found)
            | ast.AsyncFunctionDef(decorator_list=[_, *_] as found)
        ):
            return "" if all(map(_is_known_decorator, found)) else "a decorator"
        case ast.ClassDef(decorator_list=[_, *_]):
            return "a decorator"
        case ast.Expr(value=value) if not isinstance(value, ast.Constant | ast.Call):
            return "an expression on its own"
        case ast.Attribute():
            return _attribute_problem(node)
        case ast.Name(id=name) if name.startswith("__") and name not in _DUNDERS:
            return f"the name {name} is used"
        case _:
            return ""


def _import_problem(node: ast.Import | ast.ImportFrom, depth: int) -> str:
    match node:
        case ast.Import():
            return "a module is imported whole"
        case ast.ImportFrom(level=0, module=module) if module not in _MODULES:
            return f"{module} is imported"
        case ast.ImportFrom(level=level) if level > depth:
            return "a module outside the package is imported"
        case _:
            return ""


def _attribute_problem(node: ast.Attribute) -> str:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    is_method = owner[:1].isupper() and not node.attr.startswith("_")
    is_status_class = owner == "status_errors" and node.attr.endswith("Error")
    is_part = owner in {"errors", "models", "self"} and not node.attr.startswith("_")
    if is_method or is_status_class or is_part or node.attr in _METHODS:
        return ""
    return f"the attribute {node.attr} is read"


def _is_known_decorator(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Name(id="property" | "cached_property"):
            return True
        case ast.Call(
            func=ast.Name(id="deprecated"), args=[ast.Constant(value=str())], keywords=[]
        ):
            return True
        case _:
            return False


_DUNDERS: Final = {
    "__all__",
    "__annotations__",
    "__extras__",
    "__getattr__",
    "__name__",
    "__package__",
}


def _call_problem(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) if name[:1].isupper() and _is_self(call.args):
            return ""  # a group of the client, or a view of it
        case ast.Name(id=name) if name in _CALLS:
            return ""
        case ast.Attribute(attr=name) if name in _METHODS:
            return ""
        case ast.Subscript(value=ast.Name(id="Operation")):
            return ""
        case _:
            return f"{ast.unparse(call.func)} is called"


def _is_self(arguments: list[ast.expr]) -> bool:
    return len(arguments) == 1 and isinstance(arguments[0], ast.Name) and arguments[0].id == "self"
