"""The pytest fixture `bothends_stand_in`: a stand-in in process or on a free port.

    def test_resending(bothends_stand_in):
        vendor = bothends_stand_in("harbour", seed={"tides": {}})
        client = HarbourClient(app=vendor.app)             # in process
        other = HarbourClient(base_url=vendor.url)         # over HTTP: a server runs from now on

Each test has its own, and nothing of it is left when the test ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bothends.runtime.server.asgi import ASGIApp


_RUNTIME = "runtime"


class RunningStandIn:
    """A stand-in of one test. `handler` is the object that answers, `app` its ASGI app."""

    def __init__(self, handler: Any, app: ASGIApp, stack: ExitStack) -> None:
        self.handler, self.app, self._stack = handler, app, stack

    @cached_property
    def url(self) -> str:
        """The address of a server on a free port; it starts on first use."""
        # Needs the extra `serve`; in process nothing does.
        from bothends.serve.listen import running  # noqa: PLC0415

        return self._stack.enter_context(running(self.app))


class StandIns:
    """Makes stand-ins for one test."""

    def __init__(self, root: Path, stack: ExitStack) -> None:
        self._root, self._stack = root, stack

    def __call__(
        self,
        package: str | ModuleType,
        *,
        stand_in: Any = None,
        default: bool = False,
        seed: object = None,
        state: Path | None = None,
    ) -> RunningStandIn:
        """A stand-in for a generated package.

        It is `stand_in` (an object, a class, or the path of a stand_in.py), else
        specs/<package>/stand_in.py if there is one and `default` is not set, else the one that
        answers from the contract. `seed` is data as in a seed file (of the last one:
        `{"credentials": {scheme: [those it accepts]}}`), `state` the SQLite file to keep its state
        in.
        """
        name = package if isinstance(package, str) else package.__name__
        making = _making(name)
        chosen = None if default else stand_in or self._beside_the_contract(name)
        try:
            handler = self._make(chosen, name, seed, state)
        except making.SeedError as error:
            raise making.SeedError(
                error.faults, self._description_of(chosen, name, default=default)
            ) from None

        # A test that fails shows the error of the client, which has the text of the answer. The
        # copy of the runtime in a package may be older than this option.
        can_debug = "debug" in signature(making.app_of).parameters
        app: ASGIApp = making.app_of(handler, name, **({"debug": True} if can_debug else {}))
        return RunningStandIn(handler, app, self._stack)

    def _description_of(self, chosen: Any, name: str, *, default: bool) -> str:
        """Which stand-in answers, for those whose seed it does not take."""
        if chosen is not None:
            return (
                str(chosen) if isinstance(chosen, str | Path) else f"the stand-in {chosen.__name__}"
            )

        answering = "the stand-in that answers from the contract"
        if default:
            return answering

        missing = self._specs() / name.rpartition(".")[2] / "stand_in.py"
        return f'{answering}, as there is no {missing}; to name another: stand_in="path/of/stand_in.py"'

    def _specs(self) -> Path:
        from bothends.config import Misuse, load_config  # noqa: PLC0415 (the same)

        try:
            return load_config(self._root).specs
        except Misuse:
            return self._root / "specs"

    def _make(self, chosen: Any, name: str, seed: object, state: Path | None) -> Any:
        making = _making(name)
        if chosen is None:
            operations = self._operations(name)
            chosen = making.default_stand_in(operations.API, operations.OPERATIONS)

        kind = (
            making.load_stand_in(Path(chosen), name) if isinstance(chosen, str | Path) else chosen
        )
        if not isinstance(kind, type):
            return kind

        remaining = None if state is None else making.State(state, name)
        if remaining is not None:
            self._stack.callback(remaining.close)

        return making.make_stand_in(kind, seed=seed, state=remaining)

    def _operations(self, name: str) -> ModuleType:
        try:
            return import_module(f"{name}.operations")
        except ModuleNotFoundError as error:
            if not f"{name}.operations".startswith(error.name or "-"):
                raise
            message = f"no generated package {name} can be imported: {self._hint(name)}"
            raise ModuleNotFoundError(message, name=error.name) from None

    def _hint(self, name: str) -> str:
        from bothends.config import Misuse, load_config  # noqa: PLC0415 (the same)
        from bothends.nearest import nearest  # noqa: PLC0415 (the same)

        try:
            folder = load_config(self._root).generated
        except Misuse:
            folder = self._root / "generated"
        if (folder / name / "operations.py").is_file():
            return f"`pythonpath = {folder.name}` in pytest.ini says where it is"
        near = nearest(name, [file.parent.name for file in folder.glob("*/operations.py")])
        return f"did you mean `{near}`?" if near else f"`bothends generate {name}` makes it"

    def _beside_the_contract(self, name: str) -> Path | None:
        from bothends.config import Misuse, find_specs, load_config  # noqa: PLC0415 (the same)

        try:
            specs = find_specs(load_config(self._root), [])
        except Misuse:
            return None

        return next((spec.stand_in for spec in specs if spec.name == name.rpartition(".")[2]), None)


def _making(package: str) -> Any:
    """What makes stand-ins: of the package's own runtime, if it has a copy."""
    # Loaded in every run of pytest, and used in few.
    from importlib.util import find_spec  # noqa: PLC0415

    try:
        owner = package if find_spec(f"{package}.{_RUNTIME}") else "bothends"
    except ModuleNotFoundError:  # no such package: what needs it says so
        owner = "bothends"
    return import_module(f"{owner}.{_RUNTIME}.stand_in")


@pytest.fixture
def bothends_stand_in(pytestconfig: pytest.Config) -> Iterator[StandIns]:
    """Makes stand-ins for vendors; they are gone when the test ends."""
    with ExitStack() as stack:
        yield StandIns(pytestconfig.rootpath, stack)
