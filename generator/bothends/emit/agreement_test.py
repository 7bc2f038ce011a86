"""The test of a package that `generate --tests` puts beside the user's own."""

from __future__ import annotations

from bothends.emit.source import environment
from bothends.ir import Identifier


def emit_agreement_test(package: str) -> str:
    """Return the text of a pytest file that checks that both ends of the package agree."""
    return environment().get_template("agreement_test.py.jinja").render(package=Identifier(package))
