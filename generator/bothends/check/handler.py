"""Does the stand-in fit the package that its contract gives? Read from its syntax tree, never run.

stand_in.py                          findings
  from harbour import Tyde           stand-in-import: harbour has no Tyde
  class StandIn(HarbourHandler):
    def get_tyde(self): ...          stand-in-method: StandIn has no get_tide; hint: get_tyde
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import PurePosixPath

from bothends.check.handler_arguments import find_misfit
from bothends.check.stand_in import StandIn
from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.nearest import counted_comparisons, in_a_row, nearest
from bothends.python_text import parse_python

_CLASS = "StandIn"
_LIBRARY = "bothends"
_PUBLIC = ("bothends.runtime", "bothends.runtime.stand_in")
"""Where the names for a stand-in are documented."""


@dataclass(frozen=True, slots=True)
class Interface:
    """What a package offers to its stand-in.

    Attributes:
        package: The name of the package.
        modules: The names that each module of the package defines; "" is the package itself.
        methods: The handler methods, one per operation, and the arguments that each is given.
        siblings: Other packages of the project, which can be imported as well.
    """

    package: str
    modules: Mapping[str, Collection[str]]
    methods: Mapping[str, Sequence[str]]
    siblings: Collection[str] = ()


@counted_comparisons()
def check_handler(stand_in: StandIn, interface: Interface) -> list[Finding]:
    """Find imports that fail, a missing class StandIn, and handler methods that are missing."""
    try:
        tree = parse_python(stand_in.source)
    except SyntaxError:
        return list(stand_in.findings)

    return [
        *_check_imports(tree, stand_in, interface),
        *_check_class(tree, stand_in, interface),
    ]


def _check_imports(tree: ast.Module, stand_in: StandIn, interface: Interface) -> Iterator[Finding]:
    # Only what runs whenever the file is loaded: an import below `try` or `if` has its own plan.
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _check_module(alias.name, node, stand_in, interface)
        elif isinstance(node, ast.ImportFrom) and node.level:
            message = "The stand-in is loaded as a single file: a relative import fails."
            hint = f"Import from the package: from {interface.package} import …"
            yield _finding("stand-in-import", message, hint, node, stand_in)
        elif isinstance(node, ast.ImportFrom) and node.module:
            fault = list(_check_module(node.module, node, stand_in, interface))
            yield from fault or _check_names(node.module, node, stand_in, interface)


def _check_module(
    module: str, node: ast.stmt, stand_in: StandIn, interface: Interface
) -> Iterator[Finding]:
    top, _, below = module.partition(".")
    if top == interface.package:
        if below not in interface.modules:
            module_names = [name for name in interface.modules if name]
            message = f"The package {top} has no module {below}."
            yield _finding("stand-in-import", message, _near(below, module_names), node, stand_in)
        return

    if "runtime" in interface.modules and f"{module}.".startswith("bothends.runtime."):
        message = f"{interface.package} has a runtime of its own: {module} is another."
        hint = f"Import from {interface.package}{module.removeprefix('bothends')}."
        yield _finding("stand-in-import", message, hint, node, stand_in, Severity.WARNING)
        return

    if not _is_importable(top, interface):
        message = f"There is no module {top}: stand_in.py cannot be imported."
        hint = f"Install it here, or import from {interface.package}."
        yield _finding("stand-in-import", message, hint, node, stand_in)


def _is_importable(module: str, interface: Interface) -> bool:
    if module in interface.siblings:
        return True

    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _check_names(
    module: str, node: ast.ImportFrom, stand_in: StandIn, interface: Interface
) -> Iterator[Finding]:
    top, _, below = module.partition(".")
    if top == _LIBRARY:
        yield from _check_library(module, node, stand_in)
    if top != interface.package:
        return

    names = interface.modules[below]
    for alias in node.names:
        is_module = not below and alias.name in interface.modules
        if alias.name == "*" or alias.name in names or is_module:
            continue
        message = f"{module} has no {alias.name}: stand_in.py cannot be imported."
        hint = _near(alias.name, names) or f"It is not in the contract; see {top}/__init__.py."
        yield _finding("stand-in-import", message, hint, alias, stand_in)


def _check_library(module: str, node: ast.ImportFrom, stand_in: StandIn) -> Iterator[Finding]:
    """What bothends itself has not.

    Of its modules the runtime alone is imported: to import `__main__` runs the program.
    """
    if "__main__" in module.split("."):
        return
    if not _is_module(module):
        message = f"There is no module {module}: stand_in.py cannot be imported."
        hint = _near(module, _PUBLIC) or f"What a stand-in needs is in {' and '.join(_PUBLIC)}."
        yield _finding("stand-in-import", message, hint, node, stand_in)
        return
    if not f"{module}.".startswith(f"{_PUBLIC[0]}."):
        return

    found = import_module(module)
    for alias in node.names:
        if alias.name == "*" or hasattr(found, alias.name):
            continue
        if _is_module(f"{module}.{alias.name}"):
            continue  # it is there once it is imported
        message = f"{module} has no {alias.name}: stand_in.py cannot be imported."
        homes = [home for home in _PUBLIC if hasattr(import_module(home), alias.name)]
        public = vars(found).get("__all__") or dir(found)
        hint = _near(alias.name, public) or "docs/reference.md has what there is."
        if homes:
            hint = f"It is in another module: from {homes[0]} import {alias.name}."
        yield _finding("stand-in-import", message, hint, alias, stand_in)


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # what is before the last dot is no package
        return False


def _check_class(tree: ast.Module, stand_in: StandIn, interface: Interface) -> Iterator[Finding]:
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    if _CLASS not in classes:
        if _CLASS not in _names_of(tree.body):
            message = f"stand_in.py has no class {_CLASS}."
            hint = "The class that answers is `class StandIn:`, with a method per operation."
            yield _finding("stand-in-class", message, hint, None, stand_in)
        return

    members = _members(classes[_CLASS], classes, interface)
    if members is None or "__getattr__" in members:
        return

    yield from _check_arguments(members, stand_in, interface)
    missing = [method for method in interface.methods if method not in members]
    # One that makes its own app from another object is not the handler itself.
    if "app" in members and len(missing) == len(interface.methods):
        return

    others = [name for name in members if name not in interface.methods and name[:1] != "_"]
    unwritten: list[str] = []
    for method in missing:
        near = nearest(method, others)
        # One method is meant for one operation: the nearest of several.
        if not near or nearest(near, missing) != method:
            unwritten.append(method)
            continue
        hint = f"Is {near} this method? Rename it to {method}."
        message = f"StandIn has no {method}: it is answered with 501."
        node = members[near]
        yield _finding("stand-in-method", message, hint, node, stand_in, Severity.WARNING)

    if unwritten:
        # A contract of many operations is written before its stand-in: one cause, one finding.
        answered = "it is" if len(unwritten) == 1 else "they are"
        message = f"StandIn has no {in_a_row(unwritten)}: {answered} answered with 501."
        name = PurePosixPath(stand_in.path).parent.name
        hint = f"`bothends init {name} --stand-in` adds what is missing, with its types."
        node = classes[_CLASS]
        yield _finding("stand-in-method", message, hint, node, stand_in, Severity.WARNING)


def _check_arguments(
    members: Mapping[str, ast.stmt], stand_in: StandIn, interface: Interface
) -> Iterator[Finding]:
    for method, passed in interface.methods.items():
        misfit = find_misfit(members[method], passed) if method in members else None
        if misfit is not None:
            message = f"StandIn.{method} {misfit}: each request of it is answered with 500."
            hint = misfit.hint(passed)
            node = members[method]
            code = "stand-in-arguments"
            yield _finding(code, message, hint, node, stand_in, Severity.WARNING)


def _members(
    node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], interface: Interface
) -> dict[str, ast.stmt] | None:
    """The names that a class defines, its bases in the file included; None if a base is unknown."""
    members: dict[str, ast.stmt] = {}
    seen, waiting = {node.name}, [node]
    for each in waiting:  # which grows
        for name, bound in _names_of(each.body).items():
            members.setdefault(name, bound)

        for base in each.bases:
            name = base.id if isinstance(base, ast.Name) else ""
            # Classes may be bases of each other while somebody writes: a later one is unknown.
            if name in classes and classes[name].lineno < each.lineno:
                if name not in seen:
                    seen.add(name)
                    waiting.append(classes[name])
            elif name != "object" and name not in interface.modules.get("", ()):
                return None

    return members


def _names_of(body: Sequence[ast.stmt]) -> dict[str, ast.stmt]:
    """The names that statements bind, each with its statement."""
    names: dict[str, ast.stmt] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[node.name] = node
        elif isinstance(node, ast.Assign):
            names |= {each.id: node for each in node.targets if isinstance(each, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names[node.target.id] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name: node for alias in node.names}

    return names


def _near(name: str, names: Collection[str]) -> str:
    near = nearest(name, names)
    return f"Did you mean {near}?" if near else ""


def _finding(
    code: str,
    message: str,
    hint: str,
    node: ast.stmt | ast.alias | None,
    stand_in: StandIn,
    severity: Severity = Severity.ERROR,
) -> Finding:
    line, column = (node.lineno, node.col_offset + 1) if node else (1, 1)
    return Finding(code, severity, message, SourceLocation(stand_in.path, line, column), hint)
