from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from .conftest import CONTRACT, Project

BROKEN = CONTRACT.replace("summary: List the tides predicted for one harbour.", "security: 5")


class TestReport:
    def test_a_good_contract(self, project: Project) -> None:
        done = project.run("validate")
        assert (done.code, done.out, done.err) == (0, "1 contract: no findings\n", "")

    def test_error_has_location_line_and_caret(self, project: Project) -> None:
        project.write("specs/harbour/openapi.yaml", BROKEN)
        done = project.run("validate", "harbour")
        assert done.code == 1
        assert done.err == ""
        number = next(
            n for n, line in enumerate(BROKEN.splitlines(), start=1) if "security: 5" in line
        )
        assert f"specs/harbour/openapi.yaml:{number}:" in done.out
        assert f"{number} |       security: 5\n" in done.out
        assert "^" in done.out
        assert done.out.endswith("1 contract: 1 error\n")

    def test_unreadable_contract_hides_no_others(self, project: Project) -> None:
        project.write("specs/anchor/openapi.yaml", "openapi: [\n")
        project.write("specs/harbour/openapi.yaml", BROKEN)
        done = project.run("validate")
        assert done.code == 1
        assert "specs/anchor/openapi.yaml:" in done.out
        assert "specs/harbour/openapi.yaml:" in done.out
        assert done.out.splitlines()[-1].startswith("2 contracts: 2 errors")

    def test_a_contract_that_is_not_text(self, project: Project) -> None:
        (project.root / "specs/harbour/openapi.yaml").write_bytes(b"\x00\xff\xfe")
        done = project.run("validate")
        assert done.code == 1
        assert "specs/harbour/openapi.yaml:1:2: error" in done.out

    def test_contract_text_cannot_steer_the_terminal(self, project: Project) -> None:
        project.write(
            "specs/harbour/openapi.yaml", CONTRACT.replace("type: number", 'type: "nub\\x1b[2Jmer"')
        )
        assert "\x1b" not in project.run("validate").out


class TestFormats:
    @pytest.mark.parametrize("contract", [CONTRACT, BROKEN])
    def test_json_is_all_that_stdout_has(self, project: Project, contract: str) -> None:
        project.write("specs/harbour/openapi.yaml", contract)
        done = project.spawn("validate", "--format", "json")
        assert done.err == ""
        assert isinstance(json.loads(done.out), list | dict)

    def test_sarif(self, project: Project) -> None:
        project.write("specs/harbour/openapi.yaml", BROKEN)
        done = project.run("validate", "-f", "sarif")
        assert len(json.loads(done.out)["runs"][0]["results"]) == 1
        assert done.code == 1

    def test_junit_counts_clean_contract_as_passed(self, project: Project) -> None:
        cases = list(ET.fromstring(project.run("validate", "-f", "junit").out).iter("testcase"))
        assert len(cases) == 1
        assert len(cases[0]) == 0

    def test_github(self, project: Project) -> None:
        project.write("specs/harbour/openapi.yaml", BROKEN)
        assert project.run("validate", "-f", "github").out.startswith(
            "::error file=specs/harbour/openapi.yaml,line="
        )

    def test_report_file_leaves_summary_on_stdout(self, project: Project) -> None:
        done = project.run("validate", "--format", "json", "--output", "report.json")
        assert done.out == "1 contract: no findings\n"
        json.loads((project.root / "report.json").read_text())

    def test_a_report_that_cannot_be_written(self, project: Project) -> None:
        done = project.run("validate", "--output", "nowhere/report.json")
        assert (done.code, done.out) == (2, "")
        assert "nowhere/report.json: no such file or directory" in done.err
