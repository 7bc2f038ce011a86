"""Branch coverage of each room beside its floor: `make coverage`.

Reads the report of coverage.py and prints one line per room:

    room         covered   floor
    cli            91.2%     88%
    serve          94.0%     95%   below its floor

A floor is a whole number of per cent in coverage.json. It only rises: raise it when a room is a
point or more above.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).with_name("coverage.json")
PROGRAM = "generator/bothends/"


def rooms(report: dict[str, Any]) -> dict[str, float]:
    """The per cent of lines and branches that were run, by room."""
    possible: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for path, file in report["files"].items():
        room = path.partition(PROGRAM)[2].partition("/")[0].removesuffix(".py")
        figures = file["summary"]
        possible[room] += figures["num_statements"] + figures["num_branches"]
        covered[room] += figures["covered_lines"] + figures["covered_branches"]

    return {room: 100 * covered[room] / possible[room] for room in sorted(possible)}


def main() -> int:
    """Print the table; 1 if a room is below its floor, or has none."""
    floors: dict[str, int] = json.loads(FLOORS.read_text("utf-8"))
    report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    low = False

    print(f"{'room':<14}{'covered':>9}{'floor':>8}")
    for room, share in rooms(report).items():
        floor = floors.get(room)
        is_low = floor is None or share < floor
        low = low or is_low
        remark = "   below its floor" if is_low else ""
        if floor is not None and share >= floor + 1:
            remark = f"   raise its floor to {int(share)}"
        print(f"{room:<14}{share:>8.1f}%{floor or 0:>7}%{remark}")

    return int(low)


if __name__ == "__main__":
    sys.exit(main())
