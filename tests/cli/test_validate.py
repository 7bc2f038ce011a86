from __future__ import annotations

import json
import re
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
        assert done.out.endswith("1 contract: 1 error, 1 warning\n")

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
        codes = [result["ruleId"] for result in json.loads(done.out)["runs"][0]["results"]]
        assert codes == ["refused-illegal-openapi", "illegal-openapi"]
        assert done.code == 1

    def test_junit_counts_clean_contract_as_passed(self, project: Project) -> None:
        cases = list(ET.fromstring(project.run("validate", "-f", "junit").out).iter("testcase"))
        assert len(cases) == 1
        assert len(cases[0]) == 0

    def test_github(self, project: Project) -> None:
        project.write("specs/harbour/openapi.yaml", BROKEN)
        out = project.run("validate", "-f", "github").out
        assert "\n::error file=specs/harbour/openapi.yaml,line=" in out

    def test_report_file_leaves_summary_on_stdout(self, project: Project) -> None:
        done = project.run("validate", "--format", "json", "--output", "report.json")
        assert done.out == "1 contract: no findings\n"
        json.loads((project.root / "report.json").read_text())

    def test_a_report_that_cannot_be_written(self, project: Project) -> None:
        done = project.run("validate", "--output", "nowhere/report.json")
        assert (done.code, done.out) == (2, "")
        assert "nowhere/report.json: no such file or directory" in done.err


class TestGate:
    """`validate` reports what `generate` would, and what `serve` would say of a stand-in."""

    def stand_in(self, project: Project, text: str) -> str:
        project.write("specs/harbour/stand_in.py", text)
        return project.run("validate").out

    def test_left_out_operation_is_reported(self, project: Project) -> None:
        project.write(
            "specs/harbour/openapi.yaml", CONTRACT.replace("application/json", "application/pdf; q")
        )
        generated = set(re.findall(r"\[([a-z-]+)\]", project.run("generate").err))
        validated = set(re.findall(r"\[([a-z-]+)\]", project.run("validate").out))
        assert generated
        assert generated <= validated

    def test_name_that_is_taken_is_reported(self, project: Project) -> None:
        project.write("specs/click/openapi.yaml", CONTRACT)
        done = project.run("validate")
        assert (done.code, "package-name" in done.out) == (1, True)

    def test_lost_operation_is_reported(self, project: Project) -> None:
        assert project.run("generate").code == 0
        project.write(
            "specs/harbour/openapi.yaml", CONTRACT.replace("/harbours/{harbourId}/tides", "/x")
        )
        done = project.run("validate")
        assert "operation-gone" in done.out
        assert project.run("validate", "--strict").code == 1

    def test_broken_lock_is_an_error(self, project: Project) -> None:
        project.write("specs/harbour/names.lock", "[1, 2]\n")
        done = project.run("validate")
        assert "names-lock" in done.out
        assert done.code == 1

    def test_misspelt_handler_method_is_reported(self, project: Project) -> None:
        text = "class StandIn:\n    def list_tydes(self, harbour_id): ...\n"
        out = self.stand_in(project, text)
        assert "specs/harbour/stand_in.py:2:5: warning[stand-in-method]" in out
        assert "Rename it to list_tides" in out
        assert project.run("validate", "--strict").code == 1

    def test_one_method_is_meant_for_one_operation(self, project: Project) -> None:
        operation = CONTRACT[CONTRACT.index("  /harbours") : CONTRACT.index("components:")]
        others = [
            operation.replace("listTides", name).replace("/tides", f"/{name}")
            for name in ("lastTides", "leftTides")
        ]
        text = CONTRACT.replace("components:", "".join(others) + "components:")
        project.write("specs/harbour/openapi.yaml", text)
        out = self.stand_in(project, "class StandIn:\n    def list_tydes(self, harbour_id): ...\n")
        assert out.count("list_tydes this method?") == 1
        assert "Rename it to list_tides" in out

    @pytest.mark.parametrize(
        ("arguments", "message", "hint"),
        [
            ("self, harbour", "cannot take harbour_id and needs harbour", "Rename harbour to"),
            ("self", "cannot take harbour_id:", "It is called with harbour_id"),
            ("self, harbour_id, unit", "needs unit, which is not passed", "It is called with"),
            ("self, harbour_id, /", "cannot take harbour_id and needs harbour_id", ""),
        ],
    )
    def test_method_with_other_arguments_is_reported(
        self, project: Project, arguments: str, message: str, hint: str
    ) -> None:
        out = self.stand_in(project, f"class StandIn:\n    def list_tides({arguments}): ...\n")
        assert "specs/harbour/stand_in.py:2:5: warning[stand-in-arguments]" in out
        assert message in out
        assert hint in out

    @pytest.mark.parametrize(
        "method",
        [
            "def list_tides(self, **all): ...",
            "async def list_tides(self, *, harbour_id, more=1): ...",
            "@changing\n    def list_tides(self): ...",
            "list_tides = something",
        ],
    )
    def test_method_that_can_be_called_is_fine(self, project: Project, method: str) -> None:
        assert "no findings" in self.stand_in(project, f"class StandIn:\n    {method}\n")

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("from harbour import TidesPage", "harbour has no TidesPage"),
            ("from harbour.modells import TidePage", "no module modells"),
            ("import harbour_of_nowhere", "no module harbour_of_nowhere"),
            ("from .x import y", "relative import"),
            ("from bothends.runtime import State", "from bothends.runtime.stand_in import State"),
            ("from bothends.runtime import keep", "bothends.runtime has no keep"),
            ("from bothends.runtme import keeps", "Did you mean bothends.runtime?"),
            ("from bothends.runtime.answer import Responce", "Did you mean Response?"),
        ],
    )
    def test_failing_import_is_an_error(self, project: Project, line: str, message: str) -> None:
        out = self.stand_in(project, f"{line}\nclass StandIn:\n    def list_tides(self): ...\n")
        assert "error[stand-in-import]" in out
        assert message in out

    def test_names_of_the_library_are_found(self, project: Project) -> None:
        lines = [
            "from bothends.runtime import Answer, keeps, stand_in",
            "from bothends.runtime.stand_in import State, contract_reply, state",
            "from bothends.__main__ import main",  # which runs the program when it is imported
        ]
        out = self.stand_in(project, "\n".join([*lines, "class StandIn:\n    list_tides = 1\n"]))
        assert "no findings" in out

    def test_bases_of_each_other_are_no_fault(self, project: Project) -> None:
        text = "class A(B): ...\nclass B(A): ...\nclass StandIn(A): ...\n"
        assert "internal-error" not in self.stand_in(project, text)

    def test_stand_in_without_its_class(self, project: Project) -> None:
        assert "error[stand-in-class]" in self.stand_in(project, "class Standin: ...\n")

    def test_fitting_stand_in_has_no_findings(self, project: Project) -> None:
        text = """\
            import json
            from harbour import HarbourHandler, TidePage, create_app
            from harbour.operations import LIST_TIDES

            class Shared(HarbourHandler):
                def list_tides(self, harbour_id): ...

            class StandIn(Shared):
                def app(self): ...
            """
        assert self.stand_in(project, text) == "1 contract: no findings\n"
