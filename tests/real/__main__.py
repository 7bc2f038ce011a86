"""`make real [ONLY="stripe chroma"]`: real SDKs against our stand-ins, our clients against real servers.

For each subject: install its environment, generate the package of its contract, start the server, run the
script of calls, and print what went right and what did not.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .free_port import free_port, wait_for
from .real_servers import start_server
from .subjects import SUBJECTS, Subject

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORK = ROOT / ".real"
CORPUS = Path(os.environ.get("BOTHENDS_CORPUS", ROOT.parent / "shared" / "corpus"))
BOTHENDS = [sys.executable, "-m", "bothends"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rows that a script printed, and why there are none where it could not run."""

    subject: Subject
    rows: tuple[dict[str, Any], ...]
    problem: str = ""

    @property
    def wrong(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row["right"]]


def main() -> int:
    """Run the subjects that the arguments name, or all. Returns 1 if a call did not go right."""
    chosen = [subject for subject in SUBJECTS if not sys.argv[1:] or subject.name in sys.argv[1:]]
    outcomes = []
    for subject in chosen:
        print(f"{subject.name}: …", flush=True)
        try:
            outcome = run_sdk(subject) if subject.kind == "sdk" else run_server(subject)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            outcome = Outcome(subject, (), str(error))

        outcomes.append(outcome)
        report(outcome)

    print(f"\n{'subject':10} {'calls':>6} {'right':>6}")
    for outcome in outcomes:
        count = len(outcome.rows)
        print(
            f"{outcome.subject.name:10} {count:6} {count - len(outcome.wrong):6}  {outcome.problem}"
        )

    return int(any(outcome.wrong or outcome.problem for outcome in outcomes))


def report(outcome: Outcome) -> None:
    """A line for each call that did not go right."""
    for row in outcome.wrong:
        print(f"  {row['call']}: {row['outcome']}: {row['text']}")


def run_sdk(subject: Subject) -> Outcome:
    """Let the SDK call the stand-in of the vendor's published contract."""
    python = environment(subject)
    folder = generate(
        subject, (CORPUS / subject.contract).read_bytes(), Path(subject.contract).suffix
    )

    with stand_in(subject, folder) as url:
        script = HERE / "sdks" / f"call_{subject.name}.py"
        return run_script(subject, [str(python), str(script)], {"URL": url + subject.base_path})


def run_server(subject: Subject) -> Outcome:
    """Let the generated clients call the real server, by the contract that it publishes itself."""
    python = environment(subject)
    with start_server(subject.name, python.parent, WORK / subject.name) as server:
        request = urllib.request.Request(server.url + subject.contract, headers=server.headers)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()

        suffix = ".json" if text.lstrip().startswith(b"{") else ".yaml"
        folder = generate(subject, text, suffix)
        variables = {"URL": server.url, "PYTHONPATH": str(folder / "generated")}
        credential = credential_of(folder / "generated" / subject.name / "client.py")
        if credential:
            variables["CREDENTIAL"] = credential

        script = HERE / "servers" / f"tell_{subject.name}.py"
        return run_script(subject, [sys.executable, str(script)], variables)


def environment(subject: Subject) -> Path:
    """The Python of the subject's own environment, which is made on first use."""
    folder = WORK / "environments" / subject.name
    stamp = folder / "installed.json"
    wanted = json.dumps(subject.requirements)

    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        if subject.requirements:
            install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
            subprocess.run([*install, *subject.requirements], check=True)
        stamp.write_text(wanted, "utf-8")

    return folder / "bin" / "python"


def generate(subject: Subject, contract: bytes, suffix: str) -> Path:
    """Generate the subject's package in a project of its own; give the project's folder."""
    folder = WORK / subject.name
    specs = folder / "specs" / subject.name
    shutil.rmtree(folder / "specs", ignore_errors=True)
    specs.mkdir(parents=True)

    (folder / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    (specs / f"openapi{suffix}").write_bytes(contract)
    log = folder / "generate.log"
    with log.open("wb") as output:
        command = [*BOTHENDS, "generate"]
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False)

    if done.returncode:
        raise RuntimeError(f"nothing was generated: see {log.relative_to(ROOT)}")
    return folder


@contextmanager
def stand_in(subject: Subject, folder: Path) -> Iterator[str]:
    """The default stand-in of the package, on a free port, until the block ends."""
    port = free_port()
    command = [*BOTHENDS, "serve", subject.name, "--default", "--port", str(port)]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def run_script(subject: Subject, command: list[str], variables: dict[str, str]) -> Outcome:
    """Run a script of calls and read its lines."""
    begun = time.monotonic()
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    rows = tuple(json.loads(line) for line in lines)

    log = WORK / subject.name / "calls.jsonl"
    log.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"  {len(rows)} calls in {time.monotonic() - begun:.0f} s")
    return Outcome(subject, rows, "" if done.returncode == 0 else done.stderr[-1500:])


def credential_of(client: Path) -> str:
    """The keyword of the client that takes the credentials of its first security scheme."""
    found = re.search(r"\b(\w+): Secret \| None = None\b", client.read_text("utf-8"))
    return found[1] if found else ""


if __name__ == "__main__":
    sys.exit(main())
