"""Media types as they stand in Content-Type and in contracts (RFC 9110 §8.3)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

_TCHARS = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_YAML = re.compile(r"(application|text)/(.*\+)?(x-|vnd\.)?yaml")
_XML = re.compile(r"(application|text)/(.*\+)?(x-)?xml")
_TYPE = re.compile(rf"({_TCHARS})/({_TCHARS})")
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"}
# RFC 9110 §5.6.6: a semicolon may have no parameter after it.
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TCHARS})=({_TCHARS}|\"(?:[^\"\\]|\\.)*\"))?")


@dataclass(frozen=True, slots=True)
class ContentType:
    """A parsed Content-Type: the type in lower case, its parameters by lower-case name."""

    essence: str
    parameters: dict[str, str]

    @property
    def is_utf8(self) -> bool:
        """Whether the charset, if one is named, is UTF-8."""
        # US-ASCII is a part of UTF-8, so its bytes read the same.
        return self.charset.lower() in ("utf-8", "utf8", "us-ascii")

    @property
    def charset(self) -> str:
        """The charset that is named, else UTF-8."""
        return self.parameters.get("charset", "utf-8")

    def decode(self, content: bytes, errors: str = "strict") -> str | None:
        """The text of bytes in this charset.

        None where they are not of it, or Python does not know it. `errors` as in `bytes.decode`.
        """
        try:
            # Python also calls codecs what is no charset, such as `idna` and `unicode_escape`.
            if self.is_utf8 or codecs.lookup(self.charset).name in _NO_CHARSETS:
                return content.decode("utf-8", errors)
            return content.decode(self.charset, errors)
        except (UnicodeError, LookupError):
            return None


def essence_of(media_type: str) -> str:
    """The type and subtype in lower case, without parameters (RFC 9110 §8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def is_json(essence: str) -> bool:
    """Whether a media type is JSON or built on it (RFC 6839 §3.1).

    `.json` and `x-json` are not registered as suffixes; those who write them mean JSON.
    """
    return essence.endswith(("/json", "+json", ".json", "/x-json"))


def is_xml(essence: str) -> bool:
    """Whether a media type is XML or built on it (RFC 7303 §9)."""
    return _XML.fullmatch(essence) is not None


def is_yaml(essence: str) -> bool:
    """Whether a media type is YAML or built on it (RFC 9512), by the names of before too."""
    return _YAML.fullmatch(essence) is not None


@lru_cache(maxsize=256)
def parse_content_type(text: str) -> ContentType | None:
    """The media type that a header value names, or None when it is malformed."""
    text = text.strip(" \t")
    found = _TYPE.match(text)
    if found is None:
        return None

    # By position: a copy of what is left, for each parameter, would take quadratic time.
    position, parameters = found.end(), dict[str, str]()
    while position < len(text):
        parameter = _PARAMETER.match(text, position)
        if parameter is None:
            return None

        position = parameter.end()
        if parameter[1]:
            name, value = parameter[1].lower(), parameter[2].strip('"')
            # Two readers could take different ones of two charsets or two boundaries.
            if parameters.setdefault(name, value) != value:
                return None

    return ContentType(found[0].lower(), parameters)
