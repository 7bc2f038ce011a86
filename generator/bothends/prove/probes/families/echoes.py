"""A refusal tells what is wrong and repeats nothing: neither the input nor a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bothends.prove.oracle.refusal import BODY, CREDENTIALS
from bothends.prove.probes.probe import Expect, Probe, ProbeContext
from bothends.prove.wire.message import Answer

_MARK = "canary-4c1d9e"


def probes(context: ProbeContext) -> Iterator[Probe]:
    """Values that would be recognised if they came back in a refusal."""
    valid = context.valid
    if valid.is_json:
        value = {_MARK: _MARK} if not isinstance(valid.body, dict) else [_MARK]
        if not valid.accepts(value):
            yield Probe("input", valid.with_json(value), Expect.refused(BODY), _silent(_MARK))
        yield Probe(
            "text",
            valid.request.with_body(f'"{_MARK}'.encode()),
            Expect.refused(BODY),
            _silent(_MARK),
        )

    if context.operation.security and () not in context.operation.security:
        request = valid.request.with_header("authorization", f"Bearer {_MARK}")
        keyed = any(line[0].lower() == "authorization" for line in valid.request.headers)
        if keyed:
            yield Probe("a secret", request, Expect.refused(CREDENTIALS), _silent(_MARK))


def _silent(mark: str) -> Callable[[Answer], str | None]:
    def judge(answer: Answer) -> str | None:
        values = [value for _, value in answer.headers]
        received = answer.body.decode("utf-8", "replace") + "".join(values)
        return "the refusal repeats what was sent" if mark in received else None

    return judge
