"""YAML read by PyYAML's composer, so that the proofs share no reader with the server."""

from __future__ import annotations

import re
from typing import Any

import yaml

from bothends.runtime.json.text import read_json
from bothends.runtime.media.yaml import YamlCodec

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_PLAIN_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")}
_WORD = re.compile(r"[A-Za-z_/][A-Za-z0-9_ /-]*")


class UnsettledYamlError(ValueError):
    """A text that this small reader leaves to others."""


def judge_yaml(codec: YamlCodec, data: bytes) -> bool | None:
    """Whether the contract allows a YAML text; None if undecided."""
    try:
        return codec.fault(read_yaml_value(data)) is None
    except UnsettledYamlError:
        return None
    except ValueError:
        return False


def read_yaml_value(data: bytes) -> Any:
    """The value of a YAML text in UTF-8, as far as words and the numbers of JSON say it.

    Raises:
        ValueError: The text is no YAML of a JSON value.
        UnsettledYamlError: It has a scalar that only the whole core schema tells.
    """
    try:
        node = yaml.compose(data.decode("utf-8"), yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if node is None:
        raise ValueError("no value")
    return _value(node, set())


def _value(node: Any, above: set[int]) -> Any:
    # A node that is met twice is one that has an alias.
    if id(node) in above or node.tag not in _TAGS:
        raise ValueError("an alias or a tag")
    above.add(id(node))

    if isinstance(node, yaml.SequenceNode):
        return [_value(item, above) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        pairs = [(_value(key, above), _value(value, above)) for key, value in node.value]
        if any(not isinstance(key, str) for key, _ in pairs) or len({*dict(pairs)}) < len(pairs):
            raise ValueError("a key that is no text, or is there twice")
        return dict(pairs)
    return node.value if node.style in ("'", '"', "|", ">") else _plain(node.value)


def _plain(text: str) -> Any:
    if text in _PLAIN_WORDS:
        return _PLAIN_WORDS[text]
    if _NUMBER.fullmatch(text):
        return read_json(text.encode())
    if _WORD.fullmatch(text) and text.lower() not in _PLAIN_WORDS:
        return text
    raise UnsettledYamlError(text)
