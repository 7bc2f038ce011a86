"""Which extra brings a module that is not installed."""

from __future__ import annotations

_PROVE = frozenset({"hypothesis", "pytest", "schemathesis"})
_REDIS = frozenset({"redis"})
_SERVE = frozenset({"starlette", "uvicorn"})
_GENERATE = frozenset(
    {
        "datamodel_code_generator",
        "jinja2",
        "jsonschema",
        "openapi_spec_validator",
        "rich",
        "ruff",
        "typer",
        "watchfiles",
        "yaml",
    }
)


def describe_missing_extra(error: ModuleNotFoundError) -> str:
    """Return the text that says which extra to install.

    Raises:
        ModuleNotFoundError: the same error, if none of our extras brings the module.
    """
    module = (error.name or "").partition(".")[0]
    for extra, modules in (
        ("generate", _GENERATE),
        ("prove", _PROVE),
        ("redis", _REDIS),
        ("serve", _SERVE),
    ):
        if module in modules:
            install = f"pip install 'bothends[{extra}]'"
            return f"this command needs {module}, which is not installed: {install}"

    raise error
