"""One request and its answer, as they went over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange; the bodies without transfer coding, that of the answer also inflated.

    Args:
        method: The method, in capitals.
        url: The whole URL of the request, as it was sent.
        status: The status of the answer; 0 where none came.
        is_request_cut: Whether the body of the request was not kept whole.
        is_answer_cut: Whether the body of the answer was not, or could not be read.
    """

    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int
    answer_headers: Headers
    answer_body: bytes
    started: str = ""
    is_request_cut: bool = False
    is_answer_cut: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether a body was not kept whole."""
        return self.is_request_cut or self.is_answer_cut

    @property
    def host(self) -> str:
        """The host of the URL, with its port."""
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """The raw path, still percent-encoded."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The raw query."""
        return urlsplit(self.url).query


def header_value(headers: Headers, name: str) -> str:
    """Return the first value of a header by its lower-case name; empty if there is none."""
    return next((value for existing, value in headers if existing.lower() == name), "")
