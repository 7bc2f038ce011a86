from __future__ import annotations

import json
import re

import pytest

from bothends.check import fingerprint_of

from .conftest import CONTRACT, Project

PASSAGE = "Heights are given in metres above the chart datum."
CLAIMS = f"""\
documents:
  tides: {{title: Tides of the harbour, url: "https://tides.example/docs"}}
claims:
  H1:
    statement: A page of tides always has heights.
    source: {{document: tides, section: Reply, fingerprint: "{fingerprint_of(PASSAGE)}"}}
    kept: contract
  H2:
    statement: The harbour master answers on working days only.
    source: {{document: tides, section: Support}}
    kept: informational
    reason: It is not about the interface.
"""


@pytest.fixture
def claimed(project: Project) -> Project:
    contract = CONTRACT.replace("type: object\n", "type: object\n      x-claims: [H1]\n")
    project.write("specs/harbour/openapi.yaml", contract)
    project.write("specs/harbour/claims.yaml", CLAIMS)
    return project


def test_the_table_says_what_keeps_each_claim(claimed: Project) -> None:
    done = claimed.run("claims", "harbour")
    assert (done.code, done.err) == (0, "")
    head, first, second = done.out.splitlines()
    assert head.split("  ")[0] == "id"
    cells = [cell.strip() for cell in first.split("  ") if cell]
    assert cells == [
        "H1",
        "A page of tides always has heights.",
        "Tides of the harbour: Reply",
        "openapi.yaml:25 required",
    ]
    assert second.endswith("informational: It is not about the interface.")


def test_as_json(claimed: Project) -> None:
    rows = json.loads(claimed.run("claims", "harbour", "--format", "json").out)
    assert [row["id"] for row in rows] == ["H1", "H2"]
    assert all(row["kept_by"] for row in rows)


def test_a_claim_that_nothing_keeps(claimed: Project) -> None:
    claimed.write("specs/harbour/openapi.yaml", CONTRACT)
    done = claimed.run("claims", "harbour")
    assert done.code == 1
    assert done.out.splitlines()[1].endswith("nothing")


class TestANewerDocument:
    def test_that_still_has_the_passages(self, claimed: Project) -> None:
        claimed.write("newer.txt", f"News!\n{PASSAGE.upper()}\nMore.")
        done = claimed.run("claims", "harbour", "--document", "newer.txt")
        told = "every passage is still there\n1 claim has no fingerprint: not looked for\n"
        assert (done.code, done.out) == (0, told)

    def test_claims_without_fingerprints_are_no_success(self, claimed: Project) -> None:
        text = claimed.files["specs/harbour/claims.yaml"]
        claimed.write("specs/harbour/claims.yaml", re.sub(', fingerprint: "[^"]*"', "", text))
        claimed.write("newer.txt", PASSAGE)
        done = claimed.run("claims", "harbour", "--document", "newer.txt")
        assert (done.code, done.out) == (2, "")
        assert "no claim of specs/harbour/claims.yaml has a fingerprint" in done.err

    def test_that_has_lost_one(self, claimed: Project) -> None:
        claimed.write("newer.txt", "Heights are given in feet.")
        done = claimed.run("claims", "harbour", "--document", "newer.txt")
        assert done.code == 1
        assert (
            " ".join(done.out.splitlines()[1].split())
            == "H1 A page of tides always has heights. Reply"
        )
        gone = json.loads(
            claimed.run("claims", "harbour", "--document", "newer.txt", "-f", "json").out
        )
        assert [claim["id"] for claim in gone] == ["H1"]

    def test_of_a_document_that_is_not_listed(self, claimed: Project) -> None:
        claimed.write("newer.txt", "")
        done = claimed.run("claims", "harbour", "--document", "newer.txt", "--copy-of", "tide")
        assert done.code == 2
        assert "specs/harbour/claims.yaml lists no document tide" in done.err

    def test_that_is_not_there(self, claimed: Project) -> None:
        done = claimed.run("claims", "harbour", "--document", "missing.txt")
        assert (done.code, done.out) == (2, "")
        assert "missing.txt: no such file or directory" in done.err


def test_a_contract_without_claims(project: Project) -> None:
    done = project.run("claims", "harbour")
    assert (done.code, done.out) == (2, "")
    assert "there is no claims file for specs/harbour/openapi.yaml" in done.err


def test_a_broken_claims_file_has_a_place(claimed: Project) -> None:
    claimed.write("specs/harbour/claims.yaml", "claims: []\n")
    done = claimed.run("claims", "harbour")
    assert (done.code, done.out) == (1, "")
    assert "specs/harbour/claims.yaml:1:" in done.err


