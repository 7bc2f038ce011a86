"""docs/reference.md, made from the docstrings: commands, options, errors, runtime, extensions, codes."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.main import get_command

from bothends import runtime
from bothends.check import list_rules
from bothends.cli.app import app
from bothends.diagnostics.change_codes import CHANGE_CODES, PREFIX
from bothends.diagnostics.codes import CODES
from bothends.openapi.extensions import extension_schemas
from bothends.runtime import errors, stand_in
from bothends.runtime.client import options

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs/reference.md"
_HEAD = """\
# Reference

Made from the docstrings by `make golden`; do not edit. README.md says how the parts are used together.
"""


def render_reference() -> str:
    """Return the text of docs/reference.md."""
    parts = (
        ("Commands", _commands()),
        ("Options of a client", _options()),
        ("Errors of a client", _classes(errors)),
        ("What `bothends.runtime` offers", _offered(runtime)),
        ("Stand-ins: `bothends.runtime.stand_in`", _offered(stand_in)),
        ("Extensions of OpenAPI", _extensions()),
        ("Codes", _codes()),
    )
    sections = (f"\n## {title}\n\n{''.join(lines)}" for title, lines in parts)
    return _HEAD + "".join(sections)


def _commands() -> Iterator[str]:
    group = get_command(app)
    context = typer.Context(group)
    for name in group.list_commands(context):  # type: ignore[attr-defined]
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        text = re.sub(r"\[/?(?:dim|bold)\]", "", command.help or "")
        yield f"### bothends {name}\n\n{text.strip()}\n\n"
        for parameter in command.params:
            described = getattr(parameter, "help", "") or ""
            spelled = ", ".join(parameter.opts) if parameter.opts[0][:1] == "-" else parameter.name
            yield f"- `{spelled}`: {' '.join(described.split())}\n"
        yield "\n"


def _options() -> Iterator[str]:
    """Each option with the text that stands below it in the source: a TypedDict keeps none."""
    tree = ast.parse(inspect.getsource(options))
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for field, text in zip(node.body, node.body[1:], strict=False):
            is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
            if isinstance(field, ast.AnnAssign) and is_text:
                name, type_ = ast.unparse(field.target), ast.unparse(field.annotation)
                described = " ".join(str(text.value.value).split())  # type: ignore[attr-defined]
                yield f"- `{name}: {type_}`: {described}\n"


def _classes(module: object) -> Iterator[str]:
    for name, value in vars(module).items():
        if inspect.isclass(value) and value.__module__ == module.__name__ and name[0] != "_":  # type: ignore[attr-defined]
            yield f"- `{name}`: {_first_paragraph(value)}\n"


def _offered(module: object) -> Iterator[str]:
    """The public names that are loaded when they are used."""
    source = inspect.getsource(module)  # type: ignore[arg-type]
    definitions = _definitions()
    for name in sorted(set(re.findall(r"import \w+ as (\w+)", source))):
        value = getattr(module, name)
        if not _is_described(value):
            yield f"- `{name}`: {definitions[name]}\n"
            continue

        yield f"- `{name}{_arguments(value)}`: {_first_paragraph(value)}\n"
        yield from _members(value)


def _is_described(value: object) -> bool:
    return inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value)


def _first_paragraph(value: object) -> str:
    return " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split())


def _definitions() -> dict[str, str]:
    """Values and aliases of the runtime by name: the text below each, else what it is."""
    found: dict[str, str] = {}
    for file in sorted(Path(runtime.__file__).parent.rglob("*.py")):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        for node, following in zip(body, [*body[1:], ast.Pass()], strict=True):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue

            [target, *_] = node.targets if isinstance(node, ast.Assign) else [node.target]
            described = f"`{ast.unparse(node.value)}`."
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                text = str(following.value.value).partition("\n\n")[0]
                described = f"{' '.join(text.split())} {described}"
            found.setdefault(ast.unparse(target), described)

    return found


def _arguments(value: object) -> str:
    """The arguments of a function, or of a class that a person makes objects of."""
    if inspect.isclass(value) and ("__init__" not in vars(value) or issubclass(value, Exception)):
        return ""
    if inspect.ismodule(value):
        return ""

    # Addresses of objects, and what only stands for "nothing", are no help to a reader.
    signature = str(inspect.signature(value))  # type: ignore[arg-type]
    without = re.sub(r" = <[^>]*>| -> .*", "", signature)
    # Annotations are texts in the source.
    return re.sub(r""": ('|")(.*?)\1""", r": \2", without)


def _members(value: object) -> Iterator[str]:
    """What the objects of a class have: methods and properties that say what they do."""
    for name, member in vars(value).items() if inspect.isclass(value) else ():
        is_method = isinstance(member, property | staticmethod | classmethod)
        if name[0] == "_" or not (is_method or inspect.isfunction(member)):
            continue
        if text := _first_paragraph(member):
            yield f"  - `{name}`: {text}\n"


def _extensions() -> Iterator[str]:
    for name, schema in extension_schemas().items():
        places = ", ".join(schema.get("x-bothends-on", ["any object"]))
        yield f"- `{name}` on {places}: {schema.get('description', '')}\n"


def _codes() -> Iterator[str]:
    texts = {rule.id: rule.text.partition("\n")[0] for rule in list_rules()} | dict(CODES)
    texts |= {PREFIX + code: text for code, text in CHANGE_CODES.items()}
    for code, text in sorted(texts.items()):
        yield f"- `{code}`: {text}\n"
