"""The only writer: all or nothing, and never what is not its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.write import ChangeKind, Plan, apply, plan, recover, swap
from bothends.write.plan import MANIFEST

FILES = {"client.py": "client\n", "models.py": "models\n", "py.typed": ""}


def disk(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        if path.is_file()
        else "<folder>"
        for path in folder.rglob("*")
    }


def planned(root: Path, files: dict[str, str], name: str = "made") -> Plan:
    return plan(root / name, files, root=root)


def codes(plan: Plan) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity.value) for finding in plan.findings]


class TestAllOrNothing:
    """When one file cannot be written, the disk is as it was, whichever file it is and however many packages there are."""

    @pytest.mark.parametrize("blocked", [*FILES, MANIFEST, "stale.py"])
    @pytest.mark.parametrize("package", ["first", "second"])
    def test_a_folder_that_appears_where_a_file_must_go(
        self, tmp_path: Path, package: str, blocked: str
    ) -> None:
        for name in ("first", "second"):
            apply([planned(tmp_path, {"client.py": "old\n", "stale.py": "stale\n"}, name)])

        plans = [planned(tmp_path, FILES, name) for name in ("first", "second")]
        target = tmp_path / package / blocked
        target.unlink(missing_ok=True)
        target.mkdir()
        before = disk(tmp_path)
        with pytest.raises(OSError, match=r"directory|permitted"):
            apply(plans)

        assert disk(tmp_path) == before

    def test_a_file_where_the_folder_must_go(self, tmp_path: Path) -> None:
        plans = [planned(tmp_path, FILES, "first"), planned(tmp_path, FILES, "deep/down/second")]
        (tmp_path / "deep").write_text("in the way")
        with pytest.raises(OSError, match=r"deep"):
            apply(plans)
        assert disk(tmp_path) == {"deep": "in the way"}


class TestInSteps:
    """Where the system cannot exchange two names, a failed step brings the old content back."""

    @pytest.fixture(autouse=True)
    def no_exchange(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(swap, "exchange", lambda first, second: False)

    @pytest.mark.parametrize("failing", [1, 2])
    def test_failed_rename_loses_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
    ) -> None:
        apply([planned(tmp_path, {"client.py": "old\n"})])
        (tmp_path / "made" / "mine.txt").write_text("kept by a person")
        before = disk(tmp_path)
        rename, renamed = Path.rename, list[Path]()

        def rename_some(path: Path, target: Path) -> Path:
            renamed.append(path)
            if len(renamed) == failing:
                raise PermissionError(13, "in use", str(path))
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", rename_some)
        with pytest.raises(PermissionError):
            apply([planned(tmp_path, FILES)])
        assert disk(tmp_path) == before


def test_interrupted_swap_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply([planned(tmp_path, {"client.py": "old\n"}, name) for name in ("first", "second")])
    run = swap.Swap.run

    def run_and_stop(one: swap.Swap) -> None:
        run(one)
        raise KeyboardInterrupt

    monkeypatch.setattr(swap.Swap, "run", run_and_stop)
    plans = [planned(tmp_path, FILES, name) for name in ("first", "second")]
    with pytest.raises(KeyboardInterrupt):
        apply(plans)

    monkeypatch.undo()
    assert recover(tmp_path, tmp_path)
    again = [planned(tmp_path, FILES, name) for name in ("first", "second")]
    assert all(plan.is_current for plan in again)


class TestAgain:
    """Writing twice changes nothing, and the plan says so."""

    def test_the_second_time(self, tmp_path: Path) -> None:
        first = planned(tmp_path, FILES)
        assert not first.is_current
        apply([first])
        before = disk(tmp_path)
        second = planned(tmp_path, FILES)
        assert second.is_current
        assert {change.kind for change in second.changes} == {ChangeKind.UNCHANGED}
        apply([second])
        assert disk(tmp_path) == before


class TestOwn:
    """What was not generated is never touched; what was is replaced, and removed when it is not needed any more."""

    def test_a_foreign_file_stays(self, tmp_path: Path) -> None:
        (tmp_path / "made").mkdir()
        (tmp_path / "made" / "mine.py").write_text("mine")
        made = planned(tmp_path, FILES)
        assert codes(made) == []
        apply([made])
        apply([planned(tmp_path, {})])
        assert (tmp_path / "made" / "mine.py").read_text() == "mine"

    def test_a_foreign_file_in_the_way_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "made").mkdir()
        (tmp_path / "made" / "client.py").write_text("mine")
        assert codes(planned(tmp_path, FILES)) == [("foreign-file", "error")]

    def test_a_folder_in_the_way_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "made" / "client.py").mkdir(parents=True)
        assert codes(planned(tmp_path, FILES)) == [("foreign-file", "error")]

    def test_an_edit_is_told(self, tmp_path: Path) -> None:
        apply([planned(tmp_path, FILES)])
        (tmp_path / "made" / "client.py").write_text("edited\n")
        made = planned(tmp_path, FILES)
        assert codes(made) == [("edited-by-hand", "warning")]
        apply([made])
        assert (tmp_path / "made" / "client.py").read_text() == "client\n"

    def test_an_edit_of_a_stale_file_is_told(self, tmp_path: Path) -> None:
        apply([planned(tmp_path, FILES)])
        (tmp_path / "made" / "client.py").write_text("edited\n")
        assert codes(planned(tmp_path, {"models.py": "models\n"})) == [
            ("edited-by-hand", "warning")
        ]

    def test_a_stale_file_goes(self, tmp_path: Path) -> None:
        apply([planned(tmp_path, FILES)])
        apply([planned(tmp_path, {"client.py": "client\n"})])
        assert set(disk(tmp_path / "made")) == {"client.py", MANIFEST}

    @pytest.mark.parametrize("path", ["../outside.py", "/etc/passwd", "..", "sub/inside.py", ""])
    def test_a_manifest_that_was_tampered_with_removes_nothing_else(
        self, tmp_path: Path, path: str
    ) -> None:
        (tmp_path / "outside.py").write_text("mine")
        apply([planned(tmp_path, FILES)])
        manifest = tmp_path / "made" / MANIFEST
        manifest.write_text(manifest.read_text().replace("client.py", path))
        made = planned(tmp_path, FILES)
        assert [
            change.path.name for change in made.changes if change.kind is ChangeKind.REMOVED
        ] == []


class TestLinks:
    """Nothing is written through a symbolic link, for it could lead anywhere."""

    @pytest.mark.parametrize(
        "linked", ["made", "made/client.py", "made/models", "made/models/deep"]
    )
    def test_a_link_is_an_error(self, tmp_path: Path, linked: str) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        files = {**FILES, "models/deep/tide.py": "tide\n"}
        link = tmp_path / "root" / linked
        link.parent.mkdir(parents=True)
        link.symlink_to(
            outside / "x.py" if linked.endswith(".py") else outside,
            target_is_directory=not linked.endswith(".py"),
        )
        assert ("symbolic-link", "error") in codes(planned(tmp_path / "root", files))

    def test_stale_file_behind_a_link_stays(self, tmp_path: Path) -> None:
        apply([planned(tmp_path, {"models/tide.py": "tide\n"})])
        (tmp_path / "made" / "models").rename(tmp_path / "outside")
        (tmp_path / "made" / "models").symlink_to(tmp_path / "outside")
        assert ("symbolic-link", "error") in codes(planned(tmp_path, FILES))

    def test_links_of_others_stay_unfollowed(self, tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "link").symlink_to(tmp_path)
        (tmp_path / "made" / ".venv" / "bin").mkdir(parents=True)
        kept = (tmp_path / "made" / "all", tmp_path / "made" / ".venv" / "bin" / "python")
        for link in kept:
            link.symlink_to(tmp_path / "outside")

        made = planned(tmp_path, FILES)
        assert codes(made) == []
        apply([made])
        assert all(link.is_symlink() for link in kept)
