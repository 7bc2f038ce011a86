"""Servers are chosen by name, and their addresses filled in."""

from __future__ import annotations

import httpx2
import pytest
from tests.making import handler

WEATHER = """
servers:
  - {url: 'https://{region}.weather.example/v{version}', description: Production, variables: {region: {default: eu, enum: [eu, us]}, version: {default: '1'}}}
  - {url: 'https://sandbox.weather.example/api/', description: Sandbox}
paths:
  /now: {get: {operationId: now, responses: {'204': {description: Nothing.}}}}
"""


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


def test_a_server_or_a_value_that_is_not_there_is_told(package):
    made = package(WEATHER)
    for options, rule in (({"server": "elsewhere"}, "production, sandbox"), ({"region": "mars"}, "eu, us")):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be one of {rule}"):
            made.module.MadeClient(**options)
