"""Names that are spoken for, by scope."""

from __future__ import annotations

from typing import Final

MODULE: Final = frozenset(
    {
        "API",
        "Annotated",
        "Answer",
        "Any",
        "Api",
        "ApiKey",
        "App",
        "AppOptions",
        "AsyncClient",
        "AsyncLogin",
        "AsyncOptions",
        "AsyncSecret",
        "Authenticate",
        "AsyncStream",
        "AwareDatetime",
        "Basic",
        "Bearer",
        "Binary",
        "BinarySource",
        "Body",
        "Client",
        "ConfigDict",
        "Cookie",
        "DocumentedError",
        "Events",
        "Exception",
        "False",
        "Field",
        "File",
        "Form",
        "Header",
        "Items",
        "Json",
        "JsonLines",
        "Literal",
        "Login",
        "Model",
        "Multipart",
        "None",
        "OPERATIONS",
        "Operation",
        "Options",
        "Path",
        "Protocol",
        "Query",
        "Reply",
        "Response",
        "ResponseHeader",
        "Secret",
        "Server",
        "Stream",
        "Text",
        "True",
        "TypeAliasType",
        "UUID",
        "Unpack",
        "Variable",
        "create_app",
    }
)
"""What the modules of a package import or define beside the names of the contract."""

BUILTINS: Final = frozenset(
    ["ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError", "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning", "EnvironmentError", "Exception", "ExceptionGroup", "FileExistsError", "FileNotFoundError", "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError", "ImportWarning", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "NotADirectoryError", "NotImplemented", "NotImplementedError", "OSError", "OverflowError", "PendingDeprecationWarning", "PermissionError", "ProcessLookupError", "PythonFinalizationError", "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning", "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError", "TypeError", "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError", "UnicodeWarning", "UserWarning", "ValueError", "Warning", "ZeroDivisionError", "bytes", "dict", "frozenset", "list", "object", "set", "tuple", "type"]
)
"""Python's own classes, in any version: a forward reference to a class of the same name would find them instead."""

TYPES: Final = frozenset(
    {
        "Annotated",
        "Any",
        "Field",
        "Literal",
        "Model",
        "UUID",
        "bool",
        "date",
        "datetime",
        "dict",
        "float",
        "int",
        "list",
        "str",
    }
)
"""What annotations are made of: a field or method called so would hide it from the annotations after it."""

FIELDS: Final = TYPES | frozenset(
    {
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "self",
        "update_forward_refs",
        "validate",
    }
)
"""What pydantic's base class calls its own."""

METHODS: Final = TYPES | frozenset({"aclose", "api", "close", "for_app", "mro", "operations", "whole", "with_options"})
"""What the runtime's client calls its own, and what `operations.py` would call by the same name in capitals."""

ARGUMENTS: Final = frozenset({"self"})

CONSTRUCTOR: Final = ARGUMENTS | frozenset(
    {
        "app",
        "base_url",
        "clock",
        "credentials",
        "headers",
        "hooks",
        "http_client",
        "options",
        "responses",
        "retries",
        "server",
        "timeout",
        "transport",
        "variables",
    }
)
"""What every client's constructor takes."""
