"""Paths are exact: no redirects, no case folding, and an encoded slash separates nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.probes.probe import NO_SUCH_PATH, Probe, ProbeContext
from bothends.runtime.path_template import wire_template


def probes(context: ProbeContext) -> Iterator[Probe]:
    """Each names another path than the operation's, unless the contract has that one too."""
    path, mark, query = context.valid.request.target.partition("?")
    segments = path.split("/")
    first = next(
        (
            index
            for index, part in enumerate(context.operation.path.split("/"))
            if part.isascii() and part.isalpha()
        ),
        0,
    )
    swapped = (
        [*segments[:first], segments[first].swapcase(), *segments[first + 1 :]] if first else []
    )

    others = {
        "a slash behind": path + "/",
        "a doubled slash": path.replace("/", "//", 1),
        "another segment": path + "/undeclared-segment",
        "an encoded slash for a separator": _encoded(path),
        "a segment in another case": "/".join(swapped),
        "a dot segment": "/." + path,
        "another path": "/undeclared-path-of-no-operation",
    }
    for name, target in others.items():
        if target and target != path and not _is_declared(context, target):
            yield Probe(
                name, context.valid.request.with_target(target + mark + query), NO_SUCH_PATH
            )


def _encoded(path: str) -> str:
    head, _, tail = path[1:].rpartition("/")
    return f"/{head}%2F{tail}" if head else ""


def _is_declared(context: ProbeContext, target: str) -> bool:
    """Whether a template of the contract has as many segments as this path."""
    segments = target.split("/")
    for operation in context.subject.package.operations:
        template = wire_template(operation.path).split("/")
        if len(template) != len(segments):
            continue

        pairs = zip(template, segments, strict=True)
        if all(("{" in item and another) or item == another for item, another in pairs):
            return True

    return False
