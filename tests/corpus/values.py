"""`make corpus-values`: values of each component of real contracts, through the models.

    BOTHENDS_CORPUS=../contracts ONLY="box discord" VALUES=20 make corpus-values

Each component schema with a Python name is given values that the contract accepts: the samples of
the stand-in, and drawn ones (of a large contract, for every n-th component). A value is decoded to
the component's type, is of that type down to the last field, is taken by its constructor, and is
encoded to an equal value. Whatever does not hold is printed below the line of its contract.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from bothends.prove import load_package
from bothends.prove.agreement.loss import loss
from bothends.prove.values.json_values import json_values
from bothends.prove.values.typed import constructed
from bothends.runtime import MISSING
from bothends.runtime.json.value import is_object
from bothends.runtime.models.codec import Codec, codec_for
from bothends.runtime.models.encoding import encode
from bothends.runtime.schema.sample.value import sample
from bothends.runtime.schema.schema_view import SchemaView
from tests.corpus.contracts import CORPUS, find_contracts
from tests.corpus.report import generate
from tests.laws.test_compositions import is_of

_DRAWN_COMPONENTS = 150
_DRAWN_VALUES = 10


def main() -> None:
    """Print a line for each contract, and what does not hold below it."""
    if len(sys.argv) == 2:
        _check_here(Path(sys.argv[1]))
        return

    words = os.environ.get("ONLY", "").split()
    chosen = [c for c in find_contracts() if not words or any(word in c for word in words)]
    for contract in sorted(chosen, key=lambda c: (CORPUS / c).stat().st_size):
        print(f"{contract}: {_report(contract)}", flush=True)


def _report(contract: str) -> str:
    """What a process of its own says: each package is called the same."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        generate(project, CORPUS / contract)
        package = project / "generated/made"
        run = subprocess.run(
            [sys.executable, "-m", "tests.corpus.values", str(package)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return run.stdout.strip() or f"exit code {run.returncode}"


def _check_here(folder: Path) -> None:
    """Print the numbers of one package, then what does not hold in it."""
    codec = codec_for(load_package(folder).api)
    module = importlib.import_module(folder.name)
    keys = codec.contract.document["components"]["schemas"]
    renamed = codec.contract.find_object("/x-names")
    names = [name for name in (renamed.get(key, key) for key in keys) if hasattr(module, name)]
    step = ceil(len(names) / _DRAWN_COMPONENTS) or 1

    found: list[str] = []
    counts = Counter[str]()
    for number, name in enumerate(names):
        values = list(_values(codec, name, is_drawn=number % step == 0))
        counts["without a value"] += not values
        counts["values"] += len(values)
        wrong = (_fault(codec, getattr(module, name), value) for value in values)
        found += [f"    {name}: {fault}" for fault in dict.fromkeys(filter(None, wrong))]

    numbers = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(f"{len(names)} components, {numbers}, {len(found)} faults")
    print("\n".join(found))


def _values(codec: Codec, name: str, *, is_drawn: bool) -> Iterator[Any]:
    contract = codec.contract
    pointer = contract.component(name) or ""
    view = SchemaView(contract, (pointer,))
    for alternative in (pointer, *view.alternatives()):
        for full in (True, False):
            value = sample(contract, alternative, full=full)
            if value is not MISSING and contract.accepts(pointer, value):
                yield value
    if is_drawn:
        yield from _drawn(codec, pointer)


def _drawn(codec: Codec, pointer: str) -> list[Any]:
    found: list[Any] = []

    def take(value: Any) -> None:
        found.append(value)

    count = int(os.environ.get("VALUES", str(_DRAWN_VALUES)))
    options = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    try:
        options(seed(1)(given(json_values(codec.contract, pointer))(take)))()
    except Exception:  # noqa: BLE001 (the makers of values give up; the samples are there)
        return found
    return found


def _fault(codec: Codec, type_: Any, value: Any) -> str:
    """What does not hold of a value; empty if all does."""
    try:
        decoded = codec.decode(type_, value)
        lost = loss(value, decoded) or loss(encode(decoded), decoded)
        if lost is not None:
            return f"{value!r} is read as {decoded!r}: {lost}"
        # Where the contract allows more than an object, the type is `Tide | Any`, not the class.
        is_class = isinstance(type_, type)
        if is_class and (_has_files(type_) or not is_object(value)):
            return ""
        if not is_of(decoded, type_):
            return f"{value!r} is read as {decoded!r}, which is not of its type"
        rebuilt = constructed(decoded)
        lost = loss(value, rebuilt) or loss(encode(rebuilt), rebuilt)
        if lost is not None:
            return f"{value!r} is rebuilt as {rebuilt!r}: {lost}"
    except Exception as error:  # noqa: BLE001 (it is what the report is about)
        return f"{value!r}: {type(error).__name__}: {error}"
    return ""


@cache
def _has_files(type_: Any) -> bool:
    """Whether it is the body of a multipart form: a file is no JSON, and stays text here."""
    fields = getattr(type_, "model_fields", {})
    return any("File" in str(field.annotation) for field in fields.values())


if __name__ == "__main__":
    main()