class TestRules:
    def test_each_has_a_line(self, project: Project) -> None:
        done = project.run("rules")
        assert done.code == 0
        assert "path-template" in done.out
        assert all(len(line.split("  ")) >= 3 for line in done.out.splitlines())

    def test_rule_is_explained_by_its_id(self, project: Project) -> None:
        done = project.run("rules", "path-template")
        assert "Bad:" in done.out
        assert "Better:" in done.out

    def test_an_unknown_one(self, project: Project) -> None:
        done = project.run("rules", "path-templates")
        assert (done.code, done.out) == (2, "")
        assert "there is no rule path-templates" in done.err


def test_fingerprint_depends_on_words_alone(claimed: Project) -> None:
    done = claimed.run("claims", "harbour", "--fingerprint", PASSAGE.upper().replace(" ", "\n"))
    assert (done.code, done.out) == (0, fingerprint_of(PASSAGE) + "\n")


def test_fingerprint_needs_passage_in_document(claimed: Project) -> None:
    claimed.write("copy.txt", f"# Reply\n| {PASSAGE} |\n")
    done = claimed.run("claims", "harbour", "--document", "copy.txt", "--fingerprint", PASSAGE)
    assert (done.code, done.out) == (0, fingerprint_of(PASSAGE) + "\n")
    gone = claimed.run(
        "claims", "harbour", "--document", "copy.txt", "--fingerprint", "Heights are in feet."
    )
    assert (gone.code, gone.out) == (2, "")
    assert "does not occur in copy.txt" in gone.err


def test_a_passage_without_words_has_no_fingerprint(claimed: Project) -> None:
    assert "has no words" in claimed.run("claims", "harbour", "--fingerprint", "—").err


def test_constraints_without_source_are_counted(claimed: Project) -> None:
    claimed.write("specs/harbour/openapi.yaml", CONTRACT.replace("x-assumption", "x-other"))
    done = claimed.run("claims", "harbour", "--unsourced")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "0 of 1 constraints have a source"
    assert "openapi.yaml:24:18" in done.out


ALIASED = """\
openapi: 3.1.0
info: {title: Tides, version: '1'}
paths:
  /tides:
    post:
      operationId: addTide
      parameters: &shared
      - {name: limit, in: query, required: true, schema: {type: integer, minimum: 1}}
      requestBody:
        required: true
        content:
          application/json:
            schema: &tide
              type: object
              required: [id]
              properties: {id: {type: string, readOnly: true, minLength: 1}, items: {maxItems: 2}}
          application/x-www-form-urlencoded: {schema: *tide}
      responses: {'204': {description: It is there.}, '400': {description: It is not.}}
  /harbours:
    get:
      operationId: listHarbours
      parameters: *shared
      responses:
        '200':
          description: Them.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}
components:
  schemas:
    A: {type: object, required: [a], properties: {content: {type: object, required: [b]}}}
"""


SENT_TO_US = """
openapi: 3.1.0
info: {title: Tides, version: '1'}
paths:
  /alarms:
    post:
      operationId: setAlarm
      responses: {'204': {description: It is set.}}
      callbacks:
        rings:
          '{$request.query.url}':
            post: {requestBody: {required: true, content: {}}, responses: {'204': {description: Yes.}}}
webhooks:
  tideTurned:
    post:
      operationId: tideTurned
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [level]}}}
      responses: {'204': {description: It was read.}}
"""


def test_constraint_of_what_the_vendor_sends_is_in_words(project: Project) -> None:
    project.write("specs/harbour/openapi.yaml", SENT_TO_US)
    lines = project.run("claims", "harbour", "--unsourced").out.splitlines()
    assert [line.partition("  ")[2].strip() for line in lines[1:-1]] == [
        "POST /alarms, callback rings, body: required",
        "webhook tideTurned, body: required",
        "webhook tideTurned, body: level is required",
    ]


def test_constraint_that_is_repeated_is_one(project: Project) -> None:
    project.write("specs/harbour/openapi.yaml", ALIASED)
    project.write("specs/harbour/claims.yaml", "documents: {}\nclaims: {}\n")
    lines = project.run("claims", "harbour", "--unsourced").out.splitlines()
    assert [line.partition("  ")[2].strip() for line in lines[1:-1]] == [
        "POST /tides, parameter limit: required",
        "POST /tides, parameter limit: minimum",
        "POST /tides, body: required",
        "POST /tides, body: id is required",
        "POST /tides, body, id: minLength",
        "POST /tides, body, items: maxItems",
        "schema A: a is required",
        "schema A, content: b is required",
    ]
    assert lines[-1] == "0 of 8 constraints have a source"

    report = project.run("validate", "harbour").out
    assert report.count("warning[required-one-way]") == 1
    assert "openapi.yaml:8:34: warning[constraint-unsourced] 0 of 8 constraints" in report

    project.run("generate", "harbour")
    hook = ("generate", "--check", "--quiet"), ("validate", "--strict", "--quiet")
    said = "".join(done.out + done.err for done in (project.run(*words) for words in hook))
    assert said.count("[required-one-way]") == said.count("[constraint-unsourced]") == 1


