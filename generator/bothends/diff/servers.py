"""Servers of two contracts: can what is sent to a server of the old one still be sent?

Worked example. `https://{region}.example/v1`, where the region is `eu` or `us`, stands for two
servers. A new contract that lists `https://eu.example/v1` alone has lost one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, Final

from bothends.openapi.json_value import as_array, as_object

_MOST: Final = 200
"""Servers that one entry may stand for; what is beyond is not compared."""

_ANY: Final = "\ue000"
"""Stands for a variable of any value. A private character of Unicode: no URL has it."""

_ORIGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_USUAL_PORTS: Final = {"http": ":80", "https": ":443"}
_VARIABLE: Final = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Servers:
    """Some servers, by URL as it is compared: each with the URL as it is written and its index."""

    entries: tuple[dict[str, Any], ...]

    def gone(self, later: Servers) -> Iterator[tuple[str, int]]:
        """The servers that are not among later ones, with the indices of their entries."""
        for index, entry in enumerate(self.entries):
            for url in _urls(entry):
                if not later.has(url):
                    yield url.replace(_ANY, "…"), index

    def default(self) -> str:
        """Where clients send to by default: the first, with the defaults of its variables."""
        if not self.entries:
            return ""
        variables = as_object(self.entries[0].get("variables"))
        defaults = {
            name: {"enum": [as_object(variables[name]).get("default")]} for name in variables
        }
        return next(_urls({**self.entries[0], "variables": defaults}))

    def has(self, url: str) -> bool:
        """Whether a URL is that of one of these servers."""
        return any(_covers(another, url) for another in self.urls())

    def urls(self) -> Iterator[str]:
        """The URL of each, with each value that a variable may have."""
        for entry in self.entries:
            yield from _urls(entry)


def servers_in(owner: Mapping[str, Any]) -> Servers:
    """The servers that a contract or an operation names; none where it does not say."""
    return Servers(tuple(map(as_object, as_array(owner.get("servers")))))


def _urls(entry: dict[str, Any]) -> Iterator[str]:
    url = str(entry.get("url"))
    variables = as_object(entry.get("variables"))
    names = list(dict.fromkeys(_VARIABLE.findall(url)))
    choices: list[list[str]] = []
    for name in names:
        allowed = as_array(as_object(variables.get(name)).get("enum"))
        choices.append(list(map(str, allowed)) or [_ANY])

    for values in islice(product(*choices), _MOST):
        written = url
        for name, value in zip(names, values, strict=True):
            written = written.replace(f"{{{name}}}", value)
        # Host and scheme have no case, the port of a scheme may be left out (RFC 3986 §6.2.2.1 and
        # §6.2.3), and a last slash means nothing.
        origin = _ORIGIN.match(written)
        start = origin.end() if origin else 0
        host = written[:start].lower()
        usual_port = _USUAL_PORTS.get(host.partition(":")[0], "")
        yield (host.removesuffix(usual_port) + written[start:]).rstrip("/") or "/"


def _covers(larger: str, smaller: str) -> bool:
    """Whether one URL is another, or a pattern that it fits."""
    if larger == smaller:
        return True
    pattern = ".+".join(map(re.escape, larger.split(_ANY)))
    return _ANY in larger and re.fullmatch(pattern, smaller) is not None
