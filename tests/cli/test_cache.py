"""What `generate` takes from an earlier run, and what makes it do the work again."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bothends import cache, ir, pipeline
from bothends.config import SpecFile
from bothends.diagnostics import ContractError
from bothends.emit.models import adapter
from bothends.emit.models.order import Group
from bothends.emit.part import Part
from bothends.emit.tags import package
from bothends.emit.tags.client import emit_group
from bothends.kept import Keep, keep_nothing
from tests.packages import write_contract

CONTRACT = """
paths:
  /buoys:
    get:
      operationId: listBuoys
      responses:
        '200':
          description: Buoys.
          content: {application/json: {schema: {$ref: buoy.yaml}}}
"""
BUOY = "type: object\nproperties: {colour: {type: string}}\n"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SpecFile:
    monkeypatch.setenv("BOTHENDS_CACHE", str(tmp_path / "cache"))
    found = write_contract(tmp_path / "buoys", CONTRACT)
    (tmp_path / "buoys" / "buoy.yaml").write_text(BUOY, "utf-8")
    return found


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[SpecFile]:
    """The contracts that packages were made of: what is taken from the cache is not among them."""
    made: list[SpecFile] = []
    generate = pipeline.generate

    def counted(spec: SpecFile, keep: Keep = keep_nothing) -> pipeline.Generated:
        made.append(spec)
        return generate(spec, keep)

    monkeypatch.setattr(pipeline, "generate", counted)
    return made


def entries(spec: SpecFile, suffix: str = ".zlib") -> list[Path]:
    return list((spec.contract.parents[1] / "cache").glob(f"*{suffix}"))


def test_second_run_takes_everything_from_first(spec: SpecFile, runs: list[SpecFile]) -> None:
    first, second = cache.make(spec), cache.make(spec)
    assert first == second
    assert runs == [spec]


def test_names_that_first_run_chose_change_nothing(spec: SpecFile, runs: list[SpecFile]) -> None:
    first = cache.make(spec)
    spec.lock.write_text(first.lock, "utf-8")
    assert cache.make(spec) == first
    assert len(runs) == 1
    made = pipeline.generate(spec)
    assert (made.files, made.lock, made.findings) == (first.files, first.lock, first.findings)


def test_package_moves_with_its_entry(spec: SpecFile, runs: list[SpecFile], tmp_path: Path) -> None:
    first = cache.make(spec)
    moved = spec.contract.parent.rename(tmp_path / "elsewhere")
    again = replace(spec, contract=moved / "openapi.yaml", lock=moved / "names.lock")
    assert cache.make(again) == first
    assert len(runs) == 1


@pytest.mark.parametrize("name", ["openapi.yaml", "buoy.yaml", "names.lock", "claims.yaml"])
def test_each_file_read_decides(spec: SpecFile, runs: list[SpecFile], name: str) -> None:
    lock = cache.make(spec).lock
    file = spec.contract.parent / name
    edited = lock.replace("list_buoys", "all_buoys")
    texts = {"claims.yaml": "documents: {}\nclaims: {}\n", "names.lock": edited}
    claimed = replace(spec, claims=file) if name == "claims.yaml" else spec
    file.write_text(texts.get(name) or f"{file.read_text('utf-8')}\n# a word\n", "utf-8")
    cache.make(claimed)
    cache.make(claimed)
    assert len(runs) == 2


def test_file_that_appears_is_read(spec: SpecFile, runs: list[SpecFile]) -> None:
    buoy = spec.contract.parent / "buoy.yaml"
    buoy.unlink()
    without = cache.make(spec)
    assert without.counts.models == 0
    assert cache.make(spec) == without
    assert without.findings, "or findings were not compared"
    buoy.write_text(BUOY, "utf-8")
    assert cache.make(spec).counts.models == 1
    assert len(runs) == 2


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The groups of classes that were written: what is taken from the cache is not among them."""
    groups: list[tuple[str, ...]] = []
    write = adapter.write_group

    def counted(group: Group, *given: Any) -> tuple[str, list[str]]:
        groups.append(group.own)
        return write(group, *given)

    monkeypatch.setattr(adapter, "write_group", counted)
    return groups


