"""Words of a contract as names that people would choose."""

from __future__ import annotations

import pytest

from bothends.name.words import class_name, variable


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("DateSent", "date_sent"),
        ("DateSent<", "date_sent_lt"),
        ("DateSent>", "date_sent_gt"),
        ("DateSent<=", "date_sent_lte"),
        ("DateSent>=", "date_sent_gte"),
        ("DateSent!", "date_sent_not"),
        ("DateSent~", "date_sent_like"),
        ("List<Tide>", "list_tide"),
        ("+1", "plus_1"),
        ("-1", "minus_1"),
    ],
)
def test_a_comparison_at_the_end_is_a_word(written: str, name: str) -> None:
    assert variable(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("peerURLs", "peer_urls"),
        ("userIDs", "user_ids"),
        ("URLs", "urls"),
        ("VMsCount", "vms_count"),
        ("HTTPStatus", "http_status"),
        ("IPAddress", "ip_address"),
        ("IPv4Address", "ipv4_address"),
        ("TLSv1", "tlsv1"),
    ],
)
def test_the_plural_or_version_of_an_acronym_stays_whole(written: str, name: str) -> None:
    assert variable(written) == name
    assert class_name(written) == written[:1].upper() + written[1:]


@pytest.mark.parametrize(
    ("written", "name"),
    [("*", "star"), ("$", "dollar"), ("@#", "at_hash"), ("", "empty"), ("_", "empty")],
)
def test_signs_alone_are_words(written: str, name: str) -> None:
    assert variable(written) == name
    assert class_name(written) == name.title().replace("_", "")
