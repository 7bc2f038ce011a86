"""Credentials: how they are presented, and which of them an operation asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, verdict_of
from bothends.diff.operation.operation_pair import Pair
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.walk import operations

_Alternative: TypeAlias = frozenset[tuple[str, str]]
"""Schemes, each with an empty scope, and scopes of schemes."""

_SAID_TO_PEOPLE = ("description", "bearerFormat")
_WAYS_TO_TOKENS = ("flows", "oauth2MetadataUrl", "openIdConnectUrl")


@dataclass(frozen=True, slots=True)
class _Asked:
    """Alternatives of an operation, each with its pointer, and where the list of them is."""

    alternatives: dict[_Alternative, str]
    pointer: str


class SecurityComparison:
    """Compares the security of two normalised contracts.

    A scheme that has another name and is the same otherwise is the same scheme: no name of one
    travels.
    """

    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._was, self._now = _schemes(old.data), _schemes(new.data)
        self._renamed = dict(self._find_renamed())
        self._used = set[str]()
        for pointer, _, _, operation in operations(old.data):
            for alternative in _requirements(old.data, operation, pointer).alternatives:
                self._used |= {name for name, _ in alternative}

    def schemes(self) -> Iterator[Change]:
        """The schemes that have another name, or are presented otherwise under the same one.

        A scheme that is gone shows where it is used.
        """
        for name, another in self._renamed.items():
            message = f"{name} is called {another} now"
            yield self._change("security-scheme-renamed", message, (name, another))

        for name, scheme in self._was.items():
            if name in self._now and scheme != self._now[name]:
                yield from self._scheme(name, scheme, self._now[name])

    def _scheme(self, name: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[Change]:
        before, after = _presented(was), _presented(now)
        # Names of headers have no case (RFC 9110 §5.1).
        is_header = before.startswith("header ")
        if before == after or (is_header and before.lower() == after.lower()):
            if any(was.get(key) != now.get(key) for key in _WAYS_TO_TOKENS):
                message = f"tokens of {name} are got otherwise, or have other scopes"
                yield self._change("security-flows-changed", message, (name, name))
            return

        message = f"credentials of {name} are presented otherwise: {before} became {after}"
        change = self._change("security-scheme-changed", message, (name, name))
        if name in self._used:
            yield Change(
                change.code,
                change.subjects,
                message,
                Direction.REQUEST,
                Effect.BOTH,
                Verdict.BREAKING,
                change.old,
                change.new,
                Witness(f"any request with {name} as {before}"),
            )
        else:
            yield change

    def of_operation(self, pair: Pair) -> Iterator[Change]:
        """What an operation no longer takes, or takes now."""
        was = _requirements(self._old.data, self._old.value_at(pair.old), pair.old)
        now = _requirements(self._new.data, self._new.value_at(pair.new), pair.new)
        accepted: dict[_Alternative, _Alternative] = {}
        for alternative in was.alternatives:
            in_new_names = ((self._renamed.get(name, name), scope) for name, scope in alternative)
            accepted[frozenset(in_new_names)] = alternative

        for alternative, in_old_names in accepted.items():
            # Fewer schemes ask for less: who sent all of the old set still sends enough.
            if not any(another <= alternative for another in now.alternatives):
                words = _in_words(in_old_names)
                places = was.alternatives[in_old_names], now.pointer
                message = f"{words} no longer suffices"
                witness = f"{pair.subject} with {words}"
                yield self._of_pair(pair, Effect.NARROWS, message, places, witness)

        for alternative, pointer in now.alternatives.items():
            if not any(another <= alternative for another in accepted):
                words = _in_words(alternative)
                message = f"{words} suffices now"
                witness = f"{pair.subject} with {words}"
                yield self._of_pair(pair, Effect.WIDENS, message, (was.pointer, pointer), witness)

    def _of_pair(
        self, pair: Pair, effect: Effect, message: str, places: tuple[str, str], witness: str
    ) -> Change:
        direction = pair.direction(Direction.REQUEST)
        verdict = verdict_of(direction, effect)
        return Change(
            "security-narrowed" if effect is Effect.NARROWS else "security-widened",
            (pair.subject,),
            message,
            direction,
            effect,
            verdict,
            self._old.location_of(places[0]),
            self._new.location_of(places[1]),
            Witness(witness) if verdict is Verdict.BREAKING else None,
        )

    def _change(self, code: str, message: str, names: tuple[str, str]) -> Change:
        """A note on a scheme, by its names in both contracts."""
        return Change(
            code,
            ("contract",),
            message,
            Direction.NEITHER,
            Effect.NONE,
            Verdict.NOTE,
            self._old.location_of(below("/components/securitySchemes", names[0])),
            self._new.location_of(below("/components/securitySchemes", names[1])),
        )

    def _find_renamed(self) -> Iterator[tuple[str, str]]:
        gone = [name for name in self._was if name not in self._now]
        added = [name for name in self._now if name not in self._was]
        forms = {name: _form(self._was[name]) for name in gone}
        new_forms = {name: _form(self._now[name]) for name in added}
        for name, form in forms.items():
            alike = [another for another, new_form in new_forms.items() if new_form == form]
            # Of two that look the same, nobody knows which became which.
            if len(alike) == 1 and list(forms.values()).count(form) == 1:
                yield name, alike[0]


def _schemes(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    schemes = as_object(as_object(data.get("components")).get("securitySchemes"))
    return {name: as_object(scheme) for name, scheme in schemes.items()}


def _form(scheme: dict[str, Any]) -> str:
    """A scheme without what is said to people."""
    return json.dumps(
        {key: value for key, value in scheme.items() if key not in _SAID_TO_PEOPLE}, sort_keys=True
    )


def _presented(scheme: dict[str, Any]) -> str:
    """How credentials of a scheme travel (OpenAPI 3.1 §4.8.27)."""
    match scheme.get("type"):
        case "apiKey":
            return f"{scheme.get('in')} {scheme.get('name')}"
        case "http":
            return f"HTTP {str(scheme.get('scheme')).lower()}"
        case other:
            # OAuth and OpenID Connect differ in how a token is got, not in how it travels.
            return "HTTP bearer" if other in ("oauth2", "openIdConnect") else str(other)


def _requirements(data: Mapping[str, Any], operation: Mapping[str, Any], pointer: str) -> _Asked:
    """The alternatives of an operation; an empty one where nothing is asked for."""
    owner = operation if "security" in operation else data
    list_pointer = f"{pointer}/security" if owner is operation else "/security"
    if "security" not in owner:
        return _Asked({frozenset(): pointer}, pointer)

    found: dict[_Alternative, str] = {}
    for index, item in enumerate(map(as_object, as_array(owner["security"]))):
        scopes = [(name, str(scope)) for name in item for scope in ("", *as_array(item[name]))]
        found.setdefault(frozenset(scopes), below(list_pointer, index))

    return _Asked(found or {frozenset(): list_pointer}, list_pointer)


def _in_words(alternative: _Alternative) -> str:
    """`login with read, write and key`."""
    scopes: dict[str, list[str]] = {}
    for name, scope in sorted(alternative):
        scopes.setdefault(name, []).append(scope)

    found: list[str] = []
    for name, scope_names in scopes.items():
        listed = ", ".join(filter(None, scope_names))
        found.append(f"{name} with {listed}" if listed else name)
    return " and ".join(found) or "no credentials"
