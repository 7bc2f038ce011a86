"""A server that reads or writes XML wrongly is seen, and one that does it right is proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bothends.prove import Package
from bothends.runtime.media.xml import codec
from bothends.runtime.media.xml.mapping import ObjectShape, XmlMapping
from bothends.runtime.media.xml.text import XmlTextError, read_xml
from tests.behaviour.test_xml import CONTRACT

from .packages import Bug, make_package, prove_bug

pytestmark = pytest.mark.filterwarnings("ignore")
HEAD = "openapi: 3.1.0\ninfo: {title: Pets, version: '1', description: Made up.}\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("xml")
    contract = folder / "pets.yaml"
    contract.write_text(HEAD + CONTRACT, "utf-8")
    return make_package(folder, "xml_pets", contract)


def test_a_server_without_a_bug_is_proved(tmp_path: Path, package: Package) -> None:
    assert prove_bug(tmp_path, package, Bug("none", max_examples=20)).failures == []


def lenient(mapping: XmlMapping, text: str, charset: str = "utf-8") -> Any:
    """Reads as most libraries do: elements that nobody knows are dropped, the last of two counts."""
    try:
        return read_xml(mapping, text, charset)
    except XmlTextError as error:
        try:
            root = ET.fromstring(text)
        except ET.ParseError:
            raise error from None
    assert isinstance(mapping.shape, ObjectShape)
    value: dict[str, Any] = {name: [] for name in mapping.shape.empty_lists}
    for child in root:
        if child.tag in mapping.shape.fields:
            value[child.tag] = child.text or ""
    return value


def test_a_lenient_reader_is_seen(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "read_xml", lenient)
    assert prove_bug(tmp_path, package, Bug("read")).failures


def test_an_answer_that_is_not_the_value_is_seen(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = codec.XmlCodec.write

    def wrong(self: codec.XmlCodec, value: Any, content_type: str) -> tuple[str, bytes]:
        # Requests stay as they are: the proof writes them by the same codec.
        written, content = write(self, value, content_type)
        is_answer = "/responses/" in self.pointer
        return written, content.replace(b"name>", b"nom>") if is_answer else content

    monkeypatch.setattr(codec.XmlCodec, "write", wrong)
    assert prove_bug(tmp_path, package, Bug("write")).failures
