"""Exports that load when they are first used: importing a package costs the same at any size."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_exports(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """A module-level `__getattr__` (PEP 562) for a package; it also gives the package's `__all__`.

    The package gets a `__dir__` as well, by which notebooks and prompts complete its names.

    Args:
        package: The full name of the package.
        homes: The names that each of its modules exports; under "" the modules that are exported
            themselves.

    """
    home = {name: module for module, names in homes.items() for name in names}
    vars(sys.modules[package])["__dir__"] = lambda: sorted(home)

    def load(name: str) -> object:
        # `from package import *` asks `__getattr__` too, so the names need not be listed twice.
        if name == "__all__":
            return sorted(home)
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if not home[name]:
            return import_module(f".{name}", package)

        value = getattr(import_module(f".{home[name]}", package), name)
        setattr(sys.modules[package], name, value)
        return value

    return load


def lazy_operations(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """A module-level `__getattr__` for a package of operations: its records and `OPERATIONS`.

    Args:
        package: The full name of the package.
        homes: The constants of each of its modules.

    """
    load_one = lazy_exports(package, homes)

    def load(name: str) -> object:
        if name != "OPERATIONS":
            return load_one(name)

        modules = [import_module(f".{module}", package) for module in homes]
        value = tuple(operation for module in modules for operation in module.OPERATIONS)
        namespace = vars(sys.modules[package])
        namespace[name] = value
        namespace.update((each, load_one(each)) for names in homes.values() for each in names)
        return value

    return load
