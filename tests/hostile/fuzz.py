"""`make fuzz`: each reader for SECONDS on what is like its input; what fails is kept as a seed.

Where atheris is installed, coverage is the guide (`guided.py`). It is in no lock: it has no wheel
for each Python that we support. Without it, seeds are mutated by chance.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

from .readers import READERS, SEEDS, read

FOLDER = Path(__file__).parent / "seeds"
_PIECES = (b'"', b"\\", b"\r", b"\n", b"\0", b"%", b"{", b"[", b"]", b"}", b":", b",", b"&", b"*")
_MORE = (b"\xff", b"\xed\xa0\x80", b"9" * 5_000, b"[" * 500, b"- " * 300, b"\xef\xbb\xbf", b"<<")


def mutated(draw: random.Random, seeds: list[bytes]) -> bytes:
    """One seed, with some bytes changed, left out, doubled or from another seed."""
    data = bytearray(draw.choice(seeds))
    for _ in range(draw.randint(1, 6)):
        place = draw.randint(0, len(data))
        end = min(len(data), place + draw.randint(0, 8))
        match draw.randint(0, 4):
            case 0:
                data[place:end] = b""
            case 1:
                data[place:place] = draw.choice(_PIECES + _MORE)
            case 2:
                data[place:place] = data[place:end] * draw.randint(1, 20)
            case 3:
                other = draw.choice(seeds)
                data[place:end] = other[draw.randint(0, len(other)) :]
            case _:
                data[place:end] = draw.randbytes(end - place)
    return bytes(data[:20_000])


def fuzz(name: str, seconds: float, seed: int) -> tuple[int, list[str]]:
    """How many inputs one reader was given, and what it raised."""
    draw = random.Random(seed)
    seeds = [*SEEDS[name], *(file.read_bytes() for file in sorted(FOLDER.glob(f"{name}-*")))]
    faults: list[str] = []
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until and len(faults) < 10:
        data = mutated(draw, seeds)
        count += 1
        try:
            read(name, data)
        except Exception:  # noqa: BLE001 (any that is not the reader's own is what is looked for)
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
            faults.append(traceback.format_exc(limit=-2))
    return count, faults


def _guided(name: str, seconds: float) -> int:
    sys.stdout.write(f"{name}: guided by coverage\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "tests.hostile.guided", name, str(int(seconds))]
    return int(subprocess.run(command, check=False).returncode != 0)


def main() -> int:
    """Fuzz all readers, or those that are named."""
    names = sys.argv[1:] or list(READERS)
    seconds = float(os.environ.get("SECONDS", "600"))
    seed = int(os.environ.get("SEED", str(random.randrange(2**32))))
    is_wrong = False
    if find_spec("atheris"):
        return max(_guided(name, seconds) for name in names)

    for name in names:
        count, faults = fuzz(name, seconds, seed)
        sys.stdout.write(f"{name}: {count:,} inputs, {len(faults)} faults (SEED={seed})\n")
        sys.stdout.write("".join(faults))
        is_wrong = is_wrong or bool(faults)
    return int(is_wrong)


if __name__ == "__main__":
    raise SystemExit(main())
