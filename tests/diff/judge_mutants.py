"""Judges every mutant in forty parts, each a sample of all, and goes on where it was stopped.

    make mutants                 all that is left
    SECONDS=500 make mutants     as many parts as begin in 500 seconds of CPU

What was counted is kept in `.mutants.json` until the last part is done.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.diff.test_mutants import assert_true, judged

PARTS = 40
KEPT = Path(".mutants.json")


def main() -> int:
    """Judge the parts that are left; 1 if a verdict of them is false."""
    text = KEPT.read_text("utf-8") if KEPT.exists() else '{"parts": 0, "counts": {}}'
    kept: dict[str, Any] = json.loads(text)
    counts = Counter[str](kept["counts"])
    limit = float(os.environ.get("SECONDS", "inf"))

    for part in range(kept["parts"], PARTS):
        if time.process_time() > limit:
            break

        counts += judged(Path.cwd(), every=PARTS, part=part)
        KEPT.write_text(json.dumps({"parts": part + 1, "counts": counts}), encoding="utf-8")
        sys.stdout.write(f"{part + 1} of {PARTS}: {dict(sorted(counts.items()))}\n")
        sys.stdout.flush()
        assert_true(counts)
    else:
        KEPT.unlink(missing_ok=True)

    return 0


if __name__ == "__main__":
    sys.exit(main())
