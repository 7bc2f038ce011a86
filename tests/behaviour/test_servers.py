"""Servers are chosen by name, and their addresses filled in."""

from __future__ import annotations

import httpx2
import pytest
from tests.packages import handler

from bothends.runtime import RequestError, UndocumentedStatus

WEATHER = """
servers:
  - {url: 'https://{region}.weather.example/v{version}', description: Production, variables: {region: {default: eu, enum: [eu, us]}, version: {default: '1'}}}
  - {url: 'https://sandbox.weather.example/api/', description: Sandbox}
paths:
  /now: {get: {operationId: now, responses: {'204': {description: Nothing.}}}}
  /report:
    servers: [{url: 'https://maps.weather.example/v2'}]
    get: {operationId: readReport, responses: {'204': {description: Nothing.}}}
    post:
      operationId: report
      servers:
        - {url: 'https://reports.weather.example'}
        - {url: 'https://{sand-box}.weather.example/', description: Sandbox., variables: {sand-box: {default: sand, enum: [sand, box]}}}
      responses: {'204': {description: Nothing.}}
"""


BANK = """
servers:
  - {url: 'https://{region}.bank.example:{port}/v{version}', description: Parts, variables: {region: {default: eu}, port: {default: '443'}, version: {default: '1'}}}
  - {url: 'https://bank.example{path}/v1', description: Path, variables: {path: {default: /api}}}
  - {url: 'https://{host}', description: Host, variables: {host: {default: bank.example/here}}}
  - {url: '{base}/v1', description: Base, variables: {base: {default: 'https://bank.example'}}}
  - {url: '{scheme}://bank.example', description: Scheme, variables: {scheme: {default: https}}}
paths:
  /now: {get: {operationId: now, responses: {'204': {description: Nothing.}}}}
"""


def bank(package, **options):
    seen = []

    def network(request):
        seen.append(str(request.url))
        return httpx2.Response(204)

    package(BANK).module.MadeClient(transport=httpx2.MockTransport(network), **options).now()
    return seen[0]


@pytest.mark.parametrize(
    ("options", "url"),
    [
        (
            {"region": "us-1.west", "port": "8443", "version": "2/beta"},
            "https://us-1.west.bank.example:8443/v2/beta/now",
        ),
        ({"server": "path"}, "https://bank.example/api/v1/now"),
        ({"server": "path", "path": "/other/api"}, "https://bank.example/other/api/v1/now"),
        ({"server": "path", "path": ""}, "https://bank.example/v1/now"),
        ({"server": "host"}, "https://bank.example/here/now"),
        ({"server": "host", "host": "[::1]:8080"}, "https://[::1]:8080/now"),
        (
            {"server": "base", "base": "http://localhost:8000/mock"},
            "http://localhost:8000/mock/v1/now",
        ),
        ({"server": "scheme", "scheme": "http"}, "http://bank.example/now"),
    ],
)
def test_a_variable_may_hold_what_belongs_where_it_stands(package, options, url):
    assert bank(package, **options) == url


@pytest.mark.parametrize(
    "options",
    [
        {"region": "evil.example/"},
        {"region": "evil.example/."},
        {"region": "evil.example:1"},
        {"region": "evil.example%2f"},
        {"region": "evil.example\\"},
        {"region": "me@evil.example"},
        {"port": "1/"},
        {"port": "1.evil.example"},
        {"version": "1/../../admin"},
        {"version": "1/%2e%2E"},
        {"version": "1?to="},
        {"version": "1#"},
        {"server": "path", "path": ".evil.example"},
        {"server": "path", "path": ":1"},
        {"server": "path", "path": "/.."},
        {"server": "host", "host": "bank.example/elsewhere"},
        {"server": "scheme", "scheme": "https://evil.example/"},
    ],
)
def test_a_variable_leads_nowhere_else(package, options):
    with pytest.raises(ValueError, match=str(list(options)[-1])):
        bank(package, **options)


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "https://eu.weather.example/v1/now"),
        ({"region": "us", "version": "2"}, "https://us.weather.example/v2/now"),
        ({"server": "sandbox"}, "https://sandbox.weather.example/api/now"),
        ({"base_url": "http://localhost:1/base"}, "http://localhost:1/base/now"),
    ],
)
def test_the_address_is_that_of_the_chosen_server(package, options, url):
    seen = []

    def network(request):
        seen.append(str(request.url))
        return httpx2.Response(204)

    package(WEATHER).module.MadeClient(transport=httpx2.MockTransport(network), **options).now()
    assert seen == [url]