def test_classes_that_did_not_change_are_not_written_again(
    spec: SpecFile, written: list[tuple[str, ...]]
) -> None:
    cache.make(spec)
    changed = spec.contract.read_text("utf-8").replace("description: Buoys.", "description: All.")
    spec.contract.write_text(changed, "utf-8")
    found = cache.make(spec)
    assert len(written) == 1
    assert found.files == pipeline.generate(spec).files

    (spec.contract.parent / "buoy.yaml").write_text(BUOY.replace("string", "integer"), "utf-8")
    found = cache.make(spec)
    assert len(written) == 3
    assert found.files == pipeline.generate(spec).files


def test_modules_of_groups_that_did_not_change_are_not_made_again(
    spec: SpecFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(part: Part, group: ir.Group, *given: Any) -> str:
        made.append(group.name)
        return emit_group(part, group, *given)

    monkeypatch.setattr(package, "emit_group", counted)
    spec = replace(spec, layout="tags")
    operation = "{operationId: NAME, tags: [NAME], responses: {'204': {description: None.}}}"
    paths = [f"  /{name}: {{get: {operation}}}".replace("NAME", name) for name in ("a", "b")]
    text = "openapi: 3.1.0\ninfo: {title: Two, version: '1'}\npaths:\n" + "\n".join(paths)
    spec.contract.write_text(text, "utf-8")
    cache.make(spec)
    assert made == ["a", "b"]

    made.clear()
    changed = text.replace("operationId: b", "operationId: b, summary: B")
    spec.contract.write_text(changed, "utf-8")
    found = cache.make(spec)
    assert made == ["b"]
    assert found.files == pipeline.generate(spec).files


def test_broken_text_of_classes_is_written_again(
    spec: SpecFile, written: list[tuple[str, ...]]
) -> None:
    first = cache.make(spec)
    for entry in entries(spec):
        entry.write_bytes(b"junk")
    assert cache.make(spec) == first
    assert len(written) == 2


def test_contract_at_fault_is_judged_anew(spec: SpecFile, runs: list[SpecFile]) -> None:
    spec.contract.write_text("paths: [", "utf-8")
    for _ in range(2):
        with pytest.raises(ContractError):
            cache.make(spec)
    assert len(runs) == 2


@pytest.mark.parametrize(
    "changed",
    [{"name": "other"}, {"only": ("path:/buoys",)}, {"layout": "tags"}, {"is_published": True}],
)
def test_each_setting_decides(
    spec: SpecFile, runs: list[SpecFile], changed: dict[str, object]
) -> None:
    cache.make(spec)
    cache.make(replace(spec, **changed))  # type: ignore[arg-type]
    assert len(runs) == 2


def test_another_version_decides(
    spec: SpecFile, runs: list[SpecFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.make(spec)
    monkeypatch.setattr(cache, "_program", lambda: "another")
    cache.make(spec)
    assert len(runs) == 2


@pytest.mark.parametrize("content", [b"", b"\x78\x9c", b"junk" * 99])
def test_broken_entry_is_made_anew(spec: SpecFile, runs: list[SpecFile], content: bytes) -> None:
    first = cache.make(spec)
    for entry in entries(spec):
        entry.write_bytes(content)
    assert cache.make(spec) == first
    assert cache.make(spec) == first
    assert len(runs) == 2


def test_folder_that_cannot_be_is_done_without(
    spec: SpecFile, runs: list[SpecFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTHENDS_CACHE", str(spec.contract))
    cache.make(spec)
    monkeypatch.setenv("BOTHENDS_CACHE", "off")
    cache.make(spec)
    assert len(runs) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_folder_of_another_owner_is_not_used(spec: SpecFile, runs: list[SpecFile]) -> None:
    cache.make(spec)
    os.chown(spec.contract.parents[1] / "cache", 4242, 4242)
    cache.make(spec)
    assert len(runs) == 2


def test_old_entries_are_removed(spec: SpecFile, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.make(spec)
    old = entries(spec)
    last_year = time.time() - 366 * 24 * 3600
    for entry in old:
        os.utime(entry, (last_year, last_year))
    cache.make(replace(spec, name="other"))
    assert entries(spec)
    # Its classes are the same: their text was used again, so it is not old any more.
    assert {entry.name for entry in entries(spec) if entry in old} == {
        entry.name for entry in entries(spec, ".text.zlib")
    }

    monkeypatch.setattr(cache, "_MOST_BYTES", 10)
    cache.make(replace(spec, name="another"))
    assert entries(spec) == []
