"""The made-up API, generated; and a server of it that can be made wrong in one way."""

from __future__ import annotations

import copy
import json
import logging
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bothends.config import Config, find_specs
from bothends.pipeline import generate
from bothends.prove import Budget, Evidence, Package, load_package
from bothends.prove.fuzz.run import prove_conformance
from bothends.prove.probes.run import prove_probes
from bothends.prove.target.serve import serve
from bothends.prove.target.subject import Subject
from bothends.prove.target.success_handler import SuccessHandler
from bothends.prove.wire.credentials import Credentials
from bothends.runtime import App

CONTRACT = Path(__file__).with_name("openapi.yaml")
Mutate = Callable[[dict[str, Any]], object]
Wrap = Callable[[Any], Any]


def make_package(folder: Path, name: str = "ferry", contract: Path = CONTRACT) -> Package:
    specs = folder / "specs" / name
    specs.mkdir(parents=True)
    shutil.copy(contract, specs / "openapi.yaml")
    config = Config(folder, folder / "specs", folder)

    [spec] = find_specs(config, [str(specs / "openapi.yaml")])
    for path, text in generate(spec).files.items():
        file = folder / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    # Tests of a module may come in two stretches, and its packages be made again.
    for module in [module for module in sys.modules if module.partition(".")[0] == name]:
        del sys.modules[module]
    sys.path[:] = [at for at in sys.path if not Path(at, name).is_dir()]
    return load_package(folder / name)


def altered(folder: Path, package: Package, mutate: Mutate, name: str) -> Package:
    """The same package with another contract.json: a server that believes something else."""
    shutil.copytree(folder / package.name, folder / name)
    file = folder / name / "contract.json"
    document = json.loads(file.read_text("utf-8"))
    before = copy.deepcopy(document)
    mutate(document)
    assert document != before
    file.write_text(json.dumps(document), encoding="utf-8")

    return load_package(folder / name)


@dataclass(frozen=True)
class Bug:
    """One way to be wrong: a contract that the server misreads, a wrapper around it, or a handler.

    `of` is the one operation that is wrong, where only that is put to the proof. `by` stands in the name of the check that sees it, where another could see it by accident.
    """

    name: str
    mutate: Mutate | None = None
    wrap: Wrap | None = None
    handler: Callable[[SuccessHandler], object] | None = None
    check_replies: bool = False
    authenticate: Any = None
    constants: tuple[Any, ...] = ()
    max_examples: int = 0
    by: str = ""
    of: str = ""


def prove_bug(folder: Path, package: Package, bug: Bug, seed: int = 1) -> Evidence:
    """The evidence against a server with the bug; probes first, the fuzzer only where they saw nothing."""
    logger = logging.getLogger("bothends")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)

    try:
        return _evidence(folder, package, bug, seed)
    finally:
        logger.setLevel(level)


def _evidence(folder: Path, package: Package, bug: Bug, seed: int) -> Evidence:
    served = (
        altered(folder, package, bug.mutate, f"wrong_{plain_body(bug.name)}")
        if bug.mutate
        else package
    )
    credentials = Credentials.made_up(package.api)
    handler = SuccessHandler(served.operations)
    if bug.handler:
        bug.handler(handler)

    app: Any = App(
        served.api,
        served.operations,
        handler,
        authenticate=bug.authenticate or credentials.authenticate(),
        check_replies=bug.check_replies,
    )
    evidence = Evidence()

    with serve(bug.wrap(app) if bug.wrap else app) as address:
        subject = Subject(
            package,
            "wrong",
            address,
            credentials,
            always_succeeds=True,
            remembers=False,
            constants=bug.constants,
        )
        operations = tuple(one for one in package.operations if bug.of in ("", one.id))
        prove_probes(subject, operations, evidence, first=True)
        if not evidence.failures:
            prove_conformance(
                subject, operations, Budget(seed, bug.max_examples), evidence, first=True
            )

    return evidence


def plain_body(name: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in name.lower())
