"""Remove secrets from reports: at the places of credentials, and as whole words.

A secret may be short, such as `test`, and part of other words: those are left as they are.

With the secret `s3cret` for the API key in the header `X-Key`:

    request header  X-Key: s3cret-old       printed as  X-Key: $SECRET-old
    server's text   the key s3cret is old   printed as  the key $SECRET is old
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote

from bothends.prove.wire.message import MASK, Request, curl, shell_word
from bothends.runtime.operation import Api, ApiKey, Basic

_LONG = 12
"""A text of so many characters is in no other by chance, so it is masked wherever it is found."""
_AUTHORIZATION = ("authorization", "proxy-authorization")
# What stands before a word: no letter or digit, unless they are those of an escape, of a URL or of
# JSON.
_BEFORE = r"(?:(?<!\w)|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"


class Masks:
    """Masks the secrets of an API.

    Args:
        api: The API, whose security schemes say where credentials are sent.
        secrets: By security scheme.
        headers: Further headers whose value is secret.
    """

    def __init__(
        self, api: Api, secrets: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> None:
        self._keys: dict[str, set[str]] = {"header": set(), "query": set(), "cookie": set()}
        found: set[str] = set()

        for name, secret in secrets.items():
            scheme = api.security.get(name)
            if isinstance(scheme, ApiKey):
                self._keys[scheme.location].add(scheme.wire_name.lower())
            found |= set(_forms(secret))
            if isinstance(scheme, Basic):
                # A server that quotes a wrong password quotes it without the user.
                found |= set(_forms(secret.partition(":")[2]))

        for name, value in (headers or {}).items():
            self._keys["header"].add(name.lower())
            found |= set(_forms(value))

        # The longest first: a secret that contains another would else leave its tail in the report.
        self._forms = sorted(found, key=lambda form: (-len(form), form))
        long = [re.escape(form) for form in self._forms if len(form) >= _LONG]
        short = [rf"{_BEFORE}{re.escape(form)}(?!\w)" for form in self._forms if len(form) < _LONG]
        self._long, self._words = _any_of(long), _any_of([*long, *short])

    def text(self, text: str) -> str:
        """A text without the secrets."""
        return self._words.sub(_mask, text)

    def curl(self, address: str, request: Request) -> str:
        """The command that sends a request again, with $SECRET for what is secret."""
        headers = tuple((name, self._header(name, value)) for name, value in request.headers)
        masked = replace(request, target=self._target(request.target), headers=headers)
        return self._long.sub(_mask, curl(self._userinfo(address), masked))

    def command(self, text: str) -> str:
        """A curl command that another has written, with $SECRET for what is secret."""
        try:
            words = shlex.split(text)
        except ValueError:
            return self.text(text)

        # schemathesis writes this command; its quoting is not ours, so it is taken apart and joined
        # again.
        masked = list(words)
        for index, word in enumerate(words):
            if index and words[index - 1] in ("-H", "--header"):
                name, colon, value = word.partition(":")
                masked[index] = f"{name}{colon} {self._header(name, value.strip())}"
            elif re.match("https?://", word):
                masked[index] = self._target(self._userinfo(word))

        return self._long.sub(_mask, text if masked == words else " ".join(map(shell_word, masked)))

    def _header(self, name: str, value: str) -> str:
        name = name.lower()
        if name == "cookie":
            return re.sub(r"([^=;]+)=([^;]*)", lambda pair: self._pair("cookie", pair), value)
        if name in self._keys["header"]:
            return self._value(value)
        # A short secret such as `test` may be part of other words: free text is masked by whole
        # words only.
        if name not in _AUTHORIZATION:
            return value

        word, blank, credential = value.partition(" ")
        return f"{word}{blank}{self._value(credential)}" if blank else self._value(value)

    def _target(self, target: str) -> str:
        path, mark, query = target.partition("?")
        return (
            path + mark + re.sub(r"([^=&]+)=([^&]*)", lambda pair: self._pair("query", pair), query)
        )

    def _pair(self, location: str, pair: re.Match[str]) -> str:
        name = unquote(pair[1]).strip().lower()
        return f"{pair[1]}={self._value(pair[2])}" if name in self._keys[location] else pair[0]

    def _value(self, value: str) -> str:
        """Mask a credential: the secret, or the secret with a suffix.

        A value that is no secret is printed, so that a failed probe can be repeated.
        """
        start = next((form for form in self._forms if value.startswith(form)), "")
        remainder = self.text(value.removeprefix(start))
        if not start:
            return remainder
        return f"{_braced(remainder)}{remainder}"

    def _userinfo(self, address: str) -> str:
        return re.sub(r"(?<=://)[^/?#@]*(?=@)", MASK, address) if self._forms else address


def _forms(secret: str) -> Iterator[str]:
    """What a secret looks like on the wire and in reports.

    Also the secret with an `x` appended: the probes send it, and printing it would reveal the real
    one.
    """
    # Basic credentials are base64 on the wire; a query may be quoted in three ways; a report in
    # JSON escapes.
    for item in (secret, f"{secret}x") if secret else ():
        plain = (item, quote(item), quote(item, safe=""), quote_plus(item), json.dumps(item)[1:-1])
        yield from (
            *plain,
            json.dumps(item, ensure_ascii=False)[1:-1],
            base64.b64encode(item.encode()).decode(),
        )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)")


def _mask(found: re.Match[str]) -> str:
    return _braced(found.string[found.end() :])


def _braced(remainder: str) -> str:
    """The variable's name, apart from what follows it."""
    return f"${{{MASK[1:]}}}" if re.match(r"\w", remainder) else MASK
