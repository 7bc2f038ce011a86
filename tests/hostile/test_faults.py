"""What is wrong in a contract or a setting is told as a fault of it, with a place; what is generated can be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bothends.cli import main
from tests.packages import HEAD, import_files, make

GET = (
    "paths: {/a: {get: {operationId: a, responses: {'200': "
    "{description: x, content: {application/json: {schema: %s}}}}}}}\n"
)


@pytest.mark.parametrize("name", ["''", '"a\\r\\nb: c"', '"a b"'])
@pytest.mark.parametrize("location", ["header", "cookie"])
def test_an_api_key_without_a_name_is_refused(tmp_path: Path, name: str, location: str) -> None:
    scheme = f"{{type: apiKey, in: {location}, name: {name}}}"
    text = f"{HEAD}security: [{{k: []}}]\ncomponents: {{securitySchemes: {{k: {scheme}}}}}\n"
    made = make(tmp_path, text + GET % "{type: string}")
    assert "refused-security-scheme" in {finding.code for finding in made.findings}
    assert import_files(tmp_path / "out", made.files).__name__


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("#/info/title", "a plain value"),
        ("#/info", "an info"),
        ("#/paths/~1a/get", "an operation"),
        ("#/components/parameters/P", "a parameter"),
        ("#/components/schemas/S/enum", "a plain value"),
    ],
)
def test_a_reference_leads_to_its_kind(tmp_path: Path, reference: str, kind: str) -> None:
    components = (
        "components: {parameters: {P: {name: p, in: query, schema: {}}}, "
        "schemas: {S: {enum: [a]}}}\n"
    )
    made = make(tmp_path, HEAD + components + GET % f"{{$ref: '{reference}'}}")
    messages = [found.message for found in made.findings if found.code == "dangling-reference"]
    assert messages == [f"{reference} leads to {kind}, not to a schema; any value is allowed here."]


@pytest.mark.parametrize("digits", ["9" * 5_000, "0x" + "f" * 5_000, "0o" + "7" * 6_000])
def test_integers_of_thousands_of_digits_are_findings(tmp_path: Path, digits: str) -> None:
    made = make(tmp_path, HEAD + GET % f"{{type: integer, format: int32, maximum: {digits}}}")
    assert "left-out-number-too-long" in {finding.code for finding in made.findings}


@pytest.mark.parametrize("name", ["typing", "bothends", "json", "pydantic"])
def test_names_that_hide_needed_modules_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "specs" / name
    folder.mkdir(parents=True)
    (folder / "openapi.yaml").write_text(HEAD + GET % "{type: string}")
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    assert main(["generate"]) == 1
    assert not (tmp_path / "generated").exists()


def test_a_link_with_a_server_is_legal(tmp_path: Path) -> None:
    links = "{l: {operationId: a, server: {url: 'https://x.example'}}}"
    responses = f"{{'204': {{description: x, links: {links}}}}}"
    made = make(
        tmp_path, f"{HEAD}paths: {{/a: {{get: {{operationId: a, responses: {responses}}}}}}}\n"
    )
    assert [str(operation.name) for operation in made.api.operations] == ["a"]


@pytest.mark.parametrize(
    "address",
    ["http://a\r\nb", "http://a/\0", "http://[::1", "http://a:99999999/", "http://" + "a" * 70_000],
)
def test_addresses_that_are_none_are_value_errors(tmp_path: Path, address: str) -> None:
    made = make(tmp_path, HEAD + GET % "{type: string}")
    module: Any = import_files(tmp_path / "out", made.files)
    with pytest.raises(ValueError, match="URL"):
        module.MadeClient(base_url=address)


def test_hostile_packages_import_in_a_fresh_interpreter(tmp_path: Path) -> None:
    case = Path(__file__).parents[1] / "cases/hostile_text/openapi.yaml"
    text = case.read_text("utf-8")
    made = make(tmp_path, text[text.index("openapi:") :])
    folder = tmp_path / "out/made"
    folder.mkdir(parents=True)
    for name, text in made.files.items():
        (folder / name).write_text(text, "utf-8")
    modules = ", ".join(
        f"made.{Path(name).stem}"
        for name in made.files
        if name.endswith(".py") and name != "__init__.py"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import made, {modules}"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
