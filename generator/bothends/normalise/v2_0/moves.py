"""Where each part of a Swagger 2.0 contract is in OpenAPI 3.0, in both directions."""

from __future__ import annotations

from bothends.openapi.pointer import parent


class Moves:
    """Pointers of the new contract → pointers of the text, and back."""

    def __init__(self) -> None:
        self.origins: dict[str, str] = {}
        self._moved: dict[str, str] = {}

    def add(self, pointer: str, written: str) -> None:
        """Note that what is at `pointer` is written at `written`."""
        if pointer != written:
            self.origins[pointer] = written
            self._moved.setdefault(written, pointer)

    def keep(self, pointer: str) -> None:
        """Note that what is at `pointer` is written there, though what is around it is not."""
        self.origins[pointer] = pointer

    def moved(self, written: str) -> str:
        """Return where the part that is written at a pointer has gone, with its ancestor."""
        prefix = written
        while prefix and prefix not in self._moved:
            prefix = parent(prefix)
        if not prefix:
            return written
        return self._moved[prefix] + written.removeprefix(prefix)
