"""The one way to import a generated package by its folder, under its own name.

What may be in the way, by example:

    generated/harbour     stand_in.py says `from harbour import Tide`: the name is `harbour`
    generated/click       the command line has imported another `click`: refused
    generated/tides       a distribution of that name is installed too: hidden in this process
    generated/quay        has a copy of the runtime, `quay.runtime`: it gets that of bothends, which
                          asks what operations are by the classes of its own
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module, invalidate_caches
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from importlib.util import find_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from typing_extensions import override

_RUNTIME = "bothends.runtime"


class PackageNotImported(Exception):
    """A package cannot be imported; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def import_package(folder: Path, module: str = "operations") -> ModuleType:
    """Import a module of the package in a folder. The folder above stays on `sys.path`.

    Raises:
        PackageNotImported: it has the name of a module that bothends needs or has imported, or is
            broken.
    """
    name = folder.name
    module_location = hides(name, folder.resolve())
    if module_location and (name in sys.modules or name in needed_modules()):
        raise PackageNotImported(*_taken(name, module_location))

    if str(folder.parent) not in sys.path:
        # To stay: a package loads the rest of itself when it is used.
        sys.path.insert(0, str(folder.parent))
    has_copy = (folder / "runtime" / "__init__.py").is_file()
    if has_copy and f"{name}.runtime" not in sys.modules:
        sys.meta_path.insert(0, _OwnRuntime(f"{name}.runtime"))

    invalidate_caches()  # the package may have been written by this process
    try:
        found = import_module(f"{name}.{module}")
    except Exception as error:
        message = f"the package {name} cannot be imported: {type(error).__name__}: {error}"
        raise PackageNotImported(message, "run `bothends generate`") from error

    if folder.resolve() not in Path(str(found.__file__)).resolve().parents:
        raise PackageNotImported(*_taken(name, str(found.__file__)))

    return found


def needed_modules() -> frozenset[str]:
    """The modules that bothends imports, itself or by way of others, and those of Python."""
    # An editable installation lists no modules of its own.
    return frozenset({"bothends", *sys.stdlib_module_names}) | _needed_installed()


def hides(name: str, folder: Path) -> str:
    """Where another module of this name is, or "" if there is none.

    Args:
        name: The name of a package.
        folder: The folder that is the package itself, and no other.
    """
    try:
        found = find_spec(name) if name in sys.modules else PathFinder.find_spec(name)
    except (ImportError, ValueError):
        return ""
    if name in sys.builtin_module_names:
        return "built into Python"
    if found is None:
        return ""

    origins = [found.origin, *(found.submodule_search_locations or ())]
    places = [Path(origin) for origin in origins if origin and Path(origin).is_absolute()]
    others = [location for location in places if not location.resolve().is_relative_to(folder)]
    return str(others[0]) if others else ""


def _taken(name: str, module_location: str) -> tuple[str, str]:
    message = f"the package {name} has the name of a module that is used here: {module_location}"
    free_name = f"{name}_api"
    first = f"`bothends generate {name} --name {free_name}` makes it under another name"
    return message, f'{first}; names = {{{name} = "{free_name}"}} in the settings keeps that'


@cache
def _needed_installed() -> frozenset[str]:
    """The modules of bothends' distribution and of all that it requires, as far as installed."""
    distributions = {"bothends"}
    waiting = ["bothends"]
    while waiting:
        with suppress(PackageNotFoundError):
            for requirement in requires(waiting.pop()) or ():
                name = _distribution(requirement)
                if name not in distributions:
                    distributions.add(name)
                    waiting.append(name)

    modules = packages_distributions().items()
    return frozenset(
        module
        for module, owners in modules
        if distributions.intersection(map(_distribution, owners))
    )


def _distribution(requirement: str) -> str:
    """The name at the head of a requirement, spelled as PEP 503 does."""
    end = next((i for i, sign in enumerate(requirement) if sign in " ;[(<>=!~"), len(requirement))
    return requirement[:end].lower().replace("_", "-").replace(".", "-")


class _OwnRuntime(MetaPathFinder, Loader):
    """Gives the modules of `bothends.runtime` under the name of a package's copy."""

    def __init__(self, name: str) -> None:
        self.name = name

    @override
    def find_spec(
        self,
        fullname: str,
        _path: Sequence[str] | None = None,
        _target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The module of the runtime that is meant, if it is one."""
        if fullname != self.name and not fullname.startswith(f"{self.name}."):
            return None
        return spec_from_loader(fullname, self)

    @override
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module itself: not a copy, so that its classes are the same."""
        module = import_module(_RUNTIME + spec.name.removeprefix(self.name))
        self._spec = module.__spec__
        return module

    @override
    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run again; the module keeps its own name."""
        module.__spec__ = self._spec