def test_an_app_in_process_is_called_at_its_root(package):
    assert package(WEATHER).client(handler(now=lambda: None)).now() is None


def test_unknown_server_or_variable_value_is_reported(package):
    made = package(WEATHER)
    for options, rule in (
        ({"server": "elsewhere"}, "production, sandbox"),
        ({"region": "mars"}, "eu, us"),
    ):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be one of {rule}"):
            made.module.MadeClient(**options)


@pytest.mark.parametrize(
    ("options", "urls"),
    [
        ({}, ["https://maps.weather.example/v2/report", "https://reports.weather.example/report"]),
        (
            {"server": "sandbox"},
            ["https://maps.weather.example/v2/report", "https://sand.weather.example/report"],
        ),
        (
            {"server": "sandbox", "sand_box": "box"},
            ["https://maps.weather.example/v2/report", "https://box.weather.example/report"],
        ),
        ({"base_url": "http://localhost:1/base/"}, ["http://localhost:1/base/report"] * 2),
    ],
)
def test_an_operation_with_servers_of_its_own_is_sent_there(package, options, urls):
    seen = []

    def network(request):
        seen.append(str(request.url))
        return httpx2.Response(204)

    client = package(WEATHER).module.MadeClient(transport=httpx2.MockTransport(network), **options)
    assert client.with_raw_response.read_report().status == 204
    client.report()
    assert seen == urls


def test_its_server_serves_it_as_any_other(package):
    client = package(WEATHER).client(
        handler(now=lambda: None, read_report=lambda: None, report=lambda: None)
    )
    assert client.report() is None
    assert client.read_report() is None


def test_an_error_tells_where_the_request_went(package):
    made = package(WEATHER)
    answer = httpx2.MockTransport(lambda request: httpx2.Response(418))
    with pytest.raises(UndocumentedStatus) as caught:
        made.module.MadeClient(transport=answer).report()

    request = caught.value.request
    assert request is not None
    assert request.url == "https://reports.weather.example/report"


def test_only_calls_without_a_whole_address_need_a_base_url(package):
    scattered = WEATHER[WEATHER.index("paths:") :]
    client = package(scattered).module.MadeClient(
        transport=httpx2.MockTransport(lambda request: httpx2.Response(204))
    )
    client.report()
    with pytest.raises(RequestError, match=r"server \(address\): .*not a whole http or https URL"):
        client.now()

    client = package(WEATHER).module.MadeClient(server="sandbox", sand_box="bucket")
    with pytest.raises(RequestError, match="sand_box must be one of sand, box"):
        client.report()


def test_servers_that_disagree_on_a_default_each_have_their_own(package):
    made = package(
        """
servers:
  - {url: 'https://{zone}.weather.example/{version}', description: Production, variables: {zone: {default: eu, enum: [eu, us]}, version: {default: v1}}}
  - {url: 'https://{zone}.sandbox.example/{version}', description: Sandbox, variables: {zone: {default: wild, enum: [wild, eu]}, version: {default: v1}}}
paths:
  /now: {get: {operationId: now, responses: {'204': {description: Nothing.}}}}
"""
    )
    seen = []

    def network(request):
        seen.append(request.url.host + request.url.path)
        return httpx2.Response(204)

    for options in (
        {},
        {"server": "sandbox"},
        {"server": "sandbox", "zone": "eu", "version": "v2"},
    ):
        made.module.MadeClient(transport=httpx2.MockTransport(network), **options).now()

    assert seen == [
        "eu.weather.example/v1/now",
        "wild.sandbox.example/v1/now",
        "eu.sandbox.example/v2/now",
    ]
    with pytest.raises(ValueError, match="zone must be one of eu, us"):
        made.module.MadeClient(zone="wild")
