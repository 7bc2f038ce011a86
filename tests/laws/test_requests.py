"""The quick way to a request gives what the HTTP library makes of the same arguments."""

import httpx2
from hypothesis import given
from hypothesis import strategies as st

from bothends.runtime.client.http_request import whole_request

METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "OPTIONS"])
URLS = st.sampled_from(
    ["http://a.test", "https://a.test:443/b?c=%20", "http://[::1]:8080/ü", "https://b.test:8443/#x"]
)
LINES = st.lists(
    st.tuples(
        st.sampled_from([b"accept", b"X-Trace", b"cookie", b"content-type"]),
        st.sampled_from([b"", b"a", b"caf\xc3\xa9", b"multipart/form-data; boundary=x"]),
    ),
    max_size=4,
)


@given(METHODS, URLS, LINES, st.sampled_from([b"", b"{}", b"\x00" * 70_000]))
def test_whole_request_is_the_same(
    method: str, text: str, lines: list[tuple[bytes, bytes]], content: bytes
) -> None:
    url, extensions = httpx2.URL(text), {"timeout": {"read": 1.0}}
    library = httpx2.Request(method, url, headers=lines, content=content, extensions=extensions)
    quick = whole_request(method, url, lines, content, extensions)

    assert quick.headers.raw == library.headers.raw
    assert (quick.method, quick.url, quick.content) == (method, library.url, library.content)
    assert quick.extensions == library.extensions
    assert isinstance(quick.stream, httpx2.ByteStream)
