"""bothends: from one OpenAPI contract, both ends of the wire."""

__version__: str


def __getattr__(name: str) -> str:
    # Found only when asked for: generated clients import this package, and importlib.metadata is slow to import.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("bothends")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+source"
