"""Draw files for multipart: content, name, media type and headers of the encoding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bothends.prove.values.json_values import HEADER_TEXT, Values, json_values
from bothends.runtime.exchange import header_text
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.media import MediaCodec
from bothends.runtime.media.multipart.part_list import PartListCodec
from bothends.runtime.operation import Multipart
from bothends.runtime.transfer.file import OCTETS, File

_NAMES = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


def with_files(codec: MediaCodec, value: Any) -> Values:
    """The value with a file wherever it must have one."""
    if isinstance(codec, PartListCodec) and is_array(value):
        items = [_item(codec, index, item) for index, item in enumerate(value)]
        return st.tuples(*items).map(list)

    files = codec.media.files if isinstance(codec.media, Multipart) else ()
    if not is_object(value):
        return st.just(value)

    return st.fixed_dictionaries(
        {
            name: _filed(codec, codec.pointer + join("encoding", name), item)
            if name in files
            else st.just(item)
            for name, item in value.items()
        }
    )


def _item(codec: PartListCodec, index: int, item: Any) -> Values:
    if not codec.is_file(index):
        return st.just(item)
    encoding = codec.encoding_at(index)
    files = _filed(codec, encoding, [item])
    # The contract may have the filename in a header that it describes, and nowhere else.
    if any(name.lower() == "content-disposition" for name in _described_headers(codec, encoding)):
        return files.map(lambda found: replace(found[0], filename=None))
    return files.map(lambda found: found[0])


def _filed(codec: MediaCodec, encoding: str, item: Any) -> Values:
    if is_array(item):
        return st.tuples(*(_filed(codec, encoding, entry) for entry in item)).map(list)
    # The boundary's own beginning, `\r\n--`, is in the bytes to find readers that search without
    # the boundary.
    content = item.encode("latin-1", "replace") if isinstance(item, str) else b"\x00\xff\r\n--"
    kinds = st.sampled_from(
        _media_types(str(codec.contract.find_object(encoding).get("contentType", "")))
    )
    return st.builds(File, st.just(content), _NAMES, kinds, _headers(codec, encoding))


def _media_types(content_types: str) -> list[str]:
    """List media types for a part: those of the contract, with one for each range."""
    listed = [entry.strip() for entry in content_types.split(",") if entry.strip()]
    result = [entry.replace("*/*", "image/png").replace("*", "x-made") for entry in listed]
    # The latin-1 one finds readers that decode a file they should pass on.
    return result or [OCTETS, "text/plain", "image/png", "text/plain; charset=latin-1"]


def _headers(codec: MediaCodec, encoding: str) -> st.SearchStrategy[dict[str, str]]:
    required: dict[str, st.SearchStrategy[str]] = {}
    optional: dict[str, st.SearchStrategy[str]] = {}

    for name, node in _described_headers(codec, encoding).items():
        if name.lower() != "content-type":
            texts = json_values(
                codec.contract, encoding + join("headers", name, "schema"), HEADER_TEXT
            ).map(header_text)
            (required if node.get("required") is True else optional)[name] = texts

    return st.fixed_dictionaries(required, optional=optional)


def _described_headers(codec: MediaCodec, encoding: str) -> dict[str, Any]:
    return codec.contract.find_object(f"{encoding}/headers")