def test_claims_may_grow_one_by_one(claimed: Project) -> None:
    claimed.write("specs/harbour/claims.yaml", CLAIMS.replace("kept: contract", "kept: stand-in"))
    claimed.write("specs/harbour/openapi.yaml", CONTRACT)
    done = claimed.run("validate", "harbour")
    assert done.code == 0
    assert "0 of 1 constraints have a source" in done.out
    assert "warning[stand-in-missing] There is no stand_in.py to keep H1." in done.out
    assert claimed.run("generate", "harbour").code == 0


def test_complete_claims_are_a_setting(claimed: Project) -> None:
    claimed.write("pyproject.toml", '[tool.bothends]\nclaims = "complete"\n')
    claimed.write("specs/harbour/openapi.yaml", CONTRACT)
    done = claimed.run("validate", "harbour")
    assert done.code == 1
    assert "error[constraint-unsourced]" in done.out


LAYOUTS = {
    "block": """\
        schema:
          # as long as a name
          type: string
          maxLength: 5
""",
    "flow": "        schema: {type: string, maxLength: 5}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_assumptions_are_written_into_the_contract(project: Project, layout: str) -> None:
    contract = CONTRACT.replace("      x-assumption: The harbour master publishes nothing.\n", "")
    parameter = "      - name: port\n        in: query\n        required: true\n"
    contract = contract.replace(
        "      responses:\n", f"{parameter}{LAYOUTS[layout]}      responses:\n"
    ).replace("        - {name: harbourId", "      - {name: harbourId")
    project.write("specs/harbour/openapi.yaml", contract)
    project.write("specs/harbour/claims.yaml", "documents: {}\nclaims: {}\n")
    assert project.run("claims", "harbour", "--unsourced").code == 1

    done = project.run("claims", "harbour", "--assume")
    assert (done.code, done.out) == (
        0,
        "2 assumptions written into specs/harbour/openapi.yaml\n",
    )
    assert project.run("claims", "harbour", "--unsourced").code == 0
    written = (project.root / "specs/harbour/openapi.yaml").read_text(encoding="utf-8")
    assert written.count("x-assumption") == 2
    assert set(contract.splitlines()) - set(written.splitlines()) <= {
        "      - name: port",
    }
    assert project.run("claims", "harbour", "--assume").out.startswith("every constraint")


def test_assumption_says_nothing_of_what_has_a_source(project: Project) -> None:
    schema = (
        "      type: object\n"
        "      minProperties: 1\n"
        "      required: [heights, datum]\n"
        "      properties:\n"
        "        datum: {type: string, x-claims: [H1], maxLength: 9}\n"
        "        heights: {type: array, maxItems: 5, items: {type: number}}\n"
    )
    contract = CONTRACT[: CONTRACT.index("      type: object\n")] + schema
    project.write("specs/harbour/openapi.yaml", contract)
    project.write("specs/harbour/claims.yaml", CLAIMS)

    assert project.run("claims", "harbour", "--assume").code == 0
    written = (project.root / "specs/harbour/openapi.yaml").read_text(encoding="utf-8")
    ours = "The documentation does not say"
    assert f'"{ours} minProperties and that heights is required; this is our reading."' in written
    assert f'heights: {{x-assumption: "{ours} so; this is our reading.", type: array' in written
    assert "datum: {type: string, x-claims: [H1], maxLength: 9}" in written
    assert project.run("claims", "harbour", "--unsourced").code == 0


def test_table_names_the_parameter(project: Project) -> None:
    marked = (
        "{name: limit, in: query, required: true, x-claims: [H1], schema: {type: integer}}\n"
        "        - {name: Host-Name, in: header, x-claims: [H1], schema: {type: string}}\n        - "
    )
    contract = CONTRACT.replace("{name: harbourId", f"{marked}{{name: harbourId")
    project.write("specs/harbour/openapi.yaml", contract)
    project.write("specs/harbour/claims.yaml", CLAIMS)
    out = project.run("claims", "harbour").out
    assert "openapi.yaml:13 query parameter limit: required" in out
    assert "openapi.yaml:14 header parameter Host-Name" in out
