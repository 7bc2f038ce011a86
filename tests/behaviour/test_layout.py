"""The layout by tags: groups on the client, modules that load when they are first touched, names that stay."""

from __future__ import annotations

import ast
import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.packages import Package, handler, import_files, write_contract

from bothends.emit.defined import defined_names
from bothends.pipeline import Generated, generate
from bothends.runtime.operation import method_of
from bothends.write import apply, plan

CASE = Path(__file__).parents[1] / "cases/tags_layout"
CONTRACT = (CASE / "openapi.yaml").read_text("utf-8")


def make_by_tags(folder: Path, text: str = CONTRACT, layout: str = "tags") -> Generated:
    return generate(replace(write_contract(folder, text), layout=layout))


@pytest.fixture
def made(tmp_path: Path) -> Package:
    generated = make_by_tags(tmp_path)
    return Package(import_files(tmp_path, generated.files), generated)


def test_a_group_has_the_methods_of_its_tag(made: Package) -> None:
    def harbours_create(body: Any) -> Any:
        return made.module.Harbour(id="h1", name=body.name, berths=body.berths)

    client = made.client(handler(harbours_create=harbours_create))
    berth = made.module.Berth(number=7)
    body = made.module.HarboursCreateRequest(name="Tema", berths=[berth])
    harbour = client.harbours.create(body)
    assert (harbour.name, harbour.berths) == ("Tema", [berth])
    assert client.harbours.with_raw_response.create(body).status == 201


def test_an_asynchronous_group_has_the_same_methods(made: Package) -> None:
    async def call() -> Any:
        server = handler(harbours_list=lambda after: made.module.Harbours(items=[]))
        async with made.async_client(server) as client:
            return await client.harbours.list_()

    assert asyncio.run(call()).items == []


def test_a_documented_error_arrives_from_a_group(made: Package) -> None:
    def harbours_create(body: Any) -> Any:
        raise made.module.HarboursCreateConflict(made.module.Problem(title="taken"))

    client = made.client(handler(harbours_create=harbours_create))
    with pytest.raises(made.module.HarboursCreateConflict) as caught:
        client.harbours.create(made.module.HarboursCreateRequest(name="Tema"))
    assert caught.value.body.title == "taken"


def test_the_items_of_all_pages_are_iterated(made: Package) -> None:
    def harbours_list(after: str | None) -> Any:
        item = made.module.Harbour(id=after or "first", name="x")
        return made.module.Harbours(items=[item], **({} if after else {"next": "second"}))

    client = made.client(handler(harbours_list=harbours_list))
    assert [harbour.id for harbour in client.harbours.iterate()] == ["first", "second"]


def test_models_refer_to_each_other_across_modules(made: Package) -> None:
    value = {"id": "h", "name": "n", "notes": [{"number": 1, "harbour": {"id": "i", "name": "m"}}]}
    harbour = made.module.Harbour.model_validate(value)
    assert harbour.notes[0].harbour.name == "m"
    assert harbour.model_dump() == value


def test_a_copy_of_a_client_has_groups_of_its_own(made: Package) -> None:
    client = made.client(handler())
    assert client.harbours is client.harbours
    assert client.with_options(timeout=1).harbours is not client.harbours


def test_an_operation_without_tags_is_grouped_by_its_path(made: Package) -> None:
    with pytest.warns(DeprecationWarning, match="get_status"):
        assert made.client(handler(get_status=lambda: None)).status.get_status() is None


