"""A first contract: all that `init` writes passes validate and generate at once."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from bothends.load import load_document
from tests.strict_mypy import run_strict_mypy

from .conftest import CONTRACT, Project

INIT = ("init", "harbour", "--stand-in")
FLAGS = [
    (),
    ("--method", "post", "--path", "/v2/messages", "--security", "X-Pigeon-Key"),
    ("--method", "get", "--path", "/v2/messages", "--security", "basic"),
    ("--method", "delete", "--path", "/v2/messages/{id}", "--security", "none"),
    ("--method", "put", "--path", "/boxes/{box}/letters/{letter}"),
    ("--path", "/"),
]


TWO_MORE = """
openapi: 3.1.0
info: {title: Tides, version: '1'}
paths:
  /tides:
    get: {operationId: listTides, responses: {'204': {description: None.}}}
  /tides/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getTide
      responses:
        '200': {description: It., content: {application/json: {schema: {type: string}}}}
    delete: {operationId: dropTide, responses: {'204': {description: Gone.}}}
"""


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_first_contract_passes_every_check(project: Project, flags: tuple[str, ...]) -> None:
    done = project.run("init", "pigeon", "--stand-in", *flags)
    assert (done.code, done.err) == (0, "")
    assert project.run("validate", "pigeon", "--strict").out == "1 contract: no findings\n"
    assert project.run("generate", "pigeon", "--strict").code == 0
    assert "class StandIn(PigeonHandler):" in project.files["specs/pigeon/stand_in.py"]


def test_first_package_is_proved_at_once(project: Project) -> None:
    project.run("init", "pigeon", "--stand-in", "--path", "/messages", "--method", "post")
    project.run("generate", "pigeon")
    done = project.spawn("prove", "pigeon", "--max-examples", "2")
    assert done.code == 0, done.out + done.err
    assert "proved: every answer was one that the contract describes" in done.out


def test_skeleton_passes_strict_type_checks(project: Project) -> None:
    project.run("init", "harbour", "--stand-in")
    project.run("generate", "harbour")
    file = "specs/harbour/stand_in.py"
    done = run_strict_mypy(project.root, "--explicit-package-bases", file, search="generated")
    assert (done.returncode, done.stdout) == (0, "")


def test_existing_contract_gets_its_skeleton(project: Project) -> None:
    done = project.run("init", "harbour", "--stand-in")
    assert done.out.splitlines()[0] == "specs/harbour/stand_in.py written"
    assert "def list_tides(self, harbour_id: str)" in project.files["specs/harbour/stand_in.py"]


def test_existing_file_is_never_overwritten(project: Project) -> None:
    project.write("specs/harbour/stand_in.py", "mine = 1\n")
    before = project.files
    for arguments in (("harbour",), ("harbour", "--stand-in")):
        done = project.run("init", *arguments)
        assert done.code == 2
        assert "is there already" in done.err
    assert project.files == before


def test_stand_in_gets_the_methods_it_lacks(project: Project) -> None:
    own = "    def list_tides(self, **query): ...  # mine\n"
    project.write("specs/harbour/openapi.yaml", TWO_MORE)
    project.write("specs/harbour/stand_in.py", f"class StandIn:\n{own}\n\nlast = 1\n")
    done = project.run("init", "harbour", "--stand-in")
    assert done.out.splitlines() == [
        "specs/harbour/stand_in.py: get_tide, drop_tide added",
        "next: `bothends generate harbour`, then edit specs/harbour/stand_in.py",
    ]

    text = project.files["specs/harbour/stand_in.py"]
    assert text.startswith("from bothends.runtime import Answer\n")
    assert f"class StandIn:\n{own}\n    def get_tide(self, id: str) -> Answer[str]:\n" in text
    assert text.endswith("        return contract_reply(DROP_TIDE, id=id)\n\n\nlast = 1\n")
    project.run("generate", "harbour")
    assert "stand-in" not in project.run("validate", "harbour").out
    again = project.run("init", "harbour", "--stand-in")
    assert (again.out, again.err) == ("specs/harbour/stand_in.py: nothing added\n", "")


def test_method_that_no_longer_fits_is_told(project: Project) -> None:
    own = "class StandIn:\n    def list_tides(self, harbour): ...\n"
    project.write("specs/harbour/stand_in.py", own)
    done = project.run("init", "harbour", "--stand-in")
    assert "specs/harbour/stand_in.py:2:5: warning[stand-in-arguments]" in done.err
    assert "hint: Rename harbour to harbour_id." in done.err
    assert project.files["specs/harbour/stand_in.py"] == own


def test_what_a_person_wrote_stays_to_the_byte(project: Project) -> None:
    own = "TEXT = 'a\u2028b\x0c'\r\nclass StandIn:\r\n    x = 1"
    file = project.root / "specs/harbour/stand_in.py"
    file.write_text(own, "utf-8", newline="")
    project.run("init", "harbour", "--stand-in")
    text = file.read_bytes().decode("utf-8")
    head, _, added = text.partition(own.partition("class")[0])
    assert head.endswith("\r\n")
    assert added.startswith("class StandIn:\r\n    x = 1\r\n\r\n    def list_tides(")


def test_link_out_of_the_project_is_not_written(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "theirs.py"
    elsewhere.write_text("class StandIn: ...\n", "utf-8")
    (project.root / "specs/harbour/stand_in.py").symlink_to(elsewhere)
    done = project.run("init", "harbour", "--stand-in")
    assert done.code != 0
    assert "specs/harbour/stand_in.py" in done.err
    assert elsewhere.read_text("utf-8") == "class StandIn: ...\n"


def test_contract_of_others_is_copied(project: Project, tmp_path: Path) -> None:
    project.run("init", "quay", "--from", "specs/harbour/openapi.yaml")
    files = project.files
    assert files["specs/quay/openapi.yaml"] == files["specs/harbour/openapi.yaml"]
    done = project.run("validate", "quay")
    assert done.code == 0
    assert "of 3 constraints have a source" in done.out or "constraints have a source" in done.out


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        (("a b",), "no contract can be named 'a b'", "did you mean `a_b`?"),
        (("specs/quay",), "no contract can be named 'specs/quay'", "did you mean `quay`?"),
        (("héron",), "no contract can be named 'héron'", "did you mean `heron`?"),
        (("4tides",), "no contract can be named '4tides'", "did you mean `api_4tides`?"),
        (("..",), "no contract can be named '..'", "a letter first"),
        (("json",), "the package json would have the name", "`bothends init json_api`"),
        (("pytest",), "the package pytest would have the name", "names = {pytest = "),
        (("Harbour",), "another contract has the package `harbour`", "choose a name"),
        (("quay", "--method", "gett"), "'gett' is no method", "did you mean `get`?"),
        (("quay", "--method", "HEAD"), "'head' is no method", "write head into the contract"),
        (("quay", "--path", "tides"), "'tides' is no path", "did you mean `/tides`?"),
        (("quay", "--path", "/a/:id"), "'/a/:id' is no path", "did you mean `/a/{id}`?"),
        (("quay", "--path", "/a/<int:id>"), "is no path", "did you mean `/a/{id}`?"),
        (("quay", "--path", "/a/{id"), "'/a/{id' is no path", "did you mean `/a/{id}`?"),
        (("quay", "--path", "/a?b=1"), "'/a?b=1' is no path", "belong into `parameters`"),
        (("quay", "--path", "https://a.b/c"), "is no path", "--server https://a.b --path /c"),
        (("quay", "--path", "/a/{id}/b/{id}"), "has {id} twice", "each has its own name"),
        (("quay", "--server", "tides"), "'tides' is no URL of a server", "such as https://"),
        (("quay", "--server", "a.example"), "is no URL", "did you mean `https://a.example`?"),
        (("quay", "--server", "https://a.example/{v}"), "{v}, which has no value", "a value"),
        (("quay", "--security", "a b"), "'a b' is no security scheme", "such as X-Api-Key"),
        (("quay", "--security", "baerer"), "is no security scheme", "did you mean `bearer`?"),
        (("quay", "--security", "apiKey"), "'apiKey' is no security scheme", "into the contract"),
        (("quay", "--security", "X-Key:"), "is no security scheme", "did you mean `X-Key`?"),
        (("quay", "--from", "none.yaml"), "there is no file none.yaml", "--from takes the path"),
        (("quay", "--from", "https://a.example/b"), "there is no file", "download it first"),
        (("quay", "--from", "pyproject.toml"), "pyproject.toml", "hint"),
        (("harbour", "--path", "/a", "--stand-in"), "--path changes nothing", "leave it out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_word_is_refused_with_a_way_out(
    project: Project, flags: tuple[str, ...], message: str, hint: str
) -> None:
    before = project.files
    done = project.run("init", *flags)
    assert (done.code in (1, 2), done.out) == (True, "")
    assert message in done.err
    assert hint in done.err.partition("hint: ")[2] or hint == "hint"
    assert project.files == before


def test_file_that_is_no_contract_is_not_copied(project: Project) -> None:
    project.write("notes.yaml", "a: 1\n")
    project.write("specs/pier", "a file\n")
    before = project.files
    done = project.run("init", "quay", "--from", "notes.yaml")
    assert "notes.yaml is no OpenAPI contract: it has no `openapi` field" in done.err
    done = project.run("init", "quay", "--from", "specs/harbour/openapi.yaml", "--method", "put")
    assert "--from takes a contract as it is: --method changes nothing in it" in done.err
    done = project.run("init", "pier")
    assert "specs/pier is a file, not a folder" in done.err
    assert project.files == before


def test_capitals_and_folders_are_no_reason_to_refuse(project: Project) -> None:
    project.write("specs/quay/notes.md", "What the vendor said.\n")
    assert project.run("init", "quay", "--security", "Bearer", "--method", "POST").code == 0
    assert "    post:\n" in project.files["specs/quay/openapi.yaml"]
    assert "scheme: bearer" in project.files["specs/quay/openapi.yaml"]


def test_name_of_a_module_is_free_under_another_package(project: Project) -> None:
    project.write("pyproject.toml", "[tool.bothends]\nnames = {json = 'json_api'}\n")
    assert project.run("init", "json").code == 0
    assert project.run("generate", "json").code == 0
    assert "generated/json_api/client.py" in project.files


def test_editors_find_the_schemas_of_what_is_written(project: Project) -> None:
    assert project.run("init", "quay").code == 0
    files = project.files
    for name, schema in (("openapi", "openapi"), ("claims", "claims")):
        first = files[f"specs/quay/{name}.yaml"].partition("\n")[0]
        assert first == f"# yaml-language-server: $schema=../.schemas/{schema}.schema.json"
        read = json.loads(files[f"specs/.schemas/{schema}.schema.json"])
        document = load_document(project.root / f"specs/quay/{name}.yaml").data
        assert list(jsonschema_rs.iter_errors(read, document)) == []

    read = json.loads(files["specs/.schemas/openapi.schema.json"])
    document = load_document(project.root / "specs/quay/openapi.yaml").data
    document["paths"]["/things/{thingId}"]["get"]["x-pagination"] = {"itms": "x"}
    assert list(jsonschema_rs.iter_errors(read, document))
    assert project.run("generate", "quay").code == 0
    lock = json.loads(project.files["specs/quay/names.lock"])
    schema_of_lock = json.loads(files["specs/.schemas/names.schema.json"])
    assert list(jsonschema_rs.iter_errors(schema_of_lock, lock)) == []
    # A second vendor has the same schemas, and nothing is in its way.
    assert project.run("init", "pier").code == 0


PARTS = {
    "downloads/tides.yaml": """
        openapi: 3.1.0
        info: {title: Tides, version: '1', description: {$ref: parts/about.md}}
        paths:
          /tides: {$ref: parts/paths/tides.yaml}
        components: {schemas: {Level: {type: integer}}}
        """,
    "downloads/parts/about.md": "All *tides*; see tides.yaml.\n",
    "downloads/parts/paths/tides.yaml": """
        get:
          operationId: listTides
          responses:
            '200':
              description: They.
              content: {application/json: {schema: {$ref: ../tide.yaml}}}
        """,
    "downloads/parts/tide.yaml": """
        type: object
        properties: {level: {$ref: "../tides.yaml#/components/schemas/Level"}}
        """,
    "downloads/unrelated.yaml": "a: 1\n",
}


def test_contract_in_several_files_is_copied_whole(project: Project) -> None:
    for path, text in PARTS.items():
        project.write(path, text)
    done = project.run("init", "quay", "--from", "downloads/tides.yaml", "--stand-in")
    assert (done.code, done.err) == (0, "")

    files = project.files
    copied = {path for path in files if path.startswith("specs/quay/")}
    parts = {"openapi.yaml", "parts/about.md", "parts/tide.yaml", "parts/paths/tides.yaml"}
    assert copied == {f"specs/quay/{name}" for name in parts | {"claims.yaml", "stand_in.py"}}
    assert "../openapi.yaml#/components/schemas/Level" in files["specs/quay/parts/tide.yaml"]
    same = "parts/paths/tides.yaml"
    assert files[f"specs/quay/{same}"] == files[f"downloads/{same}"]
    assert project.run("generate", "quay").code == 0
    assert "level: int" in project.files["generated/quay/models.py"]


def test_second_file_of_the_name_of_the_root_is_refused(project: Project) -> None:
    project.write("theirs/root.yaml", PARTS["downloads/tides.yaml"].replace("parts/about.md", "b"))
    project.write("theirs/parts/paths/tides.yaml", "{$ref: ../../openapi.yaml}\n")
    project.write("theirs/openapi.yaml", "get: {operationId: a, responses: {'204': {}}}\n")
    before = project.files
    done = project.run("init", "quay", "--from", "theirs/root.yaml")
    assert done.code == 2
    assert "openapi.yaml beside theirs/root.yaml would have the name" in done.err
    assert "hint: rename openapi.yaml, and the references to it" in done.err
    assert project.files == before


def test_fault_of_a_claims_file_shows_its_line(project: Project) -> None:
    project.write("specs/harbour/claims.yaml", "documents: {a: {titel: A}}\nclaims: {}\n")
    assert "    1 | documents: {a: {titel: A}}\n" in project.run(*INIT).err


def test_untouched_method_gets_its_new_signature(project: Project) -> None:
    project.run("init", "harbour", "--stand-in")
    changed = CONTRACT.replace("schema: {type: string}", "schema: {type: integer}")
    project.write("specs/harbour/openapi.yaml", changed)
    done = project.run("init", "harbour", "--stand-in")
    assert "specs/harbour/stand_in.py: new signature of list_tides" in done.out
    text = project.files["specs/harbour/stand_in.py"]
    assert text.count("def list_tides(self, harbour_id: int)") == 1
    assert project.run(*INIT).out == "specs/harbour/stand_in.py: nothing added\n"


def test_untouched_method_goes_with_its_operation(project: Project) -> None:
    project.run(*INIT)
    changed = CONTRACT.replace("listTides", "findTides").replace("TidePage", "Tides")
    project.write("specs/harbour/openapi.yaml", changed)
    done = project.run(*INIT)
    assert "specs/harbour/stand_in.py: find_tides added" in done.out
    assert "specs/harbour/stand_in.py: list_tides removed, as in the contract" in done.out
    assert done.err == ""
    text = project.files["specs/harbour/stand_in.py"]
    assert "list_tides" not in text.lower()
    assert "TidePage" not in text
    assert "stand-in" not in project.run("validate", "harbour").out

    project.write("specs/harbour/openapi.yaml", changed.replace("findTides", "seekTides"))
    project.run(*INIT)
    text = project.files["specs/harbour/stand_in.py"]
    assert "import Tides\n" in text
    assert "find_tides" not in text.lower()
    assert "stand-in" not in project.run("validate", "harbour").out


def test_each_module_is_imported_once(project: Project) -> None:
    project.run(*INIT)
    path = CONTRACT[CONTRACT.index("  /harbours") : CONTRACT.index("components:")]
    another = path.replace("/harbours", "/piers").replace("listTides", "pierTides")
    changed = CONTRACT.replace("components:", another + "components:", 1)
    project.write("specs/harbour/openapi.yaml", changed)
    assert "pier_tides added" in project.run(*INIT).out
    lines = project.files["specs/harbour/stand_in.py"].splitlines()
    modules = [line.split()[1] for line in lines if line.startswith("from ")]
    assert len(modules) == len({*modules})
    assert "from harbour.operations import LIST_TIDES, PIER_TIDES" in lines


def test_own_method_stays_without_its_operation(project: Project) -> None:
    project.run(*INIT)
    file = project.root / "specs/harbour/stand_in.py"
    touched = file.read_text().replace("return contract_reply(", "return contract_reply(  # mine\n")
    file.write_text(touched)
    changed = CONTRACT.replace("listTides", "findTides")
    project.write("specs/harbour/openapi.yaml", changed)
    project.run(*INIT)
    assert "def list_tides" in file.read_text()


def test_own_method_is_told_its_new_signature(project: Project) -> None:
    own = """\
        from harbour import HarbourHandler, TidePage


        class StandIn(HarbourHandler):
            def list_tides(self, harbour_id: str) -> TidePage:
                return TidePage(heights=[])
        """
    file = project.write("specs/harbour/stand_in.py", own)
    assert project.run(*INIT).out == "specs/harbour/stand_in.py: nothing added\n"
    changed = CONTRACT.replace("schema: {type: string}", "schema: {type: integer}")
    project.write("specs/harbour/openapi.yaml", changed)
    before = file.read_text()
    done = project.run(*INIT)
    assert "def list_tides(self, harbour_id: int) -> Answer[TidePage]:" in done.out
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("signature", "is_told"),
    [
        ("self, harbour_id", False),
        ("self, harbour_id: object", False),
        ("self, **arguments: object", False),
        ("self, harbour_id: bytes", True),
        ("self, harbour_id: str, day: str", True),
    ],
)
def test_only_what_differs_is_told(project: Project, signature: str, is_told: bool) -> None:
    text = f"class StandIn:\n    def list_tides({signature}):\n        return 1\n"
    project.write("specs/harbour/stand_in.py", text)
    assert ("your method stays" in project.run(*INIT).out) is is_told
