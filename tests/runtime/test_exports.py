"""The runtime's public face."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import bothends.runtime
from bothends.runtime import keeps
from bothends.runtime.exports import lazy_exports

ROOT = Path(__file__).parents[2]
EXPORTED = """
Answer AnswerTooLarge Api ApiKey App AppOptions AsyncClient AsyncDigestLogin AsyncDownload AsyncDownloadContext
AsyncLogin AsyncOperationGroup AsyncOptions AsyncRawMethod AsyncRawResponses AsyncSecret
AsyncStream AsyncStreamingMethod AsyncStreamingResponses Attempt Authenticate BadGatewayError
BadRequestError Basic Bearer Binary BinarySource Body BodyStream BothendsError CallOptions Client
ClientCredentials ClientError Clock ConflictError ContentTooLargeError Cookie Credential
DeferredOperation Digest DigestLogin DocumentedError Download DownloadContext Events File ForbiddenError Form
GatewayTimeoutError GoneError Header Headers HmacSignature Hooks HttpScheme InternalServerError Items Json
JsonLines Login MISSING MethodNotAllowedError MissingType Model Multipart MultipartList NoAnswer NoAnswerInTime
NoToken NotAcceptableError NotFoundError NotImplementedByServerError Nullable Operation
OperationDetails OperationGroup Options Outcome Pages Path PaymentRequiredError
PreconditionFailedError Query QueryString RawMethod RawResponse RawResponses ReceivedResponse RedirectError
RefreshToken Reply RequestError RequestTimeoutError Response ResponseHeader Retries Secret
SentRequest Server ServerError ServiceUnavailableError Signature StandardWebhooks StatusError Stream StreamingMethod
StreamingResponses Text Timeout TooManyRequestsError UnauthorizedError UndocumentedStatus
UnexpectedAnswer UnprocessableContentError UnsupportedMediaTypeError Variable Xml Yaml keeps status_errors
streamed
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


def test_star_imports_every_export(monkeypatch):
    package = ModuleType("harbour_names")
    monkeypatch.setitem(sys.modules, "harbour_names", package)
    package.__getattr__ = lazy_exports("harbour_names", {"": ("models",), "models": ("Tide",)})
    tides = ModuleType("harbour_names.models")
    tides.Tide = str
    package.models = tides
    monkeypatch.setitem(sys.modules, "harbour_names.models", tides)

    namespace: dict[str, object] = {}
    exec("from harbour_names import *", namespace)

    assert (namespace["Tide"], namespace["models"]) == (str, tides)


def test_names_of_a_package_are_completed_before_they_are_loaded():
    """`dir` is what prompts and notebooks complete by; it loads nothing."""
    code = (
        "import sys, zuora; names = dir(zuora);"
        "assert {'ZuoraClient', 'ZuoraHandler', 'create_app'} <= {*names}, names;"
        "assert names == sorted({*names}); assert 'zuora.client' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "generated",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
