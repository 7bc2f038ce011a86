"""Credentials: given once as a value or a function, chosen by what the operation asks for, judged by the server's user."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import ssl

import httpx2
import pytest
from tests.packages import handler, send

from bothends.runtime import NoAnswer, RequestError

SAFE = """
security: [{basic: []}, {token: []}]
paths:
  /either: {get: &either {operationId: either, responses: {'204': {description: Open.}, '401': {description: Who are you?}}}}
  /both:
    get:
      operationId: both
      security: [{headerKey: [], token: []}]
      responses: {'204': {description: Open.}, '401': {description: Who are you?}}
  /optional:
    get: {operationId: optional, security: [{}, {queryKey: []}], responses: {'204': {description: Open.}}}
  /public: {get: {operationId: public, security: [], responses: {'204': {description: Open.}}}}
  /cookie:
    get:
      operationId: cookie
      security: [{cookieKey: []}]
      responses: {'204': {description: Open.}, '401': {description: Who are you?}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    token: {type: http, scheme: bearer}
    headerKey: {type: apiKey, in: header, name: X-Key}
    queryKey: {type: apiKey, in: query, name: key}
    cookieKey: {type: apiKey, in: cookie, name: session}
""".replace("&either ", "")

OPEN = handler(
    either=lambda: None,
    both=lambda: None,
    optional=lambda: None,
    public=lambda: None,
    cookie=lambda: None,
)


class Guard:
    """Notes what is presented, and lets in those who present a good secret for everything that is asked for."""

    def __init__(self):
        self.seen = []

    def __call__(self, presented):
        self.seen.append({name: (one.username, one.secret) for name, one in presented.items()})
        return all(one.secret.startswith("good") for one in presented.values())


def test_credentials_arrive_and_are_judged(package):
    made = package(SAFE)
    guard = Guard()
    app = made.app(OPEN, authenticate=guard)
    made.client(OPEN, app=app, basic=("ann", "good:1")).either()
    made.client(OPEN, app=app, token="good").either()
    made.client(OPEN, app=app, token="good", header_key="good key").both()
    made.client(OPEN, app=app, cookie_key="good=1; 2").cookie()
    assert guard.seen == [
        {"basic": ("ann", "good:1")},
        {"token": ("", "good")},
        {"headerKey": ("", "good key"), "token": ("", "good")},
        {"cookieKey": ("", "good=1; 2")},
    ]


def test_credentials_that_nobody_tries_are_told_once_in_the_log(package, caplog):
    made = package(SAFE)
    client = made.client(OPEN, token="any", header_key="any")
    client.public()
    client.optional()
    assert "credentials" not in caplog.text
    client.either()
    client.both()
    assert [record.getMessage() for record in caplog.records] == [
        "credentials are not tried: any of the right form will do, no `authenticate` was given"
    ]
    caplog.clear()
    made.client(OPEN, app=made.app(OPEN, authenticate=lambda presented: True), token="any").either()
    assert not caplog.records


def test_missing_or_bad_credentials_are_refused_in_the_contracts_words(package):
    made = package(SAFE)
    app = made.app(OPEN, authenticate=Guard())
    with pytest.raises(made.errors.EitherUnauthorized) as caught:
        made.client(OPEN, app=app, token="bad").either()

    assert "Bearer" in caught.value.headers["www-authenticate"]
    for path in ("/either", "/both"):
        answer = send(app, "GET", path, headers={"X-Key": "good"})
        assert (answer.status_code, answer.content) == (401, b"")


def test_a_client_without_the_credentials_that_are_needed_sends_nothing(package):
    made = package(SAFE)
    guard = Guard()
    app = made.app(OPEN, authenticate=guard)
    with pytest.raises(RequestError, match="header_key and token"):
        made.client(OPEN, app=app, token="good").both()

    with pytest.raises(RequestError, match="header_key"):
        made.client(OPEN, app=app, token="good", header_key="two\nlines").both()

    assert guard.seen == []


def test_what_is_optional_or_public_is_open(package):
    made = package(SAFE)
    client = made.client(OPEN, app=made.app(OPEN, authenticate=lambda presented: False))
    client.optional()
    client.public()


def test_no_secret_goes_where_none_is_asked_for(package):
    made = package(SAFE)
    seen = []

    async def app(scope, receive, send):
        seen.append(dict(scope["headers"]).get(b"authorization"))
        await made.app(OPEN)(scope, receive, send)

    client = made.client(OPEN, app=app, token="good")
    client.public()
    client.either()
    assert seen == [None, b"Bearer good"]


def test_a_function_is_asked_again_after_a_401(package):
    made = package(SAFE)
    tokens = iter(["stale", "good"])
    guard = Guard()
    client = made.client(OPEN, app=made.app(OPEN, authenticate=guard), token=lambda: next(tokens))
    client.either()
    client.either()
    assert [seen["token"][1] for seen in guard.seen] == ["stale", "good", "good"]


def test_an_async_client_takes_async_functions(package):
    made = package(SAFE)

    async def fresh():
        await asyncio.sleep(0)
        return "good"

    async def judge(presented):
        return presented["token"].secret == "good"

    async def call():
        await made.async_client(OPEN, app=made.app(OPEN, authenticate=judge), token=fresh).either()

    asyncio.run(call())


def test_no_secret_shows(package):
    made = package(SAFE)
    with pytest.raises(made.errors.EitherUnauthorized) as caught:
        made.client(OPEN, app=made.app(OPEN, authenticate=Guard()), token="bad-secret").either()
    assert "bad-secret" not in f"{caught.value!r} {caught.value} {caught.value.request!r}"


OTHERS = """
paths:
  /signed: {get: {operationId: signed, security: [{signature: []}, {oidc: []}], responses: &answers {'204': {description: Open.}, '401': {description: Who are you?}}}}
  /certificate: {get: {operationId: certificate, security: [{mutual: []}], responses: *answers}}
  /certificate-and-key: {get: {operationId: both, security: [{mutual: [], key: []}], responses: *answers}}
  /certificate-or-key: {get: {operationId: either, security: [{mutual: []}, {key: []}], responses: *answers}}
  /digest: {get: {operationId: digest, security: [{digest: []}], responses: *answers}}
components:
  securitySchemes:
    signature: {type: http, scheme: Signed-Token}
    oidc: {type: openIdConnect, openIdConnectUrl: 'https://login.example/.well-known/openid-configuration'}
    mutual: {type: mutualTLS}
    key: {type: apiKey, in: header, name: X-Key}
    digest: {type: http, scheme: digest}
"""
BEHIND = handler(
    signed=lambda: None,
    certificate=lambda: None,
    both=lambda: None,
    either=lambda: None,
    digest=lambda: None,
)


def test_other_schemes_of_http_and_openid_connect_carry_their_credential(package):
    made, guard = package(OTHERS), Guard()
    app = made.app(BEHIND, authenticate=guard)
    made.client(BEHIND, app=app, signature="good=1, b").signed()
    made.client(BEHIND, app=app, oidc=lambda: "good").signed()
    assert guard.seen == [{"signature": ("", "good=1, b")}, {"oidc": ("", "good")}]
    with pytest.raises(made.errors.SignedUnauthorized) as caught:
        made.client(BEHIND, app=app, signature="bad").signed()

    assert (
        caught.value.headers["www-authenticate"] == 'Signed-Token realm="Made", Bearer realm="Made"'
    )
    assert (
        send(app, "GET", "/signed", headers={"Authorization": "signed-token good"}).status_code
        == 204
    )


def test_mutual_tls_asks_for_nothing_in_the_request(package):
    made, guard = package(OTHERS), Guard()
    client = made.client(BEHIND, app=made.app(BEHIND, authenticate=guard))
    client.certificate()
    client.either()
    assert guard.seen == []
    with pytest.raises(RequestError, match="needs key"):
        client.both()

    made.client(BEHIND, app=made.app(BEHIND, authenticate=guard), key="good").both()
    assert guard.seen == [{"key": ("", "good")}]


def proves(credential, method, password):
    """Whether a digest is that of a password, by RFC 7616 §3.4.1."""
    told = {
        key: value.strip('"')
        for key, _, value in (part.strip().partition("=") for part in credential.secret.split(","))
    }

    def digest(*parts):
        return hashlib.sha256(":".join(parts).encode()).hexdigest()

    user = digest(told["username"], told["realm"], password)
    asked = digest(method, told["uri"])
    counted = told["nonce"], told["nc"], told["cnonce"], told["qop"]
    return told["response"] == digest(user, *counted, asked)


def test_digest_answers_the_challenge_of_the_server(package):
    made, seen = package(OTHERS), []

    def guard(presented):
        seen.append(presented["digest"])
        return proves(presented["digest"], "GET", "s3cret")

    app = made.app(BEHIND, authenticate=guard)
    client = made.client(BEHIND, app=app, digest=("ann", "s3cret"))
    client.digest()
    client.digest()
    assert ["nc=00000001" in one.secret for one in seen] == [True, False]

    with pytest.raises(made.errors.DigestUnauthorized) as caught:
        made.client(BEHIND, app=app, digest=lambda: ("ann", "wrong"), retries=0).digest()
    assert "wrong" not in str(caught.value)

    asyncio.run(made.async_client(BEHIND, app=app, digest=("ann", "s3cret")).digest())
    assert not send(app, "GET", "/digest", headers={"Authorization": "Digest"}).is_success
    # What signs requests itself sends its own text.
    made.client(BEHIND, digest='username="ann"').digest()


def test_digest_is_asked_for_before_other_schemes(package):
    made = package(OTHERS.replace("[{digest: []}]", "[{signature: []}, {digest: []}]"))
    answer = send(made.app(BEHIND), "GET", "/digest").headers["www-authenticate"]
    assert re.fullmatch(
        'Digest realm="Made", qop="auth", algorithm=SHA-256, nonce="[^"]+", Signed-Token realm="Made"',
        answer,
    )


class ToldContext(ssl.SSLContext):
    """Tells that it is used."""

    def wrap_socket(self, *_args, **_options):
        raise ssl.SSLError("shaking hands")

    def wrap_bio(self, *_args, **_options):
        raise ssl.SSLError("shaking hands")


def test_a_context_of_ones_own_makes_the_connections(package):
    made = package(OTHERS)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        options = {
            "base_url": url,
            "ssl_context": ToldContext(ssl.PROTOCOL_TLS_CLIENT),
            "retries": 0,
        }

        async def call():
            async with made.module.AsyncMadeClient(**options) as client:
                await client.certificate()

        with made.module.MadeClient(**options) as client, pytest.raises(NoAnswer) as caught:
            client.certificate()

        assert "shaking hands" in str(caught.value.__cause__)
        with pytest.raises(NoAnswer) as caught:
            asyncio.run(call())

        assert "shaking hands" in str(caught.value.__cause__)

    with pytest.raises(ValueError, match="not beside app"):
        made.client(BEHIND, ssl_context=ssl.create_default_context())


TWO_LOGINS = """
security: [{basic: [], bearer: [], grant: [], appKey: []}]
paths:
  /tides:
    get: {operationId: getTides, responses: {'204': {description: They.}, '401': {description: Who.}}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
    grant: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.example', scopes: {}}}}
    appKey: {type: apiKey, in: header, name: X-App}
"""


@pytest.mark.parametrize("login", [{"basic": ("ann", "s")}, {"bearer": "t"}, {"grant": "t"}])
def test_two_values_of_one_header_are_alternatives(package, login):
    made = package(TWO_LOGINS)
    assert "repaired-security" in {finding.code for finding in made.made.findings}
    answers = handler(get_tides=lambda: None)
    app = made.app(answers, authenticate=lambda presented: True)
    assert made.client(None, app=app, app_key="a", **login).get_tides() is None
    with pytest.raises(RequestError, match="needs"):
        made.client(None, app=app, **login).get_tides()


@pytest.mark.parametrize("location", ["query", "cookie", "header"])
def test_key_that_is_a_parameter_too_is_sent_once(package, location):
    made = package(f"""
security: [{{key: []}}]
paths:
  /tides:
    get:
      operationId: getTides
      parameters: [{{name: key, in: {location}, required: true, schema: {{type: string}}}}]
      responses: {{'204': {{description: They.}}, '401': {{description: Who.}}}}
components: {{securitySchemes: {{key: {{type: apiKey, in: {location}, name: key}}}}}}
""")
    received = []
    guard = Guard()

    def get_tides(key):
        received.append(key)

    app = made.app(handler(get_tides=get_tides), authenticate=guard)
    made.client(None, app=app, key="good k").get_tides(key="other")
    assert (received, guard.seen) == (["good k"], [{"key": ("", "good k")}])


def test_cookies_of_the_caller_go_along_with_those_of_the_contract(package):
    made = package("""
security: [{session: [], csrf: []}]
paths:
  /tides:
    get:
      operationId: getTides
      parameters: [{name: lang, in: cookie, schema: {type: string}}]
      responses: {'204': {description: They.}, '401': {description: Who.}}
components:
  securitySchemes:
    session: {type: apiKey, in: cookie, name: SESSION}
    csrf: {type: apiKey, in: header, name: X-CSRF}
""")
    sent = []

    def answer(request):
        sent.append(request.headers["cookie"])
        return httpx2.Response(204)

    client = made.module.MadeClient(
        base_url="https://made.test",
        transport=httpx2.MockTransport(answer),
        session="s",
        csrf="t",
        headers={"Cookie": "route=b7; SESSION=old; lang=fr"},
    )
    client.get_tides(lang="de")
    client.get_tides()
    client.with_options(headers={"Cookie": "seen=1"}).get_tides()
    assert sent == [
        "route=b7; lang=de; SESSION=s",
        "route=b7; lang=fr; SESSION=s",
        "seen=1; SESSION=s",
    ]
