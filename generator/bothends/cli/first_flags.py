"""Whether the words after `bothends init` make a contract, and what was meant where they do not.

    init "123 tides"                →   did you mean `api_123_tides`?
    init json                       →   the package json would hide that of Python: `json_api`
    init quay --path tides/:id      →   did you mean `/tides/{id}`?
    init quay --security baerer     →   did you mean `bearer`?

A wrong word is refused before a file is written: a first contract passes every check.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from bothends.cli.arguments import is_address
from bothends.cli.first_contract import FIRST_METHODS, FirstOperation
from bothends.config import Config, Misuse, find_specs, misuse, package_name
from bothends.nearest import nearest
from bothends.package_import import hides

# OpenAPI's own words, and what people call them: none of them is meant as the name of a header.
_KINDS_OF_SECURITY: Final = frozenset(
    {
        *("apikey", "basicauth", "bearerauth", "bearertoken", "cookie", "digest", "header", "http"),
        *("jwt", "mutualtls", "oauth", "oauth2", "openidconnect"),
    }
)
_SECURITY: Final = ("bearer", "basic", "none")
_OTHER_METHODS: Final = frozenset({"head", "options", "trace", "query"})


def check_vendor(config: Config, vendor: str) -> None:
    """Raise `Misuse` for a name that cannot be that of a new folder and its package."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", vendor):
        hint = "it becomes a folder and a package: letters, digits, - and _, a letter first"
        if plain := _plain_name(config, vendor):
            hint = f"did you mean `{plain}`? {hint}"
        raise misuse("package-name", f"no contract can be named {vendor!r}", hint=hint)

    folder = config.specs / vendor
    if folder.exists() and not folder.is_dir():
        hint = "choose another name, or move the file away"
        shown = folder.relative_to(config.root) if folder.is_relative_to(config.root) else folder
        raise misuse("foreign-file", f"{shown.as_posix()} is a file, not a folder", hint=hint)

    package = package_name(config, vendor)
    for other in _all_packages(config):
        if other == package:
            message = f"another contract has the package `{package}` already"
            raise misuse("package-name", message, hint="choose a name that differs by a letter")

    if hides(package, config.generated.resolve()):
        message = f"the package {package} would have the name of an installed module, and one "
        hint = (
            f"`bothends init {vendor}_api`; or keep the folder's name, with "
            f'names = {{{vendor} = "{package}_api"}} in [tool.bothends]'
        )
        raise misuse("package-name", f"{message}hides the other", hint=hint)


def check_operation(first: FirstOperation) -> FirstOperation:
    """Return the flags as they are meant, in lower case. Raises `Misuse` for a wrong one."""
    first = replace(first, method=first.method.lower())
    _check_method(first.method)
    _check_path(first.path)
    _check_server(first.server)
    return replace(first, security=_meant_security(first.security))


def _plain_name(config: Config, vendor: str) -> str:
    """The name that was meant: without accents, spaces, or the folder of the contracts."""
    steps = [step for step in re.split(r"[/\\]", vendor) if step]
    if len(steps) > 1:
        inner = [step for step in steps if step != config.specs.name]
        steps = inner[:1]

    ascii_text = unicodedata.normalize("NFKD", "".join(steps)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^0-9A-Za-z-]+", "_", ascii_text).strip("_-")
    return f"api_{plain}" if plain[:1].isdigit() else plain


def _all_packages(config: Config) -> list[str]:
    try:
        return [spec.name for spec in find_specs(config, [])]
    except Misuse:
        # Also where two others share a name: that is told by each command that reads them.
        return []


def _check_method(method: str) -> None:
    if method in FIRST_METHODS:
        return

    choices = f"it is one of {', '.join(FIRST_METHODS)}"
    if method in _OTHER_METHODS:
        hint = f"{choices}; begin with one of them, and write {method} into the contract"
    else:
        near = nearest(method, FIRST_METHODS, cutoff=0.7)
        hint = f"did you mean `{near}`? {choices}" if near else choices
    raise misuse("method", f"{method!r} is no method of a first operation", hint=hint)


def _check_path(path: str) -> None:
    if not re.fullmatch(r"(/([^{}/\s?#]|\{[^{}/\s?#]+\})*)+", path) or re.search("/[:<]", path):
        raise misuse("path", f"{path!r} is no path of an operation", hint=_path_hint(path))

    names = re.findall(r"\{([^{}]+)\}", path)
    for name in names:
        if names.count(name) > 1:
            hint = f"each has its own name, such as {{{name}}} and {{other_{name}}}"
            raise misuse("path", f"the path {path!r} has {{{name}}} twice", hint=hint)


def _path_hint(path: str) -> str:
    if address := re.fullmatch(r"(https?://[^/]+)(/.*)?", path):
        server, own = address.groups()
        return f"the server has a flag of its own: --server {server} --path {own or '/things'}"

    plain, query, _ = path.partition("?")
    # `:id` and `<id>` are parameters in the routes of many frameworks.
    plain = re.sub(r"(?<=/):([A-Za-z_]\w*)|<(?:\w+:)?(\w+)>", r"{\1\2}", plain)
    plain = re.sub(r"\{([^{}/]+)(?=/|$)", r"{\1}", plain)
    plain = re.sub(r"(?<=/)([^{}/]+)\}", r"{\1}", plain)
    meant = "/" + plain.lstrip("/")
    more = " Query parameters belong into `parameters` of the contract." if query else ""
    if meant != path and re.fullmatch(r"(/([^{}/\s?#:<>]|\{[^{}/\s?#]+\})*)+", meant):
        return f"did you mean `{meant}`?{more}"
    return "such as /tides/{tideId}: it begins with /, and a parameter is in braces"


def _check_server(server: str) -> None:
    # A number stands for each variable, which may be the port.
    without_variables = re.sub(r"\{[^{}]*\}", "1", server)
    if not is_address(without_variables):
        hint = "such as https://api.example.com/v1"
        without_scheme = re.sub("^[a-z]+:/+", "", server, flags=re.IGNORECASE)
        scheme = "http" if without_scheme.startswith("localhost") else "https"
        meant = re.split("[?#]", f"{scheme}://{without_scheme}")[0]
        if is_address(meant) and ("." in meant or scheme == "http"):
            hint = f"did you mean `{meant}`?"
        raise misuse("url", f"{server!r} is no URL of a server", hint=hint)

    if variables := re.findall(r"\{([^{}]*)\}", server):
        message = f"the server has the variable {{{variables[0]}}}, which has no value"
        hint = "write a value in its place; the contract can declare it later, with its default"
        raise misuse("url", message, hint=hint)


def _meant_security(security: str) -> str:
    """The scheme or header that is meant."""
    lower = security.lower()
    if lower in _SECURITY:
        return lower

    hint = "bearer, basic, none, or the header that carries the key, such as X-Api-Key"
    is_header = re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", security)
    if near := nearest(lower, _SECURITY, cutoff=0.75):
        hint = f"did you mean `{near}`? It is {hint}"
    elif is_header and lower not in _KINDS_OF_SECURITY:
        return security
    elif lower in {"jwt", "bearerauth", "bearertoken"}:
        hint = f"did you mean `bearer`? It is {hint}"
    elif lower == "basicauth":
        hint = f"did you mean `basic`? It is {hint}"
    elif lower not in _KINDS_OF_SECURITY and (plain := security.strip().rstrip(":")) != security:
        hint = f"did you mean `{plain}`? It is {hint}"
    else:
        hint = f"{hint}; other schemes are written into the contract"
    raise misuse("security", f"{security!r} is no security scheme", hint=hint)
