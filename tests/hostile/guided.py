"""One reader fuzzed with coverage as the guide: `python -m tests.hostile.guided NAME SECONDS`."""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    """Run until the time is over, or until an input raises something; that input becomes a seed."""
    name, seconds = sys.argv[1:3]
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=["bothends"]):
        readers = import_module("tests.hostile.readers")

    folder = Path(__file__).parent / "seeds"
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(readers.SEEDS[name]):
            (Path(corpus) / str(number)).write_bytes(seed)

        options = ("-max_len=4096", "-timeout=20", "-verbosity=0", "-print_final_stats=1")
        kept = f"-artifact_prefix={folder / name}-"
        words = [sys.argv[0], f"-max_total_time={seconds}", *options, kept, corpus]
        atheris.Setup(words, lambda data: readers.read(name, data))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
