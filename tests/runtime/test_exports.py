"""The runtime's public face."""

import pytest

import bothends.runtime
from bothends.runtime import keeps

EXPORTED = """
Answer Api ApiKey App AppOptions AsyncClient AsyncDownload AsyncLogin AsyncOptions AsyncSecret AsyncStream Attempt Authenticate
Basic Bearer Binary BinarySource Body BodyStream BothendsError CallOptions Client ClientCredentials Clock Cookie Credential
DocumentedError Download Events File Form Header Headers Hooks HttpScheme Items Json JsonLines Login MISSING
MissingType Model Multipart NoAnswer
NoAnswerInTime NoToken Operation Options Outcome Pages Path Query ReceivedResponse RefreshToken Reply RequestError Response
ResponseHeader Retries Secret SentRequest Server Stream Text Timeout UndocumentedStatus UnexpectedAnswer Variable
WholeAnswer keeps streamed
"""


def test_exported_names():
    assert sorted(dir(bothends.runtime)) == sorted(EXPORTED.split())
    for name in EXPORTED.split():
        assert getattr(bothends.runtime, name) is not None


def test_other_names_are_unknown():
    with pytest.raises(AttributeError):
        _ = bothends.runtime.nothing


def test_keeps_changes_nothing():
    def kept():
        return 1

    assert keeps("A1", "A2")(kept) is kept
    with pytest.raises(TypeError):
        keeps()

    with pytest.raises(TypeError):
        keeps(kept)
