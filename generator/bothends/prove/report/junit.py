"""The evidence as JUnit XML: a suite per package and server, a case per operation and check."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from bothends.counted import counted
from bothends.diagnostics import visible
from bothends.prove.evidence.record import Evidence, Failure, Key
from bothends.prove.report.causes import causes, serve_commands


def write_junit(evidence: Evidence) -> str:
    """The XML text."""
    failures: dict[Key, list[Failure]] = {}
    for failure in evidence.failures:
        failures.setdefault(failure.key, []).append(failure)

    found = causes(evidence)
    root = ET.Element("testsuites", name="bothends prove")

    for (package, subject), keys in groupby(
        sorted(evidence.tallies), key=lambda key: (key[0], key[1])
    ):
        cases = list(keys)
        untried = sorted(
            message
            for a, b, message in evidence.untried | evidence.inapplicable
            if (a, b) == (package, subject)
        )
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{package} ({subject})",
            tests=str(len(cases) + len(untried)),
            failures=str(sum(key in failures for key in cases)),
            errors="0",
            skipped=str(len(untried)),
        )
        for key in cases:
            _add_case(suite, key, evidence.tallies[key].tried, failures.get(key, []))

        for message in untried:
            what, _, why = message.partition(": ")
            case = ET.SubElement(
                suite, "testcase", classname=f"{package}.{subject}", name=_clean(what)
            )
            ET.SubElement(case, "skipped", message=_clean(why))

        told_here = [
            item for item in found if item.smallest.package == package and subject in item.subjects
        ]
        if told_here:
            lines = [*(item.text for item in told_here), *serve_commands(told_here)]
            ET.SubElement(suite, "system-out").text = _clean("\n\n".join(lines))

    for package in sorted(evidence.promises):
        _add_coverage(root, evidence, package)

    # Names too: an operation may be called by any text.
    for element in root.iter():
        element.attrib.update({name: _clean(text) for name, text in element.attrib.items()})

    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_coverage(root: ET.Element, evidence: Evidence, package: str) -> None:
    """Write promises and keyword counts as properties of a suite without cases."""
    counts = {"tests": "0", "failures": "0", "errors": "0", "skipped": "0"}
    suite = ET.SubElement(root, "testsuite", {"name": f"{package} (contract)", **counts})
    properties = ET.SubElement(suite, "properties")
    for promise in evidence.promises[package]:
        ET.SubElement(properties, "property", name="promised", value=_clean(promise))

    for pointer, sides in sorted(evidence.keywords.items()):
        if pointer[0] == package:
            gap = sides.gap(pointer)
            message = f"kept {sides.kept}, broken {sides.broken}{f': {gap}' if gap else ''}"
            ET.SubElement(
                properties, "property", name=_clean(f"{pointer[1]} {pointer[2]}"), value=message
            )


def _add_case(suite: ET.Element, key: Key, tried: int, failures: list[Failure]) -> None:
    package, subject, operation, part, check = key
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{package}.{subject}.{part}",
        name=f"{operation}: {check} ({tried} tried)",
    )

    if failures:  # in one element, for what reads JUnit takes no more of a case
        first = failures[0]
        node = ET.SubElement(
            case, "failure", message=_clean(first.reason or first.message), type=part
        )
        node.text = _clean("\n\n".join(map(_failure_text, failures)))


def _failure_text(failure: Failure) -> str:
    reason = f"\n{failure.reason}" if failure.reason else ""
    return (
        f"{failure.message}{reason}\n{counted(failure.count, 'time')}, for example:\n{failure.curl}"
    )


def _clean(text: str) -> str:
    # XML has no form for most controls, and a terminal that prints the file would obey the others.
    return visible(text, keep="\t\n")
