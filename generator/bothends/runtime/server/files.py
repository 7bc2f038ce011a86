"""The open files of a handler's answer: the server closes them, even if it sends no answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from pydantic import BaseModel

from bothends.runtime.answer import is_response
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.models.model_fields import ModelFields
from bothends.runtime.transfer.file import File


def close_files(answer: object) -> None:
    """Close the files that an answer holds: as the body, or in the parts of a form."""
    with ExitStack() as closing_all:
        for file in _files(answer.body if is_response(answer) else answer):
            closing_all.callback(file.close)


def _files(value: Any) -> Iterator[Any]:
    if isinstance(value, File):
        yield from _files(value.source)
    elif hasattr(value, "read") and hasattr(value, "close"):
        yield value
    elif isinstance(value, BaseModel):
        for _, item in ModelFields.items(value):
            yield from _files(item)
    elif is_object(value) or is_array(value):
        for item in value.values() if is_object(value) else value:
            yield from _files(item)
