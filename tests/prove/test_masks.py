"""What a report tells of credentials: no secret, and no more than that is left out."""

from __future__ import annotations

import base64
import shlex
import subprocess
from urllib.parse import quote

import pytest

from bothends.prove.wire.credentials import Credentials
from bothends.prove.wire.message import Request, curl, with_raw_data
from bothends.runtime.operation import Api, ApiKey, Basic, Bearer

_API = Api(
    package="made",
    title="Made",
    security={
        "bearer": Bearer("bearer"),
        "basic": Basic("basic"),
        "head": ApiKey("head", "header", "X-Key"),
        "query": ApiKey("query", "query", "key"),
        "cookie": ApiKey("cookie", "cookie", "sid"),
    },
)
_BODY = b'{"a":"test"}'


def _request(secret: str) -> Request:
    """A request that carries the secret wherever a credential stands, and `a` and `test` where none does."""
    coded = base64.b64encode(f"user:{secret}".encode()).decode()
    headers = (
        ("Authorization", f"Bearer {secret}"),
        ("Proxy-Authorization", f"Basic {coded}"),
        ("X-Key", secret),
        ("Cookie", f"a=test; sid={quote(secret)}"),
        ("X-Trace", "test-a"),
        ("content-type", "application/json"),
    )
    return Request("POST", f"/test/a?a=test&key={quote(secret)}", headers, _BODY)


def _credentials(secret: str) -> Credentials:
    return Credentials(
        {name: f"user:{secret}" if name == "basic" else secret for name in _API.security}
    )


@pytest.mark.parametrize("secret", ["a", "test", "Sesame, open 4711", 'q"$`\\', "ü-key"])
def test_credentials_are_masked_where_they_stand_and_nothing_else_is(secret: str) -> None:
    line = _credentials(secret).masks(_API).curl("http://user:a@shore.test", _request(secret))
    assert line.count("$SECRET") == 6
    sent = subprocess.run(
        f"printf '%s\\n' {line.removeprefix('curl ')}",
        shell=True,
        capture_output=True,
        env={"SECRET": "<>"},
        check=True,
    ).stdout.decode()
    assert sent.splitlines() == [
        *(
            "-i",
            "-g",
            "--path-as-is",
            "-X",
            "POST",
            "-H",
            "Authorization: Bearer <>",
            "-H",
            "Proxy-Authorization: Basic <>",
        ),
        *("-H", "X-Key: <>", "-H", "Cookie: a=test; sid=<>", "-H", "X-Trace: test-a"),
        *("-H", "content-type: application/json", "--data-raw", _BODY.decode()),
        "http://<>@shore.test/test/a?a=test&key=<>",
    ]


@pytest.mark.parametrize(
    ("secret", "text", "told"),
    [
        (
            "test",
            "the latest tests of `test`, test-1 and contest",
            "the latest tests of `$SECRET`, $SECRET-1 and contest",
        ),
        (
            "a",
            "a status that says 'a' at /a?b=a%20a",
            "$SECRET status that says '$SECRET' at /$SECRET?b=$SECRET%20$SECRET",
        ),
        ("sesame-4711", '{"got":"\\nsesame-4711"}', '{"got":"\\n$SECRET"}'),
        ("sesame-4711-of-mine", "xsesame-4711-of-miney", "x${SECRET}y"),
        ("two words", "/?key=two%20words&key=two+words", "/?key=$SECRET&key=$SECRET"),
        ("secret", "it was testx, and secretx", "it was testx, and $SECRET"),
    ],
)
def test_free_text_masks_whole_words_in_each_form(secret: str, text: str, told: str) -> None:
    assert Credentials({"bearer": secret}).masks(_API).text(text) == told


def test_password_is_masked_with_and_without_user() -> None:
    masks = Credentials({"basic": "user:sesame"}).masks(_API)
    coded = base64.b64encode(b"user:sesame").decode()
    assert masks.text(f"user sesame, user:sesame, {coded}") == "user $SECRET, $SECRET, $SECRET"


def test_wrong_credential_reveals_nothing_and_stays_wrong() -> None:
    credentials = _credentials("test")
    line = credentials.masks(_API).curl(
        "http://shore", Request("GET", "/", (("X-Key", "testx"), ("X-Key", "tea")))
    )
    assert "testx" not in line
    assert "X-Key: tea" in line


def test_a_command_of_another_is_masked_where_credentials_stand() -> None:
    line = "curl -X GET -H 'Authorization: Bearer a' -H 'X-Trace: a' 'http://shore/a?a=1&key=a'"
    told = _credentials("a").masks(_API).command(line)
    assert shlex.split(told)[4:] == [
        "Authorization: Bearer $SECRET",
        *("-H", "X-Trace: a", "http://shore/a?a=1&key=$SECRET"),
    ]


@pytest.mark.parametrize("header", ["x", "a -d b", "it's -d ", "a\nb"])
def test_a_command_of_another_sends_no_file(header: str) -> None:
    sample = f"curl -X POST -H {shlex.quote(header)} -d '@/etc/passwd' 'http://shore/ -d '"
    assert shlex.split(with_raw_data(sample))[3:] == [
        *("-H", header, "--data-raw", "@/etc/passwd", "http://shore/ -d ")
    ]
    assert with_raw_data(r"curl -H $'a\' -d b' -d @c x") == r"curl -H $'a\' -d b' --data-raw @c x"


def test_made_up_secret_is_printed_for_resending() -> None:
    assert "known-to-head" in Credentials.made_up(_API).masks(_API).curl(
        "http://shore", Request("GET", "/", (("X-Key", "known-to-head"),))
    )


@pytest.mark.parametrize("body", [b"x" * 5000, b'{"a":"\n%d \\ it\'s \xff"}'])
def test_binary_body_is_piped_into_the_command(body: bytes) -> None:
    piped = curl("http://shore", Request("POST", "/", body=body)).partition("| curl ")[0]
    assert piped.splitlines()[0].startswith(
        "# the body has 5000 bytes" if len(body) > 4000 else "printf '"
    )
    assert subprocess.run(piped, shell=True, capture_output=True, check=True).stdout == body[:1000]
