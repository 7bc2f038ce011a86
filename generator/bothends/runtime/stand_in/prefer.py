"""The request header Prefer (RFC 7240): which documented reply the caller would like to see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]"
# Nothing is tried twice: a line of spaces or of letters would else take quadratic time.
_PREFERENCE = re.compile(
    rf"""(?<!{_NAME})(?P<name>{_NAME}++)\s*+"""
    r"""(?:=\s*+(?P<value>"(?:[^"\\]|\\.)*+"|[^\s,;"]*+)\s*+)?(?P<rest>;[^,]*+)?(?:,|$)"""
)


@dataclass(frozen=True, slots=True)
class Preference:
    """`code` is a status, `example` the name of an example; each None when it is not asked for."""

    code: int | None = None
    example: str | None = None

    @property
    def applied(self) -> str:
        """The value of Preference-Applied when all of it was honoured."""
        words: list[str] = []
        if self.code is not None:
            words.append(f"code={self.code}")
        if self.example is not None:
            words.append(f"example={_quoted(self.example)}")
        return ", ".join(words)


def read_preference(lines: Iterable[str]) -> Preference:
    """What the header's lines ask for.

    What is not understood is ignored (RFC 7240 §2), and so is a name's repetition.
    """
    found: dict[str, str] = {}
    for line in lines:
        for match in _PREFERENCE.finditer(line):
            # RFC 7240 §2: of a preference that is there twice, the first counts.
            found.setdefault(match["name"].lower(), _plain(match["value"] or ""))

    code = found.get("code", "")
    expected = int(code) if re.fullmatch(r"[1-5][0-9]{2}", code) else None
    return Preference(expected, found.get("example") or None)


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _quoted(value: str) -> str:
    if re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
