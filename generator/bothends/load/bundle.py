"""Reads a contract that is written in several files as one document (OpenAPI 3.1 §4.3, §4.6).

    openapi.yaml     paths: {/docs: {$ref: paths/docs.yaml}}
    paths/docs.yaml  post: {requestBody: {content: {application/json: {schema: {$ref: ../doc.yaml}}}}}
    doc.yaml         {type: object, properties: {parent: {$ref: '#'}}}

becomes what a person would have written by hand in one file:

    paths: {/docs: {post: {… schema: {$ref: '#/components/schemas/doc'}}}}
    components: {schemas: {doc: {type: object, properties: {parent: {$ref: '#/components/…/doc'}}}}}

What has a section in `components` goes there once, however many references lead to it. Everything
else (path items, operations, lists of properties, descriptions) is put where it is referred to. A
component of the root that is nothing but a reference to another file gives its key to that content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.load.bundle_keys import choose_keys
from bothends.load.document import Document, Part
from bothends.load.file_pointers import locate, value_at
from bothends.load.limits import MAX_NODES
from bothends.load.linked_files import LinkedFile, LinkedFiles, ReferenceFault
from bothends.load.linked_notes import notes_in_bundle
from bothends.load.read import load_usable
from bothends.load.read_json import RepeatedParts
from bothends.openapi.grammar import GRAMMAR, METHODS, SECTIONS, SWAGGER_GRAMMAR, SWAGGER_SECTIONS
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import reference_of

_OTHER_FILE = re.compile(r"""\$ref["']?\s*:\s*["']?[^#"'\s]""")
_REFERENCE = re.compile(r"\$ref\b")
_LAST_WORD = re.compile(r"\w+\Z")
_FURTHEST: Final = 300
"""Characters between the key of an operation and its `$ref`: a colon, and an indentation."""

# The kind of what is no object of OpenAPI: texts, examples, extensions.
_DATA: Final = ""


def load_contract(
    path: Path, *, display_path: str | None = None, repeated: RepeatedParts | None = None
) -> Document:
    """Read a contract with all files that it refers to.

    Args:
        path: The root file. Files outside its folder are not read.
        display_path: The path as messages show it.
        repeated: What was read of another version of the contract, and is taken over.

    Returns:
        One document. A reference that could not be followed stays, and `unread` says why. What is
        wrong in one place of a file is left out, and among the `notes`.

    Raises:
        ContractError: The root file cannot be read, or is no document.
    """
    root = load_usable(path, display_path=display_path, repeated=repeated)
    if not (_OTHER_FILE.search(root.source) or _refers_to_operation(root.source)):
        return root
    return _Bundler(root, path).run()


def _refers_to_operation(source: str) -> bool:
    """Whether an operation may be written as a `$ref`: a look at what stands before each.

    From the references back to the keys: to look for six words in 13 MB takes ten times as long.
    """
    for found in _REFERENCE.finditer(source):
        before = source[max(0, found.start() - _FURTHEST) : found.start()].rstrip("\"' \t\r\n{")
        key = before[:-1].rstrip("\"' \t\r\n").lower() if before.endswith(":") else ""
        if key.endswith(METHODS):
            word = _LAST_WORD.search(key)
            if word is not None and word[0] in METHODS:
                return True

    return False


class _Target(NamedTuple):
    """What a reference leads to, as one component of the bundle."""

    kind: str
    file: Path
    pointer: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the walk is: in which file, and where that ends up in the bundle.

    `owner` is the component that the place is in, and None for the root: the key of a component is
    chosen at the end, so until then `bundled` counts from the component.
    """

    file: LinkedFile
    pointer: str
    owner: _Target | None
    bundled: str
    open_references: tuple[tuple[Path, str], ...] = ()

    def inside(self, *parts: str | int) -> _Spot:
        return replace(
            self, pointer=below(self.pointer, *parts), bundled=below(self.bundled, *parts)
        )


