"""A contract as it was at a revision of git: `git:HEAD~3:specs/harbour`."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

from bothends.config import Misuse, contract_names, misuse

_PREFIX = "git:"
_TIME_LIMIT = 60


def is_revision(name: str) -> bool:
    """Whether an argument of the command line names a revision."""
    return name.startswith(_PREFIX)


def check_out(name: str, folder: Path) -> Path:
    """Write the files of a revision below `folder`, and give the path of what was named there.

    The folder that the contract lies in is written whole, because a contract may refer to its
    neighbours. Only `git archive` is asked: nothing in the working tree changes.

    Args:
        name: `git:REF:path`, the path being that of a contract or of its folder, from the root.
        folder: An empty folder.

    Raises:
        Misuse: The argument has another form, or git does not know the revision or the path.
    """
    reference, separator, path = name.removeprefix(_PREFIX).partition(":")
    if not reference or not separator or not path or reference.startswith("-"):
        raise misuse(
            "revision",
            f"{name} is not of the form git:REF:path",
            hint="for example git:HEAD:specs/harbour or git:v1.2:specs/harbour/openapi.yaml",
        )

    root = _git("rev-parse", "--show-toplevel").decode().strip()
    inside = PurePosixPath(path)
    parent = inside if not inside.suffix else inside.parent
    archive = _git("-C", root, "archive", "--format=tar", reference, "--", str(parent))

    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder / inside


def committed(folder: Path, reference: str) -> dict[str, str]:
    """The contracts of a folder of contracts, as they are at a revision.

    Args:
        folder: The folder; each contract is in a folder of its own below it.
        reference: The revision.

    Returns:
        By the name of its folder, the argument for each contract.

    Raises:
        Misuse: git cannot be run, this is no repository, or it does not know the revision.
    """
    root = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    # Asked first: a revision that is not there must not look like contracts that are new.
    try:
        _git("rev-parse", "--verify", "--end-of-options", f"{reference}^{{commit}}")
    except Misuse:
        # Before the first commit all contracts are new, and a hook must let it pass.
        if reference == "HEAD":
            print("nothing is committed yet: every contract is new", file=sys.stderr)
            return {}
        hint = "in CI, fetch it first: checkouts there often hold one commit only"
        message = f"git knows no commit {reference}"
        raise misuse("revision", message, hint=hint) from None

    inside = folder.resolve().relative_to(root.resolve()).as_posix()
    tree = reference if inside == "." else f"{reference}:{inside}"
    try:
        names = _git("-C", str(root), "ls-tree", "-r", "-z", "--name-only", tree)
    except Misuse:
        # There was no such folder.
        return {}

    prefix = "" if inside == "." else f"{inside}/"
    files = {PurePosixPath(name) for name in names.decode("utf-8", "replace").split("\0")}
    found: dict[str, str] = {}
    for name in {file.parts[0] for file in files if len(file.parts) == 2}:
        contract = next((file for file in contract_names(name) if file in files), None)
        if contract is not None:
            found[name] = f"{_PREFIX}{reference}:{prefix}{contract}"
    return found


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            capture_output=True,
            check=False,
            timeout=_TIME_LIMIT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise misuse("revision", f"git cannot be run: {error}") from error

    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        hint = ""
        if "not a git repository" in message:
            hint = "name two contracts, or run it in a git repository: it holds the old one"
        raise misuse("revision", f"git says: {message}", hint=hint)
    return done.stdout
