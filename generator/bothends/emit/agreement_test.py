"""The test of a package that its users may have beside their own."""

from __future__ import annotations

from bothends.emit.source import environment
from bothends.ir import Identifier


def emit_agreement_test(package: str) -> str:
    """The text of a pytest file that holds both ends of a generated package together, by the package's name."""
    return environment().get_template("agreement_test.py.jinja").render(package=Identifier(package))