@dataclass(slots=True)
class _Bundler:
    root: Document
    path: Path
    files: LinkedFiles = field(init=False)
    weight: int = 0
    copied: dict[_Target, Any] = field(default_factory=dict[_Target, Any])
    waiting: list[_Target] = field(default_factory=list[_Target])
    given_keys: dict[_Target, str] = field(default_factory=dict[_Target, str])
    patches: list[tuple[dict[str, Any], str, _Target]] = field(
        default_factory=list[tuple[dict[str, Any], str, _Target]]
    )
    moves: list[tuple[_Spot, LinkedFile, str]] = field(
        default_factory=list[tuple[_Spot, LinkedFile, str]]
    )
    seen_inside: dict[_Target, tuple[_Target | None, str]] = field(
        default_factory=dict[_Target, tuple["_Target | None", str]]
    )
    unread: list[tuple[_Spot, ReferenceFault]] = field(
        default_factory=list[tuple[_Spot, ReferenceFault]]
    )
    referred_operations: list[SourceLocation] = field(default_factory=list[SourceLocation])

    def __post_init__(self) -> None:
        self.files = LinkedFiles(self.root, self.path)

    @property
    def is_swagger(self) -> bool:
        return "swagger" in self.root.data

    @property
    def grammar(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        return SWAGGER_GRAMMAR if self.is_swagger else GRAMMAR

    @property
    def sections(self) -> Mapping[str, str]:
        """The pointer of the section that components of a kind go to."""
        return SWAGGER_SECTIONS if self.is_swagger else SECTIONS

    def run(self) -> Document:
        self._give_keys_of_root()
        data: dict[str, Any] = self._copy(
            self.files.root.data, "root", _Spot(self.files.root, "", None, "")
        )

        while self.waiting:
            target = self.waiting.pop()
            spot = _Spot(self.files.read[target.file], target.pointer, target, "")
            self.copied[target] = self._copy(self._content_of(target), target.kind, spot)

        pointers = self._add_sections(data)
        for holder, key, target in self.patches:
            holder[key] = f"#{pointers[target]}"

        return self._document(data, pointers)

    def _give_keys_of_root(self) -> None:
        """Give the content of a file the key of a root component that only refers to it."""
        for kind, section in self.sections.items():
            components, file = self._section(section)
            # In sorted order, so that the order of the contract decides no name.
            for key in sorted(components):
                reference = reference_of(components[key])
                if reference is None or set(components[key]) != {"$ref"}:
                    continue
                try:
                    target = self._target(reference, kind, file)
                except ReferenceFault:
                    continue
                if isinstance(target, _Target):
                    self.given_keys.setdefault(target, key)

    def _section(self, pointer: str) -> tuple[dict[str, Any], LinkedFile]:
        """A section of the root's components, which may be in a file of its own, and that file."""
        value: Any = self.files.root.data
        spot = _Spot(self.files.root, "", None, "")
        for part in split(pointer):
            value = value.get(part) if is_object(value) else None
            reference = reference_of(value)
            if reference is not None and not self._is_local(reference, spot):
                try:
                    file, found = locate(self.files, reference, spot.file)
                except ReferenceFault:
                    return {}, spot.file
                value, spot = value_at(file.data, found), replace(spot, file=file)

        return as_object(value), spot.file

    def _copy(self, value: Any, kind: str, spot: _Spot) -> Any:
        """Copy a part of a file, with its references changed to those of the bundle."""
        self.weight += 1
        if not is_object(value) or kind not in self.grammar:
            return value

        if spot.bundled and spot.file is not self.files.root:
            itself = _Target(kind, spot.file.path, spot.pointer)
            self.seen_inside.setdefault(itself, (spot.owner, spot.bundled))

        reference = reference_of(value)
        if reference is not None and not (kind == "paths" and reference.startswith("#")):
            if kind in self.sections:
                return self._component_reference(value, reference, kind, spot)
            if not (self._is_local(reference, spot) and kind != "operation"):
                return self._in_place(value, reference, kind, spot)

        return self._fields(value, kind, spot)

    def _fields(self, value: dict[str, Any], kind: str, spot: _Spot) -> dict[str, Any]:
        fields = self.grammar[kind]
        result: dict[str, Any] = {}

        for name, item in value.items():
            inside = spot.inside(name)
            rule = fields.get(name) or fields.get("*")
            # An extension may hold a `$ref` that means something to its own tool only.
            if rule is None or name.startswith("x-"):
                result[name] = self._data(item, inside) if not name.startswith("x-") else item
                continue

            shape, inner = rule
            if shape == "one":
                result[name] = self._copy(item, inner, inside)
                continue

            members, inside = self._container(item, inside)
            if shape == "list" and is_array(members):
                copies = result[name] = list[Any]()
                for index, member in enumerate(members):
                    copies.append(self._copy(member, inner, inside.inside(index)))
            elif shape == "map" and is_object(members):
                by_key = result[name] = dict[str, Any]()
                for key, member in members.items():
                    by_key[key] = self._copy(member, inner, inside.inside(key))
            else:
                result[name] = members

        if kind == "discriminator":
            self._mapping(result, spot)
        return result

    def _container(self, value: Any, spot: _Spot) -> tuple[Any, _Spot]:
        """A list or map of objects, which vendors put into a file of its own as well.

        `schemas: {$ref: schemas/_index.yaml}` is no Reference Object of the standard, and has one
        reading: a component or property called `$ref` would be an object, not text.
        """
        reference = reference_of(value)
        if reference is None or self._is_local(reference, spot):
            return value, spot

        try:
            file, pointer = locate(self.files, reference, spot.file)
        except ReferenceFault as fault:
            self.unread.append((spot, fault))
            return value, spot

        self.moves.append((spot, file, pointer))
        return value_at(file.data, pointer), replace(spot, file=file, pointer=pointer)

    def _data(self, value: Any, spot: _Spot) -> Any:
        """A text or example that is in a file of its own.

        Anything else is data and stays as it is.
        """
        reference = reference_of(value)
        if reference is None or reference.startswith("#") or set(value) != {"$ref"}:
            return value
        try:
            file, pointer = locate(self.files, reference, spot.file)
        except ReferenceFault:
            return value
        self.moves.append((spot, file, pointer))
        return value_at(file.data, pointer)

    def _mapping(self, discriminator: dict[str, Any], spot: _Spot) -> None:
        """The schemas that a discriminator names by file, or by a pointer into its own file."""
        mapping = discriminator.get("mapping")
        if not is_object(mapping):
            return

        copied = dict(mapping)
        for value, reference in mapping.items():
            # A bare word is the key of a component, not the name of a file (3.1 §4.8.25).
            if not isinstance(reference, str) or not re.search(r"[/#.]", reference):
                continue
            try:
                target = self._target(reference, "schema", spot.file)
            except ReferenceFault:
                continue
            self._refer(copied, value, target)

        discriminator["mapping"] = copied

    def _component_reference(
        self, value: dict[str, Any], reference: str, kind: str, spot: _Spot
    ) -> Any:
        if self._is_local(reference, spot):
            return self._fields(value, kind, spot) if len(value) > 1 else value

        try:
            target = self._target(reference, kind, spot.file)
        except ReferenceFault as fault:
            # `Tide` and `/components/schemas/Tide` are parts of the root: a repair says so.
            if not self._is_part_of_root(reference, kind):
                self.unread.append((spot, fault))
            return value

        if isinstance(target, _Target) and self._is_component(target, spot):
            file = self.files.read[target.file]
            self.moves.append((spot, file, target.pointer))
            self.copied[target] = None
            own = replace(spot, file=file, pointer=target.pointer)
            return self._copy(self._content_of(target), kind, own)

        beside = {key: item for key, item in value.items() if key != "$ref"}
        result = {"$ref": reference, **self._fields(beside, kind, spot)}
        self._refer(result, "$ref", target)
        return result

    def _is_part_of_root(self, reference: str, kind: str) -> bool:
        """Whether a reference that is no file is the key of a component, or lacks its `#`."""
        if not reference.startswith("/"):
            return reference in self._section(self.sections[kind])[0]
        try:
            value_at(self.files.root.data, reference)
        except KeyError:
            return False
        return True

    def _content_of(self, target: _Target) -> Any:
        data = self.files.read[target.file].data
        value = value_at(data, target.pointer)
        dialect = as_object(data).get("$schema")
        # A part is in the dialect of its file (JSON Schema 2020-12 Core §9.3.1).
        if target.kind == "schema" and is_object(value) and dialect is not None:
            return {"$schema": dialect, **value}
        return value

    def _is_component(self, target: _Target, spot: _Spot) -> bool:
        """Whether the walk is at the component of the root whose content the target is."""
        key = self.given_keys.get(target)
        section = self.sections[target.kind]
        return spot.owner is None and key is not None and spot.bundled == below(section, key)

    def _refer(self, holder: dict[str, Any], key: str, target: _Target | str) -> None:
        if isinstance(target, str):
            holder[key] = f"#{target}"
            return

        self.patches.append((holder, key, target))
        if target not in self.copied and target not in self.given_keys:
            self.copied[target] = None
            self.waiting.append(target)

    def _in_place(self, value: dict[str, Any], reference: str, kind: str, spot: _Spot) -> Any:
        try:
            file, pointer = locate(self.files, reference, spot.file)
        except ReferenceFault as fault:
            self.unread.append((spot, fault))
            return value

        # What is put in place is copied at each use: files that refer twice double at each level.
        if (file.path, pointer) in spot.open_references or self.weight > MAX_NODES:
            message = f"{reference} contains itself, or the files hold too much."
            self.unread.append((spot, ReferenceFault(message)))
            return value

        if kind == "operation":
            line, column = spot.file.source_map.locate(spot.pointer, key=True)
            self.referred_operations.append(
                SourceLocation(spot.file.display_path, line, column, spot.bundled)
            )

        self.moves.append((spot, file, pointer))
        inside = replace(
            spot,
            file=file,
            pointer=pointer,
            open_references=(*spot.open_references, (file.path, pointer)),
        )
        result = self._copy(value_at(file.data, pointer), kind, inside)
        beside = {key: item for key, item in value.items() if key != "$ref"}
        if not beside or not is_object(result):
            return result
        return {**result, **self._fields(beside, kind, spot)}

    def _notes(self, parts: Mapping[str, Part]) -> tuple[Finding, ...]:
        """What was read otherwise than it is written: merge keys, operations as references."""
        # One note of all such operations: a contract has none or hundreds.
        linked = notes_in_bundle(self.files.read.values(), parts)
        notes = (*self.root.notes, *self.files.notes, *linked)
        if not self.referred_operations:
            return notes

        first = min(self.referred_operations)
        others = len(self.referred_operations) - 1
        these = f"this one and {others} more are read" if others else "this one is read"
        message = f"An operation cannot be a reference in OpenAPI; {these} as what is referred to."
        hint = "Refer to the whole path item instead."
        found = Finding("operation-reference", Severity.WARNING, message, first, hint)
        return (*notes, found)

    def _is_local(self, reference: str, spot: _Spot) -> bool:
        return spot.file is self.files.root and reference.startswith("#")

    def _target(self, reference: str, kind: str, within: LinkedFile) -> _Target | str:
        """The component that a reference leads to, or the pointer of what the root has itself."""
        file, pointer = locate(self.files, reference, within)
        return pointer if file is self.files.root else _Target(kind, file.path, pointer)

    def _add_sections(self, data: dict[str, Any]) -> dict[_Target, str]:
        """Put the components into their sections; give the pointer of each."""
        pointers: dict[_Target, str] = {}
        for target, key in self.given_keys.items():
            pointers[target] = below(self.sections[target.kind], key)

        contained = self._contained()
        for kind, pointer in self.sections.items():
            section = data
            for part in split(pointer):
                content = section.get(part)
                section[part] = dict(content) if is_object(content) else {}
                section = section[part]

            placed = contained | self.given_keys.keys()
            own = [target for target in self.copied if target.kind == kind]
            targets = {
                target: _location_words(target, self.path) for target in own if target not in placed
            }
            for target, key in choose_keys(targets, frozenset(section)).items():
                section[key] = self.copied[target]
                pointers[target] = below(pointer, key)

        for target in contained:
            self.copied[target] = None
            pointers[target] = self._contained_pointer(target, pointers)

        _drop_empty(data, self.sections.values())
        return pointers

    def _contained(self) -> set[_Target]:
        """The targets that are also written inside something else of the bundle.

        `tide.yaml` and `tide.yaml#/properties/level` become one component and a reference into it,
        so that one schema has one class.
        """
        return (self.copied.keys() & self.seen_inside.keys()) - self.given_keys.keys()

    def _contained_pointer(self, target: _Target, pointers: Mapping[_Target, str]) -> str:
        inside = ""
        owner: _Target | None = target
        while owner is not None and owner not in pointers:
            owner, way = self.seen_inside[owner]
            inside = way + inside
        return (pointers[owner] if owner else "") + inside

    def _document(self, data: dict[str, Any], pointers: Mapping[_Target, str]) -> Document:
        def bundled(spot: _Spot) -> str:
            return (pointers[spot.owner] if spot.owner else "") + spot.bundled

        parts = {bundled(spot): self._part(file, pointer) for spot, file, pointer in self.moves}
        for target, value in self.copied.items():
            if value is not None:
                file = self.files.read[target.file]
                parts[pointers[target]] = self._part(file, target.pointer, is_component=True)

        unread = {bundled(spot): (fault.message, fault.hint) for spot, fault in self.unread}
        return replace(
            self.root,
            data=data,
            source_map=self.files.root.source_map,
            parts=parts,
            unread=unread,
            notes=self._notes(parts),
        )

    def _part(self, file: LinkedFile, pointer: str, *, is_component: bool = False) -> Part:
        relative = file.path.relative_to(self.files.root.folder).as_posix()
        lock_path = relative if is_component and file is not self.files.root else ""
        return Part(file.display_path, pointer, file.source_map, lock_path)


def _location_words(target: _Target, root: Path) -> tuple[str, ...]:
    """Return the words of a target's location, from the outermost folder to the last key."""
    relative = target.file.relative_to(root.resolve().parent)
    return (*relative.parent.parts, relative.stem, *split(target.pointer))


def _drop_empty(data: dict[str, Any], sections: Any) -> None:
    for pointer in sections:
        *path, last = split(pointer)
        holder = data
        for part in path:
            holder = holder.get(part, {})
        if holder.get(last) == {}:
            del holder[last]
    if data.get("components") == {}:
        del data["components"]
