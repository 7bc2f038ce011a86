"""A stand-in from a file: a class `StandIn` on the generated handler interface.

It may have `app()`, else it is served as it is, with its own `authenticate` if it has one. Its
constructor may take `state` (a `State`), `idempotency` (an `IdempotencyStore`) and, by their names,
what its class attribute `seeds` lists.
"""

from __future__ import annotations

import inspect
import sys
import traceback
from collections.abc import Iterable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from bothends.runtime.idempotency.entry import IdempotencyStore
from bothends.runtime.server.asgi import ASGIApp

from .seed import SeedError, read_seed
from .state import State

_MOST_FAULTS = 5


class StandInError(Exception):
    """A file has no stand-in, or one that cannot do what is asked of it."""


def load_stand_in(path: Path, package: str) -> type:
    """The class `StandIn` of a file. The generated package must be importable under its name."""
    name = f"bothends_stand_in_{package}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise StandInError(f"{path} is not a Python file")

    module = sys.modules[name] = module_from_spec(spec)  # dataclasses look their module up by name
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        line = _line_of(error, path)
        place = "" if line is None else f" (line {line})"
        raise StandInError(
            f"{path} fails when it is loaded: {type(error).__name__}: {error}{place}"
        ) from error

    found: object = getattr(module, "StandIn", None)
    if not inspect.isclass(found):
        raise StandInError(f"{path} has no class StandIn")

    return found


def _line_of(error: Exception, path: Path) -> int | None:
    """The line of a file that an exception came from, or that cannot be parsed."""
    if isinstance(error, SyntaxError):  # its own text says where
        return None
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)


_TAKEN = {
    "state": "`state: State | None = None`, of bothends.runtime.stand_in",
    "idempotency": "`idempotency: IdempotencyStore | None = None`, of bothends.runtime.idempotency",
}


def check_taken(kind: type, names: Iterable[str]) -> None:
    """Raise StandInError for what the constructor of a stand-in has no argument for."""
    taken = inspect.signature(kind).parameters
    for name in names:
        if name not in taken:
            raise StandInError(
                f"this stand-in takes no `{name}`: its constructor would have {_TAKEN[name]}"
            )


def make_stand_in(
    kind: type,
    *,
    state: State | None = None,
    seed: object = None,
    idempotency: IdempotencyStore | None = None,
) -> Any:
    """A stand-in of this class.

    Raises:
        SeedError: For a seed that does not fit, StandInError for what the class does not take.
    """
    provided = {"state": state, "idempotency": idempotency}
    arguments = {name: value for name, value in provided.items() if value is not None}
    check_taken(kind, arguments)

    if seed is not None:
        arguments |= read_seed(kind, seed)

    try:
        return kind(**arguments)
    except SeedError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise StandInError(
            f"{kind.__name__} cannot be made: {_described(error)} "
            f"({Path(last.filename).name}:{last.lineno}); its constructor runs with what "
            "--seed and --state give, and must do without the rest"
        ) from error


def _described(error: Exception) -> str:
    """An exception in one line; of a value that is no model, what is wrong with it."""
    if not isinstance(error, ValidationError):
        return f"{type(error).__name__}: {error}"

    faults = [
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
        for fault in error.errors(include_url=False, include_input=False)
    ]
    more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
    return f"this is no {error.title}: {'; '.join(faults[:_MOST_FAULTS])}{more}"


def app_of(stand_in: Any, package: str, *, debug: bool = False) -> ASGIApp:
    """Return the server of a stand-in: its own `app()`, else that of the package.

    With `debug`, a 500 of the latter says what failed.
    """
    if hasattr(stand_in, "app"):
        app: ASGIApp = stand_in.app()
        return app

    server: ModuleType = import_module(f"{package}.server")
    result: ASGIApp = server.create_app(
        stand_in, authenticate=getattr(stand_in, "authenticate", None), debug=debug
    )
    return result