def test_importing_loads_no_model_and_no_error(tmp_path: Path) -> None:
    import_files(tmp_path, make_by_tags(tmp_path).files)
    (package,) = (folder.name for folder in tmp_path.glob("made_*"))
    program = (
        f"import sys, json; from {package} import MadeClient; MadeClient().harbours; "
        f"print(json.dumps([m for m in sys.modules if m.startswith('{package}.')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = {name.removeprefix(f"{package}.") for name in json.loads(done.stdout)}
    modules = {"client.harbours", "operations.harbours"}
    assert loaded == {"client", "operations", "models", "errors"} | modules


def test_a_contract_with_changed_line_ends_is_read_whole(made: Package, tmp_path: Path) -> None:
    (file,) = tmp_path.glob("made_*/contract.json")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    client = made.client(handler(harbours_list=lambda after: made.module.Harbours(items=[])))
    assert client.harbours.list_(after="x").items == []


def test_a_renamed_tag_keeps_its_group_and_adds_a_name(tmp_path: Path) -> None:
    before = make_by_tags(tmp_path)
    (tmp_path / "names.lock").write_text(before.lock, "utf-8")
    text = CONTRACT.replace("tags: [harbours]", "tags: [ports]")
    after = make_by_tags(tmp_path, text, "auto")
    package = Package(import_files(tmp_path, after.files), after)

    client = package.client(handler(harbours_list=lambda after: package.module.Harbours(items=[])))
    assert client.harbours.list_().items == []
    assert client.ports is client.harbours


def test_each_name_that_a_tag_gave_stays(tmp_path: Path) -> None:
    names: list[tuple[str, ...]] = []
    for tag in ("harbours", "ports", "quays", "tides", "quays"):
        text = CONTRACT.replace("tags: [harbours]", f"tags: [{tag}]")
        made = make_by_tags(tmp_path, text)
        (tmp_path / "names.lock").write_text(made.lock, "utf-8")
        names += [group.aliases for group in made.api.groups if group.name == "harbours"]
    assert names == [
        (),
        ("ports",),
        ("quays", "ports"),
        ("tides", "ports", "quays"),
        ("quays", "ports", "tides"),
    ]


def test_former_name_of_a_group_hides_nothing(tmp_path: Path) -> None:
    lock = json.loads(make_by_tags(tmp_path).lock)
    for name in ("close", "sea_charts"):
        lock["names"][f"/groups/harbours/names/{name}"] = name
    (tmp_path / "names.lock").write_text(json.dumps(lock), "utf-8")
    (group,) = (g for g in make_by_tags(tmp_path).api.groups if g.name == "harbours")
    assert group.aliases == ()


def test_another_layout_than_before_is_told(tmp_path: Path) -> None:
    before = make_by_tags(tmp_path, layout="flat")
    (tmp_path / "names.lock").write_text(before.lock, "utf-8")
    assert make_by_tags(tmp_path, layout="auto").api.layout == "flat"
    changed = make_by_tags(tmp_path)
    assert [f.code for f in changed.findings if f.code == "layout-changed"] == ["layout-changed"]


def test_a_large_contract_is_laid_out_by_tags(tmp_path: Path) -> None:
    paths = "".join(
        f"  /things/{number}: {{get: {{responses: {{'204': {{description: d}}}}}}}}\n"
        for number in range(101)
    )
    assert make_by_tags(tmp_path / "large", f"paths:\n{paths}", "auto").api.layout == "tags"
    assert make_by_tags(tmp_path / "small", CONTRACT, "auto").api.layout == "flat"


TAGS = """
paths:
  /a: {get: {operationId: getA, tags: [FIRST], responses: {'204': {description: Done.}}}}
  /b: {get: {operationId: getB, tags: [SECOND], responses: {'204': {description: Done.}}}}
"""


@pytest.mark.parametrize(
    ("first", "second"), [("v1", "v_1"), ("client", "handler"), ("raw responses", "a")]
)
def test_classes_of_groups_have_names_of_their_own(tmp_path: Path, first: str, second: str) -> None:
    text = TAGS.replace("FIRST", first).replace("SECOND", second)
    generated = make_by_tags(tmp_path / "specs", text)
    made = Package(import_files(tmp_path, generated.files), generated)
    calls: list[str] = []
    served = handler(get_a=lambda: calls.append("a"), get_b=lambda: calls.append("b"))

    with made.client(served) as client:
        for operation in made.part("operations").OPERATIONS:
            method_of(client, operation)()
    assert sorted(calls) == ["a", "b"]
    bases = made.part("server").MadeHandler.__mro__
    assert len({base.__name__ for base in bases}) == len(bases)

    again = make_by_tags(tmp_path / "specs", text.replace("/a:", "/z:"))
    assert {key for key in json.loads(generated.lock)["names"] if key.startswith("/groups")} <= set(
        json.loads(again.lock)["names"]
    )


def test_package_without_operations_can_be_laid_out_by_tags(tmp_path: Path) -> None:
    text = """
    webhooks:
      rang: {post: {operationId: rang, responses: {'204': {description: Taken.}}}}
    """
    generated = make_by_tags(tmp_path / "specs", text)
    made = Package(import_files(tmp_path, generated.files), generated)
    with made.client(handler()):
        pass


def test_modules_of_folders_have_dotted_names(made: Package) -> None:
    names = defined_names(made.made.files)
    assert "MadeHandler" in names["server"]
    assert "AsyncMadeClient" in names["client"]
    assert {"client.harbours", "server.harbours"} <= set(names)


def test_client_module_imports_no_unused_name(tmp_path: Path) -> None:
    contract = """
        paths:
          /tides:
            servers: [{url: 'https://upload.example'}]
            get:
              tags: [tides]
              operationId: listTides
              parameters: [{name: state, in: query, schema: {enum: [high, low]}}]
              responses: {'204': {description: None.}}
    """
    file = tmp_path / "made_client.py"
    file.write_text(make_by_tags(tmp_path / "specs", contract).files["client/__init__.py"], "utf-8")
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F401", str(file)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


QUOTED = """
paths:
  /tides:
    get:
      operationId: getTides
      tags: [tides]
      responses:
        '200': {description: T., content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/Tide'}, {type: string, format: date}]}}}}
        '404': {description: N., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}
        '409': {description: C., content: {application/json: {schema: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Tide'}, {type: string, format: date}, {const: a}]}}}}}
components:
  schemas: {Tide: {properties: {height: {type: number}}}}
"""


def test_quoted_annotations_name_what_is_imported(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    apply([plan(folder, make_by_tags(tmp_path, QUOTED).files, root=tmp_path)])
    tree = ast.parse((folder / "errors" / "tides.py").read_text("utf-8"))
    nodes = list(ast.walk(tree))
    imported = {a.asname or a.name for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names}

    bases = [base for node in nodes if isinstance(node, ast.ClassDef) for base in node.bases]
    quoted = [base.slice for base in bases if isinstance(base, ast.Subscript)]
    texts = [str(text.value) for text in quoted if isinstance(text, ast.Constant)]
    assert texts == ["Tide | Any", "list[Tide | date | Literal['a'] | Any]"]
    used = {n.id for text in texts for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
    assert used - {"list"} <= imported
