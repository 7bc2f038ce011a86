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


def tell_missing_extra(error: ModuleNotFoundError) -> str:
    """What to install so that the module is there; raises the error again when none of our extras would bring it."""
    module = (error.name or "").partition(".")[0]
    for extra, modules in (
        ("generate", _GENERATE),
        ("prove", _PROVE),
        ("redis", _REDIS),
        ("serve", _SERVE),
    ):
        if module in modules:
            return f"this command needs {module}, which is not installed: pip install 'bothends[{extra}]'"
    raise error
