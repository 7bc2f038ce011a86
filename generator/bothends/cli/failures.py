"""Doing something whose errors are printed, with the exit code that they have."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from bothends.cli.exits import FAULT, FINDINGS, MISUSE
from bothends.cli.terminal import show_findings, show_problem
from bothends.config import Misuse, load_config
from bothends.diagnostics import ContractError, Finding, Severity


def shown(work: Callable[[], int]) -> int:
    """Return the exit code of some work.

    An error in a contract, in the flags or on the disk is printed as a finding.
    """
    try:
        return work()
    except Misuse as error:
        show_findings(error.findings, {}, sys.stderr)
        return MISUSE
    except ContractError as error:
        from bothends.cli.sources import read_sources

        sources = read_sources(load_config(Path.cwd()), (), error.findings)
        show_findings(error.findings, sources, sys.stderr)
        return FINDINGS
    except OSError as error:
        if error.filename is None:
            raise
        show_problem(f"{error.filename}: {(error.strerror or 'cannot be used').lower()}")
        return MISUSE
    except ModuleNotFoundError:
        raise  # `main` says which extra is missing
    except Exception as error:
        if os.environ.get("BOTHENDS_TRACEBACK"):
            raise

        last = traceback.extract_tb(error.__traceback__)[-1]
        raised = f"{Path(last.filename).name}:{last.lineno}"
        message = f"this is a fault of bothends: {type(error).__name__} at {raised}: {error}"
        hint = "please report it, with the traceback that BOTHENDS_TRACEBACK=1 prints"
        show_findings(
            [Finding("internal-error", Severity.ERROR, message, hint=hint)], {}, sys.stderr
        )

        return FAULT
