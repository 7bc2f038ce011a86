"""Every code that can be printed, explained: `bothends explain CODE`.

Rules explain themselves in their docstrings (`check/rules/`); everything else is here. A test finds
the codes in the program and fails for one without an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bothends.diagnostics.change_codes import CHANGE_CODES, PREFIX

_FILES = {
    "empty": "The file has no content. Write a contract, or begin one with `bothends init NAME`.",
    "yaml-syntax": "The file is not YAML 1.2. The caret is where the reader gave up; the cause may "
    "be a line above, often an indentation or a text with a colon that needs quotes.",
    "json-syntax": "The file is not JSON (RFC 8259). Comments and trailing commas are not JSON.",
    "merge-conflict": "The file has the lines that git writes where it cannot merge two "
    "versions. Keep one version, and remove the lines with the markers.",
    "duplicate-key": "A mapping has the same key twice. Readers disagree on which one counts, so "
    "the operation or component around it is not generated; in a schema, any value is allowed "
    "there. Keep one.",
    "key-not-text": "A key of a mapping is a list, a mapping or nothing. Write text.",
    "control-character": "The text has a control character, which YAML forbids. Write an escape in "
    'double quotes: "\\x07".',
    "several-documents": "The file has a second YAML document after `---`. A contract is one.",
    "tag": "A tag (`!type`) asks the reader for another type. A contract is plain data.",
    "unknown-alias": "An alias (`*name`) comes before its anchor (`&name`), or inside of it.",
    "not-finite": "NaN and Infinity are not JSON numbers. Quote the value if it is text.",
    "number-too-long": "A number has more digits than programs keep. Quote it if it is text.",
    "lone-surrogate": "A text has half of a surrogate pair (\\ud800), which is no character.",
    "too-deep": "The document is nested deeper than is read. Move parts to components, use $ref.",
    "too-many-nodes": "The document has more values than are read; each alias counts in full.",
    "too-wide": "A mapping or list has more entries than are read. Split it, or use a pattern.",
    "text-too-long": "A text has more characters than are read. Name a document instead.",
    "keys-too-long": "The keys on the way to a value are longer than is read. Shorten the names.",
    "too-many-aliases": "The document has more aliases than are read. Use $ref.",
    "file-too-large": "The file is larger than is read. Leave out what you do not call.",
    "contract-too-large": "The contract has more schemas or operations than `bounds` allow. "
    "Leave out what you do not call, or allow more.",
    "file-missing": "There is no such file, or a folder on its path is missing.",
    "file-unreadable": "The file exists and cannot be read: rights, or text that is not UTF-8.",
    "not-a-file": "The path is a folder or a device. Name the contract itself.",
    "not-a-mapping": "A contract is a mapping at its root: `openapi:`, `info:`, `paths:`.",
}
_CONTRACTS = {
    "openapi-version": "The field `openapi` is missing, or names a version that is not read, or "
    "the file is something else than a contract. "
    "Supported: see README.md.",
    "illegal-openapi": "The contract breaks a rule of the OpenAPI Specification itself. Other "
    "programs will misread it as well.",
    "dialect-unknown": "`$schema` or `jsonSchemaDialect` names a dialect of JSON Schema that is "
    "not read. The schema is read as JSON Schema 2020-12.",
    "overlay-invalid": "The overlay breaks the Overlay Specification 1.0 or 1.1: its version, a "
    "field that does not exist, an action without a target, a target that is no JSONPath (RFC "
    "9535), or an object that a text would replace.",
    "overlay-unmatched": "A target of the overlay selects nothing, so its action changes nothing. "
    "The vendor may have corrected the contract.",
    "dangling-reference": "A $ref points to nothing in the contract. Mind upper and lower case, "
    "and ~1 for / in a pointer.",
    "reference-siblings": "A field stands beside `$ref`, where OpenAPI ignores it (§4.8.23.1 of "
    "3.1; in 3.0 in schemas too): "
    "`{$ref: '#/components/parameters/Limit', required: true}` requires "
    "nothing. Write it in what the reference leads to, or, in a schema, write "
    "`{allOf: [{$ref: …}], maxLength: 20}`.",
    "operation-reference": "An operation is written as a $ref, which OpenAPI allows for path items "
    "only. It is read as if it stood here. Put the reference at the path item.",
    "external-reference": "A $ref leads out of the contract to a place that is not read. Nothing "
    "is fetched from a network. Put the part into the contract.",
    "example-invalid": "An example breaks its own schema. The stand-in would reply with it, and "
    "readers copy it. Correct whichever of the two is wrong.",
    "discriminator-overlap": "The alternatives of a `oneOf` with a discriminator overlap: a value "
    "fits several, and exactly one may fit, so it is refused. A discriminator says which one is "
    "meant, never what is valid. Give its property a `const` in each, or write `anyOf`.",
    "example-format": "An example has the right type and breaks the `format` of its schema. "
    "Replies may carry it, requests are refused with it.",
    "default-invalid": "A default breaks its own schema. Correct whichever of the two is wrong.",
    "empty-body-invalid": "The value of `x-empty-body` breaks the schema of its response. "
    "Correct whichever of the two is wrong.",
    "extension-shape": "An extension of bothends (x-…) does not have the shape that is documented "
    "in README.md.",
    "on-invalid-unknown": "`x-on-invalid` names a status or an example that is not documented.",
    "pagination-impossible": "`x-pagination` names a parameter or a place that the operation does "
    "not have.",
    "package-outdated": "A package is proved whose contract has changed since it was generated. "
    "`bothends generate` renews it.",
    "operation-gone": "names.lock knows an operation that the contract no longer has, or that "
    "cannot be generated any more: callers would lose it. Bring it back, or delete its lines.",
    "header-content": "A response header is described by `content`; only `schema` is supported, so "
    "the header is left out.",
    "media-type-unread": "A media type of a body or response cannot be read into Python values: "
    "it is carried as it is, without being checked.",
    "media-type-left-out": "One media type of a body or response cannot be generated; the others "
    "of the same body are. The message says which and why.",
    "parameter-content": "A parameter is described by `content` that is neither JSON nor text. It "
    "is carried as text, without being checked.",
    "parameter-unsendable": "A parameter has no form on the wire in its style, such as a list of "
    "lists in a header. Each call that has it fails before it is sent.",
    "reply-interim": "A status of 1xx, such as 101 before another protocol, is no final answer of "
    "HTTP. It is left out where others are documented.",
    "model-loss": "A value is typed `Any` in the models, though the contract says more of it: no "
    "Python type can say it. The contract layer checks it all the same.",
    "selector-unknown": "`--only` or `--skip` names nothing in the contract. Selectors are tag:, "
    "path:, method:, operation: and schema:, with * for any text.",
    "layout-changed": "A package had one layout and gets another: callers have "
    "`client.method(...)` in the flat one and `client.group.method(...)` in that by tags. `layout` "
    "in the settings keeps it.",
    "names-lock": "names.lock cannot be used: it is no YAML mapping from pointers to names, or two "
    "entries claim one name. Correct it, or delete it to choose all names again.",
}
_CLAIMS = {
    "claims-shape": "claims.yaml does not have its shape: `documents` and `claims`, see README.md.",
    "claim-unknown": "x-claims or @keeps names a claim that claims.yaml does not have. Add it "
    "there, or correct the id.",
    "claim-not-kept": "claims.yaml says that the contract or the stand-in keeps a claim, and "
    'nothing there names it. Add `x-claims: [ID]` in the contract or `@keeps("ID")` in '
    "stand_in.py, or say `kept: informational` with a reason.",
    "constraint-unsourced": "A constraint (maxLength, required, enum, …) names no claim and no "
    "assumption. x-claims and x-assumption cover the object that carries them and what is written "
    "below it; on an operation they cover no constraint. By default one warning counts them; "
    '`claims = "complete"` in [tool.bothends] makes each an error. `bothends claims NAME '
    "--unsourced` lists them.",
    "stand-in-missing": "Claims are `kept: stand-in`, and there is no stand_in.py yet. `bothends "
    "init NAME --stand-in` writes one with every handler method.",
    "stand-in-method": "The stand-in lacks a method of the handler interface, so that operation is "
    "answered with 501. Mind the spelling; `bothends init NAME --stand-in` adds what is missing.",
    "stand-in-arguments": "A method of the stand-in does not take what the operation has: a path "
    "parameter was renamed, or a parameter or a body is new. Arguments are passed by name; the "
    "method of the same name in the package's server.py has them all.",
    "stand-in-import": "An import of stand_in.py fails: the module is not there, or the package "
    "does not have the name. `validate` reads the file without running it.",
    "stand-in-class": "stand_in.py has no class StandIn, which is the one that answers. "
    "Name yours so, or let `bothends init NAME --stand-in` write one to a new file.",
    "stand-in-syntax": "stand_in.py is not Python. The message has the line.",
    "stand-in-mark": 'keeps() takes the ids of claims as plain text: @keeps("C1", "C2").',
}
_REFUSED = {
    "no-replies": "The operation documents no response, so nothing could be returned.",
    "parameter": "A parameter has no `name`, or an `in` that is not path, query, header or cookie.",
    "parameter-content": "A parameter has `content` of a media type other than JSON.",
    "parameter-style": "A parameter has a style that its location or type does not allow.",
    "path-parameter": "A path and its parameters do not fit: one of them is missing.",
    "security-scheme": "A security scheme has a type that is not supported.",
    "status": "A key of `responses` is no status: write '200', 4XX or default.",
}
_DISK = {
    "foreign-file": "A file is in the way that bothends did not write, or that was changed since. "
    "It is never overwritten.",
    "edited-by-hand": "A generated file was edited. Generating overwrites the edit: put what you "
    "need into the contract, names.lock, or a file outside the package.",
    "interrupted-write": "A run of generate was killed while it exchanged old files for new ones. "
    "The next run of `bothends generate` finishes it.",
    "symbolic-link": "A generated file or folder is a symbolic link, which could lead elsewhere.",
    "package-without-contract": "The contract of a generated package is gone, has another package, "
    "or is outside of the project. The hint says what to do in each case.",
    "overlay-of-one": "--overlay names the overlay of one contract, and several are meant.",
    "overlay-source": "`bothends overlay` makes an overlay from the repairs of a contract: "
    "--from-repairs. Those of Swagger 2.0 are in words of OpenAPI 3 and fit no text of 2.0.",
    "package-name": "A name cannot be that of a Python package, two contracts share it, or it is "
    "that of an installed module. --name chooses another, and `names` in the settings keeps it.",
    "package-broken": "A generated package cannot be imported. Generate it again.",
}
_USE = {
    "ignore-file": "The file of `diff --ignore` is not TOML with `[[ignore]]` tables. "
    "Each has a code, a place if wanted, and a reason.",
    "har": "A file is not a HAR 1.2 file, which `bothends record` and browsers write. "
    "Record again with `--to FOLDER`, or save the network panel of a browser as HAR.",
    "record": "The folder of the recordings or the port of the proxy cannot be used.",
    "revision": "`git:REF:path` names a revision or a file that git does not have.",
    "misuse": "The flags of the command do not fit together, or a file cannot be used.",
    "ignore-stale": "An entry of [[tool.bothends.ignore]] fits no finding any more. Remove it: it "
    "would hide the next fault there.",
    "config-unreadable": "pyproject.toml cannot be read as TOML. The message has the line.",
    "config-unknown-setting": "[tool.bothends] has a setting that does not exist. README.md, "
    '"Settings", has all.',
    "config-bad-setting": "A setting of [tool.bothends] has a value of the wrong type. README.md, "
    '"Settings", has the type of each.',
    "config-folders": "`generated` is, or contains, the folder of the contracts: writing packages "
    "could overwrite contracts.",
    "no-contract": "There is no contract of this name below specs/, and no such file.",
    "no-contracts": "There is no contract below specs/ at all. `bothends init NAME` writes one.",
    "no-claims": 'There is no claims.yaml beside the contract. README.md, "Claims", has its shape.',
    "no-document": "claims.yaml lists no document of this id. Add it below `documents`.",
    "no-fingerprint": "No claim has a fingerprint, so nothing of a newer copy can be looked for.",
    "no-passage": "A passage is empty, or does not occur in the document. Copy it from there.",
    "no-resource": "No path of the contract is a collection whose items have an id: --remember has "
    "nothing to remember. `x-resource` on a path item states the id and where the items are.",
    "no-package": "There is no generated package of this name or at this path. "
    "`bothends generate` writes one.",
    "not-generated": "The package was not generated yet, or not from the present contract. "
    "`bothends generate` does it.",
    "not-evidence": "A file of --merge is no evidence that `prove --json` wrote. Name those that "
    "`prove --shard PART --json FILE` wrote.",
    "no-code": "There is no such code; `bothends explain` lists them all.",
    "method": "The first operation of `init` has the method get, post, put, patch or delete.",
    "path": "A path of an operation begins with / and has its parameters in braces.",
    "url": "A URL cannot be used as a server's base: it begins with http:// or https:// and "
    "names a host, as https://sandbox.harbour.example/v1 does.",
    "url-and-default": "--url names a running server, --default and --remember a stand-in: choose "
    "one.",
    "default-and-remember": "--default and --remember name two stand-ins: choose one.",
    "url-and-packages": "--url takes one package, because one server is attacked.",
    "security": "A security scheme of `init` is bearer, basic, none, or a header's name.",
    "header": "--header is 'Name: VARIABLE', with the name of an environment variable that holds "
    "the "
    "value, and is for --url.",
    "credential": "--credential is scheme=VARIABLE, with a scheme of the contract and the name of "
    "an environment variable that is set.",
    "shard": "--shard is part/parts, such as 2/4. Run the other parts too, each with --json, "
    "and put them together with --merge.",
    "seed": "A seed file does not fit the stand-in: see its class attribute `seeds`.",
    "state": "A state file is no SQLite database, or belongs to another stand-in. Name a new file.",
    "stand-in": "stand_in.py cannot be loaded, or has no class StandIn. "
    "`bothends validate NAME` shows the line.",
    "idempotency": "The idempotency store cannot be reached, or its URL is none of Redis.",
    "host": "The host to listen on is blank. 127.0.0.1 is this machine alone.",
    "port": "The port cannot be listened on: it is taken, or needs more rights. "
    "--port 0 takes a free one.",
    "internal-error": "This is a fault of bothends, not of your contract. Please report it with "
    "the traceback, which BOTHENDS_TRACEBACK=1 prints. The exit code is 70.",
}
CODES: Final[Mapping[str, str]] = {
    "parameter-overlap": "Two parameters take the same names from the wire. The server gives such "
    "a "
    "value to both; the client refuses to send what would not arrive as it was passed.",
    **_FILES,
    **_CONTRACTS,
    **_CLAIMS,
    **{f"refused-{code}": f"{text} The operation is left out." for code, text in _REFUSED.items()},
    **_DISK,
    **_USE,
}

FAMILIES: Final[Mapping[str, str]] = {
    "repaired-": "The contract is illegal at this place and has one plain meaning, which is "
    "generated. The message says which meaning. Write it that way: other programs may guess "
    "differently. --strict makes it fail.",
    "left-out-": "The contract is illegal at this place and has no plain meaning, so it is "
    "generated as if nothing were written there: any value is allowed. --strict makes it fail.",
    "refused-": "An operation is left out because of the finding with the rest of this code: "
    "`bothends explain` knows it without the prefix.",
}
"""What codes mean that begin so, where they have no text of their own."""


def explain_code(code: str) -> str:
    """Return the text about a code; it is empty for one that is never printed."""
    if code in CODES:
        return CODES[code]
    if change := CHANGE_CODES.get(code.removeprefix(PREFIX)):
        return f"A change that `bothends diff` tells. {change}"

    for prefix, text in FAMILIES.items():
        if code.startswith(prefix):
            cause = CODES.get(code.removeprefix(prefix), "")
            return f"{text} {cause}".strip()

    return ""
