"""What a whole process costs: its CPU time with that of its children, and its memory."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_SECONDS_BETWEEN_LOOKS = 0.005


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU with its children's, and megabytes at the most at once without theirs."""

    seconds: float
    megabytes: float


def cost(
    folder: Path,
    *arguments: str,
    statuses: Container[int] = (0,),
    environment: Mapping[str, str] = os.environ,
    output: Path | None = None,
) -> Cost:
    """Run Python with these arguments in a folder, to its end; what it writes goes to a file.

    Raises:
        RuntimeError: It ends with another status than these.
    """
    path = os.pathsep.join([str(folder), environment.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    variables = {**environment, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    output = output or folder / "output.txt"
    with output.open("wb") as log:
        command = [sys.executable, *arguments]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=variables)
        status, usage, megabytes = _awaited(process.pid)
        process.returncode = os.waitstatus_to_exitcode(status)

    if process.returncode not in statuses:
        raise RuntimeError(f"{' '.join(command)}: {output.read_text('utf-8')[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, megabytes)


def _awaited(pid: int) -> tuple[int, resource.struct_rusage, float]:
    """Wait for the end of a process: its status, its usage, and its memory at the most (Linux).

    The memory that `wait4` tells of is never less than that of the process which started this one.
    """
    megabytes = 0.0
    while True:
        megabytes = _peak_of(pid) or megabytes
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return status, usage, megabytes
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _peak_of(pid: int) -> float | None:
    """Megabytes; None of a process that has ended, whose memory is gone."""
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("utf-8"))
    return int(found[1]) / 1024 if found else None


def seconds_until_line(folder: Path, start: str, *arguments: str) -> float:
    """Seconds of CPU until Python, run with these arguments, prints a line that starts so."""
    command = [sys.executable, *arguments]
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    output = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, text=True, env=variables
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if start in line:
                break
        seconds = _cpu_of(process.pid)
        process.terminate()
    return seconds


def cpu_of_all(pid: int) -> float:
    """Seconds of CPU so far of a process and of those that it started (Linux)."""
    spent, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        fields = _status(one)
        spent += int(fields[11]) + int(fields[12])
        children = Path(f"/proc/{one}/task/{one}/children").read_text("utf-8")
        waiting += map(int, children.split())
    return spent / os.sysconf("SC_CLK_TCK")


def _status(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()


def _cpu_of(pid: int) -> float:
    """Seconds of CPU of a process so far (Linux)."""
    while True:
        fields = _status(pid)
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        if seconds:
            return seconds
        time.sleep(0.01)
