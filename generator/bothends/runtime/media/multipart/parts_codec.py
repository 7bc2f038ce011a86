"""What bodies in parts have in common: an object by the names of its parts, a list by position."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from bothends.runtime.json.value import is_object
from bothends.runtime.media.binary import size_fault
from bothends.runtime.media.codec import MediaCodec, null_fields
from bothends.runtime.media.error import MediaError
from bothends.runtime.media_type import ContentType
from bothends.runtime.schema.explain import Fault
from bothends.runtime.transfer.source import Source

from .part_value import as_judged, each_part, same_parts, sources, without_content
from .parts import Part, join_parts, write_parts


class PartsCodec(MediaCodec):
    """A body in parts."""

    def boundary_of(self, content_type: ContentType) -> str:
        """The boundary between the parts. MediaError without one: no part can be found."""
        boundary = content_type.parameters.get("boundary", "")
        # RFC 2046 §5.1.1: it is required.
        if not boundary:
            raise MediaError("Content-Type must have a boundary", is_type=True)
        return boundary

    def joined(
        self, value: Any, parts: list[Part], content_type: str
    ) -> tuple[str, bytes | Source]:
        """The Content-Type and the body of a value that these parts are of.

        Raises:
            MediaError: A reader would not get this value from them.
        """
        # Written and read back even if files follow later: a name may have no form in a header.
        boundary, content = write_parts(parts)
        if not self._arrives(content, boundary, each_part(without_content, value)):
            rule = "cannot be written in parts so that it arrives unchanged"
            hint = null_fields(value) if is_object(value) else ""
            raise MediaError(rule + hint, unsendable=True)

        if any(part.source is not None for part in parts):
            boundary, source = join_parts(parts)
            return f"{content_type}; boundary={boundary}", source

        return f"{content_type}; boundary={boundary}", content

    def _arrives(self, content: bytes, boundary: str, value: Any) -> bool:
        try:
            arrived = self.read(content, ContentType(self.range, {"boundary": boundary}))
        # A name that ends with a backslash: no reader can tell it from an escaped quote.
        except MediaError:
            return False
        return same_parts(arrived, value)

    @override
    def fault(self, value: Any) -> Fault | None:
        for pointer, source in sources("", value):
            # The bytes are not read yet: only their number can be judged before they are sent.
            if (fault := size_fault(source, pointer)) is not None:
                return fault
        return super().fault(each_part(as_judged, value))

    @override
    def format_fault(self, value: Any) -> Fault | None:
        return super().format_fault(each_part(as_judged, value))
