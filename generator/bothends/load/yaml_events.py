"""The events of a YAML text, by libyaml (eight times as fast) if PyYAML has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import yaml
from yaml.events import Event, StreamEndEvent
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner
from yaml.tokens import Token


class _EventSource(Protocol):
    def get_event(self) -> Event | None: ...
    def get_token(self) -> Token | None: ...


class PurePythonParser(Reader, Scanner, Parser):
    """PyYAML's own parser, without the composer and constructor, which give values other types."""

    def __init__(self, source: str) -> None:
        Reader.__init__(self, source)
        Scanner.__init__(self)
        Parser.__init__(self)


def parse_events(source: str) -> Iterator[Event]:
    """The events of a text, in order; raises `yaml.YAMLError` where it is not YAML."""
    try:
        parser = _open_parser(source)
        while (event := parser.get_event()) is not None:
            yield event
            if isinstance(event, StreamEndEvent):
                return
    except (ValueError, OverflowError) as error:
        # The pure scanner lets int() and chr() speak for themselves on absurd escapes and versions.
        raise yaml.YAMLError(str(error)) from error


def scan_tokens(source: str) -> Iterator[Token]:
    """The tokens of a text, in order; raises `yaml.YAMLError` where there is none."""
    scanner = _open_parser(source)
    try:
        while (token := scanner.get_token()) is not None:
            yield token
    except (ValueError, OverflowError) as error:
        raise yaml.YAMLError(str(error)) from error


def _open_parser(source: str) -> _EventSource:
    return yaml.CBaseLoader(source) if yaml.__with_libyaml__ else PurePythonParser(source)
