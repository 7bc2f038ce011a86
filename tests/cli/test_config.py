from __future__ import annotations

import dataclasses
import os

import pytest

from bothends.config import Misuse, find_specs, load_config

from .conftest import Project


def finding(project: Project, pyproject: str) -> tuple[str, str, str]:
    project.write("pyproject.toml", pyproject)
    with pytest.raises(Misuse) as caught:
        load_config(project.root)
    [only] = caught.value.findings
    return only.code, f"{only.location or ''} {only.message}".strip(), only.hint


class TestSettings:
    def test_without_a_table_the_defaults_hold(self, project: Project) -> None:
        config = load_config(project.root)
        assert (config.root, config.specs, config.generated) == (
            project.root,
            project.root / "specs",
            project.root / "generated",
        )
        assert config.strict is False

    def test_the_nearest_project_file_above_is_read(self, project: Project) -> None:
        project.write("pyproject.toml", "[tool.bothends]\nspecs = 'contracts'\nstrict = true\n")
        below = project.write("a/b/c.txt", "").parent
        config = load_config(below)
        assert (config.root, config.specs, config.strict) == (
            project.root,
            project.root / "contracts",
            True,
        )

    def test_working_folder_is_root_without_project_file(self, project: Project) -> None:
        (project.root / "pyproject.toml").unlink()
        assert load_config(project.root).root == project.root

    def test_it_cannot_be_changed(self, project: Project) -> None:
        config = load_config(project.root)
        with pytest.raises(dataclasses.FrozenInstanceError):
            config.strict = True  # type: ignore[misc]  # the point of the test

    def test_unknown_setting_has_file_and_line(self, project: Project) -> None:
        text = "[tool.other]\nspec = 1\n[tool.bothends]\nstrict = true\nspec = 'x'\n"
        assert finding(project, text) == (
            "config-unknown-setting",
            "pyproject.toml:5:1 there is no setting `spec`",
            "did you mean `specs`?",
        )

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("strict = 'yes'", "`strict` must be true or false, not 'yes'"),
            ("strict = 1", "`strict` must be true or false, not 1"),
            ("specs = true", "`specs` must be the path of a folder, as text, not True"),
            ("generated = ''", "`generated` must be the path of a folder, as text, not ''"),
            ("bounds = 3", "`bounds` must be a table"),
            ("bounds = {chain = true}", "`chain` must be an integer of 1 or more, not True"),
            ("bounds.depth = 3", "there is no bound `depth`"),
        ],
    )
    def test_a_setting_of_the_wrong_type(self, project: Project, line: str, fault: str) -> None:
        code, message, _ = finding(project, f"[tool.bothends]\n{line}\n")
        assert (code, message) == ("config-bad-setting", f"pyproject.toml:2:1 {fault}")

    @pytest.mark.parametrize("generated", ["specs", ".", "..", "specs/../specs"])
    def test_generated_folder_must_not_hold_contracts(
        self, project: Project, generated: str
    ) -> None:
        code, _, _ = finding(project, f"[tool.bothends]\ngenerated = '{generated}'\n")
        assert code == "config-folders"

    @pytest.mark.parametrize(
        "text", ["[tool", "tool.bothends = 3\n", "[tool.bothends]\nstrict = \n"]
    )
    def test_a_broken_project_file(self, project: Project, text: str) -> None:
        code, message, _ = finding(project, text)
        assert code == "config-unreadable"
        assert "pyproject.toml" in message

    def test_a_project_file_that_is_not_text(self, project: Project) -> None:
        (project.root / "pyproject.toml").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(Misuse, match="not UTF-8"):
            load_config(project.root)


class TestFindingSpecs:
    def names(self, project: Project, *names: str) -> list[str]:
        return [spec.name for spec in find_specs(load_config(project.root), names)]

    def fault(self, project: Project, *names: str) -> str:
        with pytest.raises(Misuse) as caught:
            self.names(project, *names)
        [only] = caught.value.findings
        return f"{only.message}; {only.hint}"

    def test_all_in_the_order_of_their_names(self, project: Project) -> None:
        project.write("specs/zebra/openapi.json", "{}")
        project.write("specs/anchor/openapi.yml", "")
        project.write("specs/notes/readme.txt", "")
        assert self.names(project) == ["anchor", "harbour", "zebra"]

    def test_what_lies_beside_the_contract(self, project: Project) -> None:
        folder = project.root / "specs/harbour"
        [bare] = find_specs(load_config(project.root), ["harbour"])
        assert (bare.claims, bare.stand_in, bare.lock) == (None, None, folder / "names.lock")
        project.write("specs/harbour/claims.yaml", "")
        project.write("specs/harbour/stand_in.py", "")
        [full] = find_specs(load_config(project.root), ["harbour"])
        assert (full.claims, full.stand_in) == (folder / "claims.yaml", folder / "stand_in.py")

    def test_shown_path_ignores_working_folder(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config = load_config(project.root)
        monkeypatch.chdir(project.root / "specs")
        assert {
            find_specs(config, [name])[0].display_path
            for name in ("harbour", "harbour/openapi.yaml")
        } == {"specs/harbour/openapi.yaml"}

    def test_a_file_elsewhere(
        self, project: Project, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere") / "2-tide.tables.yaml"
        elsewhere.write_text("")
        [spec] = find_specs(load_config(project.root), [str(elsewhere)])
        # Relative: a package says the same on each machine that has both folders.
        relative = os.path.relpath(elsewhere, project.root)
        assert (spec.name, spec.display_path) == ("api_2_tide_tables", relative)
        assert spec.lock == project.root / "specs/api_2_tide_tables/names.lock"

    def test_the_same_contract_twice_is_one(self, project: Project) -> None:
        assert self.names(project, "harbour", "specs/harbour", "specs/harbour/openapi.yaml") == [
            "harbour"
        ]

    def test_package_name_is_never_a_keyword(self, project: Project) -> None:
        project.write("specs/class/openapi.yaml", "")
        assert self.names(project, "class") == ["class_"]

    def test_two_contracts_for_one_package(self, project: Project) -> None:
        project.write("specs/Har-bour/openapi.yaml", "")
        project.write("specs/har bour/openapi.yaml", "")
        assert "would both become the package `har_bour`" in self.fault(project)

    def test_a_misspelt_name(self, project: Project) -> None:
        assert (
            self.fault(project, "harbor") == "there is no contract harbor; did you mean `harbour`?"
        )

    def test_a_name_unlike_any(self, project: Project) -> None:
        assert self.fault(project, "x.yaml").endswith(
            "neither a folder of specs/ nor a file; there are: harbour"
        )

    def test_a_folder_without_a_contract(self, project: Project) -> None:
        project.write("empty/notes.txt", "")
        assert "the folder empty has no openapi.yaml" in self.fault(project, "empty")

    def test_no_contracts_at_all(self, project: Project) -> None:
        (project.root / "specs/harbour/openapi.yaml").unlink()
        assert "`bothends init NAME` writes specs/NAME/openapi.yaml" in self.fault(project)

    def test_nothing_named_after_nothing(self, project: Project) -> None:
        project.write("specs/---/openapi.yaml", "")
        assert "no Python package can be named after `---`" in self.fault(project, "---")
