"""A server that reads or writes YAML wrongly is seen, and one that does it right is proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bothends.prove import Package
from bothends.runtime.media import yaml as codec
from tests.behaviour.test_yaml import CONTRACT

from .packages import Bug, make_package, prove_bug

pytestmark = pytest.mark.filterwarnings("ignore")
HEAD = "openapi: 3.1.0\ninfo: {title: Notes, version: '1', description: Made up.}\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("yaml")
    contract = folder / "notes.yaml"
    contract.write_text(HEAD + CONTRACT, "utf-8")
    return make_package(folder, "yaml_notes", contract)


def test_a_server_without_a_bug_is_proved(tmp_path: Path, package: Package) -> None:
    assert prove_bug(tmp_path, package, Bug("none", max_examples=20)).failures == []


def lenient(text: str) -> Any:
    """YAML as version 1.1 has it: `no` is false, aliases and repeated names are taken."""
    return yaml.safe_load(text)


def test_a_lenient_reader_is_seen(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "read_yaml", lenient)
    assert prove_bug(tmp_path, package, Bug("read")).failures


def test_an_answer_that_is_not_the_value_is_seen(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = codec.YamlCodec.write

    def wrong(self: codec.YamlCodec, value: Any, content_type: str) -> tuple[str, bytes]:
        # Requests stay as they are: the proof writes them by the same codec.
        return write(self, [value] if "/responses/" in self.pointer else value, content_type)

    monkeypatch.setattr(codec.YamlCodec, "write", wrong)
    assert prove_bug(tmp_path, package, Bug("write")).failures
