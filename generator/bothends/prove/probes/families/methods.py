"""Methods that a path lacks: 405, with exactly the others in Allow (RFC 9110 §15.5.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bothends.prove.probes.probe import OPEN, Expect, Probe, ProbeContext
from bothends.prove.wire.message import Answer


def probes(context: ProbeContext) -> Iterator[Probe]:
    """Once per operation of a path, for each of them may have its own way of going wrong."""
    declared = {operation.method.upper() for operation in context.siblings}
    allowed = sorted(declared | {"OPTIONS"} | ({"HEAD"} if "GET" in declared else set[str]()))
    expect = Expect("no such method", allow=",".join(allowed))
    bare = context.valid.request.with_body(b"")

    for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "TRACE", "QUERY", "MADEUP"):
        if method not in allowed:
            yield Probe(method, bare.with_method(method), expect)

    if "OPTIONS" not in declared:
        yield Probe("OPTIONS", bare.with_method("OPTIONS"), OPEN, _options(set(allowed)))


def _options(allowed: set[str]) -> Callable[[Answer], str | None]:
    def judge(answer: Answer) -> str | None:
        found = {name.strip() for line in answer.values("allow") for name in line.split(",")}
        if not 200 <= answer.status < 300:
            return f"a success expected, got {answer.status}"
        return None if found == allowed else f"Allow must name {', '.join(sorted(allowed))}"

    return judge
