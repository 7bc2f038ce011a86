"""Which status and which media type of one contract describes what the other one describes.

Worked example. The old contract has `404` and `default`, the new one `4XX`. A reply with 404 was
described by `404` and is described by `4XX` now; any other error of the client was described by
`default`. So `4XX` is compared twice, and a 500 is no longer documented.

The most specific one counts: a status before its range, and that before `default` (OpenAPI 3.1
§4.8.16); `text/plain` before `text/*`, and that before `*/*` (§4.8.17). Where a success is
documented, `default` means errors: contracts that write both mean it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bothends.runtime.media_type import parse_content_type

_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Match:
    """What is described, and by which key of either contract; None where one does not have it.

    Args:
        key: The more specific one of both keys.
        old: The key of the old contract.
        new: The key of the new contract.
    """

    key: str
    old: str | None
    new: str | None


def match_statuses(old: Iterable[str], new: Iterable[str]) -> list[Match]:
    """What is said of each status, range of statuses, and all others."""
    return list(_matches(old, new, _around_status))


def match_media_types(old: Iterable[str], new: Iterable[str]) -> list[Match]:
    """What is said of each media type and range of media types."""
    return list(_matches(old, new, _around_media_type))


def is_range(media_type: str) -> bool:
    """Whether a key stands for several media types."""
    return "*" in media_type


def _matches(
    old: Iterable[str], new: Iterable[str], around: Callable[[str], list[str]]
) -> Iterator[Match]:
    """Each thing that a key of one contract is the most specific word for."""
    was = {around(key)[0]: key for key in old}
    now = {around(key)[0]: key for key in new}
    for name in dict.fromkeys([*was, *now]):
        steps = around(name)
        yield Match(was.get(name) or now[name], _describing(was, steps), _describing(now, steps))


def _describing(keys: dict[str, str], steps: list[str]) -> str | None:
    """The key that describes something: of itself, else the nearest of what is around it."""
    is_success = not _is_error(steps[0]) and steps[-1] == _DEFAULT
    if is_success and not all(map(_is_error, keys)):
        steps = steps[:-1]
    return next((keys[step] for step in steps if step in keys), None)


def _is_error(status: str) -> bool:
    return status == _DEFAULT or status.startswith(("4", "5"))


def _around_status(status: str) -> list[str]:
    """`404`, `4XX`, `default`: each is held by the one after it."""
    if status == _DEFAULT:
        return [_DEFAULT]
    return list(dict.fromkeys([status.upper(), f"{status[0]}XX", _DEFAULT]))


def _around_media_type(text: str) -> list[str]:
    """A media type as it is compared, and those that hold it, the nearest first."""
    parsed = parse_content_type(text)
    if parsed is None:
        return [text]

    # UTF-8 is meant where nothing is said (RFC 8259 §8.1).
    parameters = dict(parsed.parameters)
    if parsed.is_utf8:
        parameters.pop("charset", None)
    written = "".join(f";{name}={value}" for name, value in sorted(parameters.items()))
    kind = parsed.essence.partition("/")[0]
    return list(dict.fromkeys([parsed.essence + written, parsed.essence, f"{kind}/*", "*/*"]))
