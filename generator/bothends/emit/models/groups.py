"""The classes in groups, each written by one call or taken from an earlier run.

What writes them is imported with the first group that is not kept: that takes as long as a small
contract needs for much of the rest.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import Any

from bothends.emit.models.order import GROUP_SIZE, Group, each_alone, groups_of_use
from bothends.kept import Keep, keep_nothing


class ClassNotWritten(Exception):
    """The class `name` cannot be written; the cause says why."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def write_classes(
    schemas: Mapping[str, Any],
    aliases: Mapping[str, str],
    base_class: str,
    group_size: int = GROUP_SIZE,
    keep: Keep = keep_nothing,
) -> tuple[str, list[str]]:
    """Python source of the classes, and the warnings. ClassNotWritten where one cannot be written.

    `aliases` maps `Class.wireName` to the field's Python name; `group_size` is how many classes are
    written in one call, about; `keep` may have the text of a group from an earlier run.
    """
    groups = list(groups_of_use(schemas, group_size))
    written = [_kept_group(group, aliases, base_class, keep) for group in groups]
    # An alias that several groups use is told of in each.
    told = list(dict.fromkeys(warning for _, warnings in written for warning in warnings))
    if len(written) == 1:
        return written[0][0], told

    # The formatter drops the imports that are there twice.
    imports: dict[str, None] = {}
    classes: list[str] = []
    calls: list[str] = []
    for group, (source, _) in zip(groups, written, strict=True):
        lines = source.splitlines()
        for node in ast.parse(source).body:
            text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            match node:
                case ast.Import() | ast.ImportFrom():
                    imports[text] = None
                case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                    classes += [text] if name in group.own else []
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                    calls += [text] if name in group.own else []
                case _:
                    raise RuntimeError(f"datamodel-code-generator wrote something else: {text}")

    return "\n".join([*imports, *classes, *calls]) + "\n", told


def _kept_group(
    group: Group, aliases: Mapping[str, str], base_class: str, keep: Keep
) -> tuple[str, list[str]]:
    """The text of a group and its warnings: of an earlier run that wrote the same classes."""
    names = {*group.own}
    own_aliases = {key: to for key, to in aliases.items() if key.partition(".")[0] in names}

    def write() -> str:
        from bothends.emit.models import adapter

        return json.dumps(adapter.write_group(group, own_aliases, base_class))

    decided_by = json.dumps([group.own, group.schemas, own_aliases, base_class])
    try:
        source, told = json.loads(keep(decided_by, write))
    except ModuleNotFoundError:  # an extra that is missing
        raise
    except Exception as error:
        if len(group.own) == 1:
            raise ClassNotWritten(group.own[0]) from error
        # One by one, to find the class; a fault of all together is none of a class.
        for alone in each_alone(group):
            _kept_group(alone, aliases, base_class, keep_nothing)
        raise
    return source, told
