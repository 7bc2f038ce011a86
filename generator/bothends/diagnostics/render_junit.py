"""For CI servers: JUnit XML, one suite per file, one test case per finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bothends.diagnostics.finding import Finding, Severity
from bothends.diagnostics.visible import visible

_NOWHERE = "bothends"


def render_junit(findings: Sequence[Finding], sources: Mapping[str, str]) -> str:
    """Errors are failures.

    Warnings and notes are passed cases that carry their text; a clean file is one passed case.
    """
    by_path: dict[str, list[Finding]] = {path: [] for path in sorted(sources)}
    for finding in findings:
        by_path.setdefault(finding.location.path if finding.location else _NOWHERE, []).append(
            finding
        )

    root = Element("testsuites")
    for path, found in by_path.items():
        _add_suite(root, path, found)

    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_suite(root: Element, path: str, findings: Sequence[Finding]) -> None:
    failures = sum(finding.severity is Severity.ERROR for finding in findings)
    counts = {
        "tests": str(len(findings) or 1),
        "failures": str(failures),
        "errors": "0",
        "skipped": "0",
    }
    suite = SubElement(root, "testsuite", {"name": visible(path), **counts})
    # The schema of Jenkins allows the file of a suite, and neither file nor line of a case.
    if path != _NOWHERE:
        suite.set("file", visible(path))
    for finding in findings:
        _add_case(suite, path, finding)

    if not findings:
        SubElement(suite, "testcase", {"classname": visible(path), "name": "valid"})


def _add_case(suite: Element, path: str, finding: Finding) -> None:
    pointer = f"{finding.location.line}:{finding.location.column} " if finding.location else ""
    case = SubElement(
        suite, "testcase", {"classname": visible(path), "name": f"{pointer}{visible(finding.code)}"}
    )

    message = visible(finding.message)
    text = "\n".join(filter(None, [str(finding.location or ""), message, finding.hint]))

    if finding.severity is Severity.ERROR:
        SubElement(
            case, "failure", {"type": visible(finding.code), "message": message}
        ).text = visible(text, keep="\n")
    else:
        SubElement(case, "system-out").text = visible(f"{finding.severity}: {text}", keep="\n")
