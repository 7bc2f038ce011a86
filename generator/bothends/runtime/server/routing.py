"""From a raw path to its operations: concrete before templated (OpenAPI 3.1 §4.8.8.2).

The raw path is split first and decoded after, so that an encoded slash is no separator.

Example: of `/tides/today` and `/tides/{day}` the first matches a request for `/tides/today`, and
the second is never asked. Of `/{kind}/today` and `/tides/{day}` neither is the more concrete one,
so a request for `/tides/today` may be meant for both: they come one after the other, and the first
whose parameters and body fit answers. So do paths that differ only after a `#`, which is not sent
(RFC 9110 §7.1): those that demand more come first, because `/tides` takes a request for
`/tides?day=1` as well, and ignores its query. Below the path of each server, `/v2/tides/today`, all
is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, product
from operator import itemgetter
from typing import Any
from urllib.parse import unquote, urljoin

from bothends.runtime.operation import Api, Operation, Server
from bothends.runtime.path_template import VARIABLE, pattern_of, wire_template
from bothends.runtime.url import url_parts

_SOME_HOST = "http://host/"
_MOST_BASES = 64


class Route:
    """One path template with its operations by method; several if paths differ after a `#`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.operations: dict[str, list[Operation[Any]]] = {}
        self.methods: list[str] = []
        """Those of every path that differs from this one only in the names of parameters."""

        segments = path.split("/")
        self.order = tuple(map(_rank, segments))
        self._literals: dict[int, str] = {}
        self._patterns: dict[int, tuple[re.Pattern[str], list[str]]] = {}
        for index, segment in enumerate(segments):
            if "{" in segment:
                self._patterns[index] = (
                    pattern_of(wire_template(segment)),
                    VARIABLE.findall(segment),
                )
            else:
                self._literals[index] = segment

    @property
    def allow(self) -> str:
        """The value of Allow: what is documented, and what is answered along with it."""
        methods = dict.fromkeys(self.methods)
        if "GET" in methods:
            methods["HEAD"] = None
        methods["OPTIONS"] = None
        return ", ".join(methods)

    def operations_for(self, method: str) -> list[Operation[Any]]:
        """Return the operations that answer a method.

        Those of GET answer HEAD as well (RFC 9110 §9.3.2).
        """
        found = self.operations.get(method, [])
        if not found and method == "HEAD":
            return self.operations.get("GET", [])
        return found

    def is_counterpart_of(self, another: Route) -> bool:
        """Whether another path is a more concrete one of this template, and is matched first."""
        if len(another.order) != len(self.order) or another.order == self.order:
            return False
        return all(item <= own for item, own in zip(another.order, self.order, strict=True))

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The raw text of each path parameter, or None when the path is another one."""
        for index, literal in self._literals.items():
            # RFC 3986 §6.2.2.2: an encoded unreserved character is the same as the character.
            if segments[index] != literal and unquote(segments[index]) != literal:
                return None

        found: dict[str, str] = {}
        for index, (pattern, names) in self._patterns.items():
            values = pattern.fullmatch(segments[index])
            if values is None:
                return None
            found.update(zip(names, values.groups(), strict=True))

        return found


class Router:
    """All routes of an API, at the root and below each of `base_paths`."""

    def __init__(
        self, operations: Iterable[Operation[Any]], base_paths: Iterable[str] = ()
    ) -> None:
        routes: dict[str, Route] = {}
        # Sorted, so that the order of the contract decides nothing where a path occurs several
        # times.
        for operation in _by_demand(sorted(operations, key=lambda entry: entry.path)):
            path = operation.path.partition("#")[0]
            methods = routes.setdefault(path, Route(path)).operations
            methods.setdefault(operation.method.upper(), []).append(operation)

        shapes: dict[str, list[str]] = {}
        for path, route in routes.items():
            route.methods = shapes.setdefault(VARIABLE.sub("{}", path), [])
            route.methods += route.operations

        self.paths = list(routes)
        self._fixed = frozenset(path for path in routes if "{" not in path)
        self._found: dict[str, tuple[tuple[Route, dict[str, str]], ...]] = {}
        self.base_paths = tuple(
            dict.fromkeys(path.rstrip("/") for path in base_paths if path != "/")
        )
        self._bases: list[list[re.Pattern[str]]] = []
        for path in filter(None, self.base_paths):
            # A variable in it is any text.
            self._bases.append([pattern_of(segment, ".") for segment in path.split("/")])
        self._tree = _Branch()
        for index, route in enumerate(sorted(routes.values(), key=lambda route: route.order)):
            self._tree.add(route.path.split("/"), index, route)

    def find(self, raw_path: str) -> Iterable[tuple[Route, dict[str, str]]]:
        """Return the routes of a raw path, best first, with the raw texts of their parameters.

        A templated counterpart of a route that was found is left out: the more concrete path is the
        one that is meant.
        """
        if raw_path not in self._fixed:
            return self._search(raw_path)

        # The same each time, and as many as the contract has such paths.
        found = self._found.get(raw_path)
        if found is None:
            found = self._found[raw_path] = tuple(self._search(raw_path))
        return found

    def _search(self, raw_path: str) -> Iterator[tuple[Route, dict[str, str]]]:
        segments = raw_path.split("/")
        yield from self._find(segments)
        for base in self._bases:
            pairs = zip(base, segments, strict=False)
            is_below = all(pattern.fullmatch(unquote(text)) for pattern, text in pairs)
            if len(segments) > len(base) and is_below:
                yield from self._find(["", *segments[len(base) :]])

    def _find(self, segments: list[str]) -> Iterator[tuple[Route, dict[str, str]]]:
        before: list[Route] = []
        for route in self._tree.find(segments):
            found = route.match(segments)
            if found is not None and not (before and any(map(route.is_counterpart_of, before))):
                before.append(route)
                yield route, found


class _Branch:
    """The routes that begin with the same segments, so that a request tries few of many."""

    def __init__(self) -> None:
        self._literals: dict[str, _Branch] = {}
        self._templated: _Branch | None = None
        self._routes: list[tuple[int, Route]] = []

    def add(self, segments: list[str], index: int, route: Route) -> None:
        """Add a route, with its index in the order of trial."""
        branch = self
        for segment in segments:
            if "{" not in segment:
                branch = branch._literals.setdefault(segment, _Branch())
                continue
            if branch._templated is None:
                branch._templated = _Branch()
            branch = branch._templated

        branch._routes.append((index, route))

    def find(self, segments: list[str]) -> list[Route]:
        """Return the routes whose literal segments are those of a raw path, in order of trial."""
        branches = [self]
        for segment in segments:
            words = (segment, unquote(segment)) if "%" in segment else (segment,)
            branches = [
                inner
                for branch in branches
                for inner in (*map(branch._literals.get, words), branch._templated)
                if inner is not None
            ]

        routes = [entry for branch in branches for entry in branch._routes]
        if len(routes) < 2:
            return [route for _, route in routes]
        return [route for _, route in sorted(routes, key=itemgetter(0))]


def base_paths_of(api: Api) -> list[str]:
    """Return the paths of the servers of a contract, with the values that their variables may have.

    `https://api.example.com/v2` has `/v2`, and `/{tenant}/v2` is also one where the contract lists
    no tenants. No contract can say that a request comes without it or with it.
    """
    servers = (*api.servers, *api.operation_servers)
    paths = chain.from_iterable(map(_server_paths, servers))
    return sorted(islice(dict.fromkeys(paths), _MOST_BASES), key=lambda path: path.count("{"))


def _server_paths(server: Server) -> Iterator[str]:
    choices: dict[str, list[str]] = {}
    for variable in server.variables:
        placeholder = "{" + variable.wire_name + "}"
        if placeholder in server.url:
            others = variable.enum or (placeholder,)
            choices[placeholder] = list(dict.fromkeys([variable.default, *others]))

    for values in islice(product(*choices.values()), _MOST_BASES):
        url = server.url
        for placeholder, value in zip(choices, values, strict=True):
            url = url.replace(placeholder, value)
        path = url_parts(url).path
        if path.startswith("{"):  # a host that nothing says
            continue
        if not path.startswith("//"):  # which `urljoin` would read as a host
            # Where the contract is published is not known, so a relative URL begins at the root
            # (RFC 3986 §5.2.4: `../up` is `/up` there); clients take `..` out of all others.
            path = urljoin(_SOME_HOST, path).removeprefix(_SOME_HOST.rstrip("/"))
        path = unquote(path).rstrip("/")
        if path.startswith("/"):
            yield path


def _by_demand(operations: list[Operation[Any]]) -> list[Operation[Any]]:
    """Operations in the same order, but of those with one path on the wire, the demanding first.

    Only these are asked for their parameters, which loads them.
    """
    sharing: dict[str, list[Operation[Any]]] = {}
    for operation in operations:
        sharing.setdefault(operation.path.partition("#")[0], []).append(operation)

    for alike in sharing.values():
        if any("#" in operation.path for operation in alike):
            alike.sort(key=_demands, reverse=True)
    return [operation for alike in sharing.values() for operation in alike]


def _demands(operation: Operation[Any]) -> int:
    """How many parameters a request must have besides those of the path."""
    demanded = (entry for entry in operation.parameters if entry.location != "path")
    return sum(parameter.required for parameter in demanded)


def _rank(segment: str) -> tuple[int, int]:
    """Concrete segments first, then those with the most literal text."""
    return (0, 0) if "{" not in segment else (1, -len(VARIABLE.sub("", segment)))
