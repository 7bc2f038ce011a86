"""One operation of both contracts: changes of it, and what its parts have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bothends.diff.change import Change, Direction, Effect, Verdict, Witness, verdict_of
from bothends.diff.operation.encodings import Encoded, compare_encodings
from bothends.diff.operation.matching import Match, is_range, match_media_types
from bothends.diff.operation.parameters import is_written_alike, style_of
from bothends.diff.schema.comparison import SchemaComparison, Usage
from bothends.diff.schema.wire_text import Text, is_xml, text_of_body
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below


@dataclass(frozen=True, slots=True)
class Pair:
    """Where an operation of both contracts is.

    Args:
        subject: `GET /tides`, as the new contract writes it.
        old: Its pointer in the old contract.
        new: Its pointer in the new contract.
        is_turned: Whether the vendor sends it: a webhook or a callback.
    """

    subject: str
    old: str
    new: str
    is_turned: bool = False

    def direction(self, direction: Direction) -> Direction:
        """The direction from the point of view of the user of the API."""
        return direction.turned() if self.is_turned else direction


class OperationPair:
    """An operation of both contracts. The documents are those of the comparison of schemas."""

    def __init__(self, schemas: SchemaComparison, pair: Pair) -> None:
        self.schemas = schemas
        self.pair = pair
        self.old: dict[str, Any] = schemas.old.value_at(pair.old)
        self.new: dict[str, Any] = schemas.new.value_at(pair.new)

    def change(
        self,
        code: str,
        message: str,
        direction: Direction = Direction.NEITHER,
        effect: Effect = Effect.NONE,
        pointers: tuple[str | None, str | None] = ("", ""),
        *,
        witness: str = "",
        verdict: Verdict | None = None,
    ) -> Change:
        """A change of this operation.

        Args:
            code: The kind of change.
            message: One sentence.
            direction: Who sends the value, as if the user of the API called the operation.
            effect: What happens to the set of allowed values.
            pointers: The places below the operation, None where there is none.
            witness: What worked before and does not now, should that be the verdict.
            verdict: The verdict where it does not follow from direction and effect.
        """
        old, new = pointers
        turned = self.pair.direction(direction)
        if verdict is None:
            is_wire = turned is not Direction.NEITHER
            verdict = verdict_of(turned, effect) if is_wire else Verdict.NOTE
        is_shown = witness and verdict is Verdict.BREAKING
        return Change(
            code,
            (self.pair.subject,),
            message,
            turned,
            effect,
            verdict,
            None if old is None else self.schemas.old.location_of(self.pair.old + old),
            None if new is None else self.schemas.new.location_of(self.pair.new + new),
            Witness(f"{self.pair.subject} {witness}") if is_shown else None,
        )

    def usage(self, part: str, direction: Direction) -> Usage:
        """How the schemas of a part of the operation are used."""
        return Usage(self.pair.subject, part, self.pair.direction(direction))

    def compare(self, pointers: tuple[str, str], usage: Usage) -> Iterator[Change]:
        """Compare two schemas, by their pointers below the operation."""
        yield from self.schemas.compare(
            self.pair.old + pointers[0], self.pair.new + pointers[1], usage
        )

    def written_otherwise(
        self,
        code: str,
        part: str,
        described: tuple[dict[str, Any], dict[str, Any]],
        direction: Direction,
        pointers: tuple[str, str],
        example: str,
    ) -> Iterator[Change]:
        """Tell that a parameter or header has another style, `explode`, or `content` (§4.8.12)."""
        if is_written_alike(*described, self.schemas.are_scalars):
            return

        was, now = map(style_of, described)
        shown = now if self.pair.direction(direction) is Direction.REPLY else was
        yield self.change(
            code,
            f"{part} is written otherwise: {was} became {now}",
            direction,
            Effect.BOTH,
            pointers,
            witness=f"{example} as {shown}",
        )

    def described(
        self, was: dict[str, Any], now: dict[str, Any], pointers: tuple[str, str], usage: Usage
    ) -> Iterator[Change]:
        """Compare the schema, or the one media type, of a parameter or header (§4.8.12)."""
        if "schema" in was and "schema" in now:
            usage = replace(usage, text=Text.ALL)
            yield from self.compare((pointers[0] + "/schema", pointers[1] + "/schema"), usage)
        elif "content" in was and "content" in now:
            yield from self.contents(was["content"], now["content"], pointers, usage)

    def contents(
        self,
        was: dict[str, Any],
        now: dict[str, Any],
        pointers: tuple[str, str],
        usage: Usage,
        *,
        is_of_error: bool = False,
    ) -> Iterator[Change]:
        """Compare the media types of a body, and the schema of each."""
        for match in match_media_types(was, now):
            if match.old is not None and match.new is not None:
                steps = [below("", "content", key, "schema") for key in (match.old, match.new)]
                part = usage.part if len(was) == 1 else f"{usage.part} ({match.key})"
                text = text_of_body(match.key, as_object(was[match.old]))
                inner = replace(usage, part=part, text=text, is_xml=is_xml(match.key))
                yield from self.compare((pointers[0] + steps[0], pointers[1] + steps[1]), inner)
                yield from self._encodings(match, (was, now), pointers, inner)
            elif match.old is not None:
                yield self._media_type_gone(match.old, now, pointers, usage)
            elif match.new is not None:
                # A body that readers do not expect: of an error they do not look at it.
                is_expected = bool(was) or is_of_error
                yield self._media_type_added(str(match.new), was, pointers, usage, is_expected)

    def _encodings(
        self,
        match: Match,
        contents: tuple[dict[str, Any], dict[str, Any]],
        pointers: tuple[str, str],
        usage: Usage,
    ) -> Iterator[Change]:
        keys = str(match.old), str(match.new)
        encoded = Encoded(
            usage.part,
            self.pair.direction(usage.direction),
            match.key,
            (as_object(contents[0][keys[0]]), as_object(contents[1][keys[1]])),
            (
                pointers[0] + below("", "content", keys[0]),
                pointers[1] + below("", "content", keys[1]),
            ),
        )
        yield from compare_encodings(self, encoded)

    def _media_type_gone(
        self, media_type: str, now: dict[str, Any], pointers: tuple[str, str], usage: Usage
    ) -> Change:
        is_sent_back = self.pair.direction(usage.direction) is Direction.REPLY
        within = [match for match in match_media_types([media_type], now) if match.old]
        is_left = is_range(media_type) and any(match.new for match in within)
        message = f"{usage.part}: media type {media_type} is gone"
        if is_left:
            message = f"{usage.part}: of {media_type}, only some are left"

        # Callers ask for a media type of a reply by name (RFC 9110 §12.5.1); nobody asks for that
        # of a webhook.
        is_negotiated = is_sent_back and not self.pair.is_turned
        return self.change(
            f"{usage.direction}-media-type-gone",
            message,
            self.pair.direction(usage.direction),
            Effect.NARROWS,
            (pointers[0] + below("", "content", media_type), pointers[1]),
            witness=f"with {'Accept' if is_negotiated else 'Content-Type'}: {media_type}",
            verdict=Verdict.BREAKING if is_negotiated and not is_left else None,
        )

    def _media_type_added(
        self,
        media_type: str,
        was: dict[str, Any],
        pointers: tuple[str, str],
        usage: Usage,
        is_expected: bool,
    ) -> Change:
        is_sent_back = self.pair.direction(usage.direction) is Direction.REPLY
        is_negotiated = is_sent_back and not self.pair.is_turned
        within = [each for each in match_media_types(was, [media_type]) if each.old]
        # Callers get what they ask for, as long as it is named.
        is_named = not (is_range(media_type) and any(each.new for each in within))
        verdict = Verdict.COMPATIBLE if is_negotiated else None
        if not is_expected or (is_negotiated and not is_named):
            verdict = Verdict.UNKNOWN

        return self.change(
            f"{usage.direction}-media-type-added",
            f"{usage.part}: media type {media_type} is new",
            self.pair.direction(usage.direction),
            Effect.WIDENS,
            (pointers[0], pointers[1] + below("", "content", media_type)),
            witness=f"with Content-Type: {media_type}",
            verdict=verdict,
        )
