"""Reads a contract that is written in several files as one document (OpenAPI 3.1 §4.3, §4.6).

    openapi.yaml     paths: {/docs: {$ref: paths/docs.yaml}}
    paths/docs.yaml  get: {responses: {'200': {content: {…: {schema: {$ref: ../doc.yaml}}}}}}
    doc.yaml         {type: object, properties: {parent: {$ref: '#'}}}

becomes what a person would have written by hand in one file:

    paths: {/docs: {get: {… schema: {$ref: '#/components/schemas/doc'}}}}
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
from typing import Any

from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.load.bundle.components import Components
from bothends.load.bundle.file_pointers import locate, value_at
from bothends.load.bundle.linked_files import LinkedFile, LinkedFiles, ReferenceFault
from bothends.load.bundle.linked_notes import notes_in_bundle
from bothends.load.bundle.place import Spot, Target
from bothends.load.document import Document, Part
from bothends.load.limits import MAX_NODES
from bothends.openapi.grammar import GRAMMAR, SECTIONS, SWAGGER_GRAMMAR, SWAGGER_SECTIONS
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.pointer import split
from bothends.openapi.reference import AROUND, reference_of


@dataclass(slots=True)
class Bundler:
    """One walk over a contract, from the root file to whatever it refers to.

    What is noted on the way has its place in the bundle at the end only, when components have keys.

    Attributes:
        root: The contract as it was loaded.
        path: Its path on disk.
        weight: How many parts were copied so far.
        patches: Objects with the key whose value becomes the pointer of a component.
        moves: Places of the bundle, and the file and pointer that the content comes from.
        unread: References that were not followed, each with the reason.
        referred_operations: Operations that are written as a reference.
    """

    root: Document
    path: Path
    files: LinkedFiles = field(init=False)
    weight: int = 0
    components: Components = field(init=False)
    patches: list[tuple[dict[str, Any], str, Target]] = field(
        default_factory=list[tuple[dict[str, Any], str, Target]]
    )
    moves: list[tuple[Spot, LinkedFile, str]] = field(
        default_factory=list[tuple[Spot, LinkedFile, str]]
    )
    unread: list[tuple[Spot, ReferenceFault]] = field(
        default_factory=list[tuple[Spot, ReferenceFault]]
    )
    referred_operations: list[SourceLocation] = field(default_factory=list[SourceLocation])

    def __post_init__(self) -> None:
        self.files = LinkedFiles(self.root, self.path)
        self.components = Components(SWAGGER_SECTIONS if self.is_swagger else SECTIONS)

    @property
    def is_swagger(self) -> bool:
        """Whether the contract is Swagger 2.0."""
        return "swagger" in self.root.data

    @property
    def grammar(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """By kind of object and field, what the field holds."""
        return SWAGGER_GRAMMAR if self.is_swagger else GRAMMAR

    def run(self) -> Document:
        """Return the contract as one document."""
        self._give_keys_of_root()
        data: dict[str, Any] = self._copy(
            self.files.root.data, "root", Spot(self.files.root, "", None, "")
        )

        while self.components.waiting:
            target = self.components.waiting.pop()
            spot = Spot(self.files.read[target.file], target.pointer, target, "")
            self.components.copied[target] = self._copy(self._content_of(target), target.kind, spot)

        pointers = self.components.add_to(data, self.path)
        for holder, key, target in self.patches:
            holder[key] = f"#{pointers[target]}"

        return self._document(data, pointers)

    def _give_keys_of_root(self) -> None:
        """Give the content of a file the key of a root component that only refers to it."""
        for kind, section in self.components.sections.items():
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
                if isinstance(target, Target):
                    self.components.given_keys.setdefault(target, key)

    def _section(self, pointer: str) -> tuple[dict[str, Any], LinkedFile]:
        """A section of the root's components, which may be in a file of its own, and that file."""
        value: Any = self.files.root.data
        spot = Spot(self.files.root, "", None, "")
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

    def _copy(self, value: Any, kind: str, spot: Spot) -> Any:
        """Copy a part of a file, with its references changed to those of the bundle."""
        self.weight += 1
        if not is_object(value) or kind not in self.grammar:
            return value

        if spot.bundled and spot.file is not self.files.root:
            itself = Target(kind, spot.file.path, spot.pointer)
            self.components.seen_inside.setdefault(itself, (spot.owner, spot.bundled))

        reference = reference_of(value)
        if reference is not None and not (kind == "paths" and reference.startswith("#")):
            if kind in self.components.sections:
                return self._component_reference(value, reference, kind, spot)
            if not (self._is_local(reference, spot) and kind != "operation"):
                return self._in_place(value, reference, kind, spot)

        return self._fields(value, kind, spot)

    def _fields(self, value: dict[str, Any], kind: str, spot: Spot) -> dict[str, Any]:
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

    def _container(self, value: Any, spot: Spot) -> tuple[Any, Spot]:
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

    def _data(self, value: Any, spot: Spot) -> Any:
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

    def _mapping(self, discriminator: dict[str, Any], spot: Spot) -> None:
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
        self, value: dict[str, Any], reference: str, kind: str, spot: Spot
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

        if isinstance(target, Target) and self.components.is_given_key(target, spot):
            file = self.files.read[target.file]
            self.moves.append((spot, file, target.pointer))
            self.components.copied[target] = None
            own = replace(spot, file=file, pointer=target.pointer)
            return self._copy(self._content_of(target), kind, own)

        beside = {key: item for key, item in value.items() if key != "$ref"}
        result = {"$ref": reference, **self._fields(beside, kind, spot)}
        self._refer(result, "$ref", target)
        return result

    def _is_part_of_root(self, reference: str, kind: str) -> bool:
        """Whether a reference that is no file is the key of a component, or lacks its `#`."""
        if not reference.startswith("/"):
            return reference in self._section(self.components.sections[kind])[0]
        try:
            value_at(self.files.root.data, reference)
        except KeyError:
            return False
        return True

    def _content_of(self, target: Target) -> Any:
        data = self.files.read[target.file].data
        value = value_at(data, target.pointer)
        dialect = as_object(data).get("$schema")
        # A part is in the dialect of its file (JSON Schema 2020-12 Core §9.3.1).
        if target.kind == "schema" and is_object(value) and dialect is not None:
            return {"$schema": dialect, **value}
        return value

    def _refer(self, holder: dict[str, Any], key: str, target: Target | str) -> None:
        if isinstance(target, str):
            holder[key] = f"#{target}"
            return

        self.patches.append((holder, key, target))
        self.components.want(target)

    def _in_place(self, value: dict[str, Any], reference: str, kind: str, spot: Spot) -> Any:
        try:
            file, pointer = locate(self.files, reference, spot.file)
            referred = value_at(file.data, pointer)
        except ReferenceFault as fault:
            self.unread.append((spot, fault))
            return value
        except KeyError:
            self.unread.append((spot, ReferenceFault(f"Nothing is at {reference}.")))
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
        result = self._copy(referred, kind, inside)
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

    def _is_local(self, reference: str, spot: Spot) -> bool:
        # With quotes of a word processor around it, it is repaired later.
        return spot.file is self.files.root and reference.strip(AROUND).startswith("#")

    def _target(self, reference: str, kind: str, within: LinkedFile) -> Target | str:
        """The component that a reference leads to, or the pointer of what the root has itself."""
        file, pointer = locate(self.files, reference, within)
        return pointer if file is self.files.root else Target(kind, file.path, pointer)

    def _document(self, data: dict[str, Any], pointers: Mapping[Target, str]) -> Document:
        def bundled(spot: Spot) -> str:
            return (pointers[spot.owner] if spot.owner else "") + spot.bundled

        parts = {bundled(spot): self._part(file, pointer) for spot, file, pointer in self.moves}
        for target, value in self.components.copied.items():
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
