"""The rules of the schema of JUnit XML that Jenkins holds reports to (xunit-plugin, junit-10.xsd)."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

_MESSAGE = ({"type", "message"}, set[str](), set[str]())
_TEXT = (set[str](), set[str](), set[str]())
_SUITE = {"name", "tests", "failures", "errors"}
_RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        _SUITE
        | {
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
        },
        _SUITE,
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "time", "classname", "group"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "failure": _MESSAGE,
    "error": _MESSAGE,
    "skipped": _MESSAGE,
    "system-out": _TEXT,
    "system-err": _TEXT,
}
"""By element: the attributes that it may have, those that it must, and the elements in it."""


def junit_faults(text: str) -> list[str]:
    """What the schema does not allow in a report, and counts that its cases do not bear out."""
    root = ET.fromstring(text)
    assert root.tag == "testsuites"
    return [*_faults(root), *_wrong_counts(root)]


def _faults(element: ET.Element) -> Iterator[str]:
    allowed, required, inside = _RULES[element.tag]
    given = element.keys()
    yield from (f"{element.tag} has {name}" for name in given if name not in allowed)
    yield from (f"{element.tag} has no {name}" for name in required if name not in given)
    if inside and (element.text or "").strip():
        yield f"{element.tag} has text"

    for child in element:
        if child.tag in inside:
            yield from _faults(child)
        else:
            yield f"{element.tag} holds {child.tag}"


def _wrong_counts(root: ET.Element) -> Iterator[str]:
    kinds = {"tests": "testcase", "failures": "testcase/failure", "skipped": "testcase/skipped"}
    for suite in root.iter("testsuite"):
        for name, way in {**kinds, "errors": "testcase/error"}.items():
            if int(suite.get(name, "0")) != len(suite.findall(way)):
                yield f"{name} of {suite.get('name')} is {suite.get(name)}"
