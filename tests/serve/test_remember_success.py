"""What a remembering stand-in does where the contract documents no success."""

from __future__ import annotations

from pathlib import Path

from tests.packages import Package, import_files, make, send

from .test_remember import stand_in


def test_what_cannot_be_answered_as_a_success_is_not_done(tmp_path: Path) -> None:
    """Swagger's pet store documents no success of DELETE: the item was gone, and 400 answered."""
    text = """
paths:
  /users:
    post:
      operationId: addUser
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}
      responses: {default: {description: Done.}}
  /users/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getUser
      responses:
        '200':
          description: The user.
          content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}
        '404': {description: None.}
    delete:
      operationId: deleteUser
      responses: {'400': {description: Invalid.}, '404': {description: None.}}
components:
  schemas:
    User: {type: object, required: [name], properties: {name: {type: string}}}
"""
    made = make(tmp_path / "spec", text)
    kept = stand_in(Package(import_files(tmp_path, made.files), made))
    described = [resource.describe() for resource in kept.memory.resources]
    assert described == ["/users/{name} by name: create, get (delete documents no success)"]

    app = kept.app()
    body = {"content-type": "application/json"}
    assert send(app, "POST", "/users", headers=body, content=b'{"name": "ada"}').status_code == 200
    assert send(app, "DELETE", "/users/ada").status_code == 400
    assert send(app, "GET", "/users/ada").status_code == 200
