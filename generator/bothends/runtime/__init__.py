"""The library that generated packages call: contract, codec, client, server, errors.

Names load when they are first used, so that importing a generated package stays cheap: no HTTP
library before there is a client, no validator before there is something to validate.
"""

from typing import TYPE_CHECKING

from .exports import lazy_exports

if TYPE_CHECKING:
    from . import status_errors as status_errors
    from .answer import Answer as Answer
    from .answer import Authenticate as Authenticate
    from .answer import Credential as Credential
    from .answer import Items as Items
    from .answer import Response as Response
    from .claims import keeps as keeps
    from .client import AsyncClient as AsyncClient
    from .client import AsyncDownload as AsyncDownload
    from .client import AsyncDownloadContext as AsyncDownloadContext
    from .client import AsyncOperationGroup as AsyncOperationGroup
    from .client import AsyncOptions as AsyncOptions
    from .client import AsyncRawMethod as AsyncRawMethod
    from .client import AsyncRawResponses as AsyncRawResponses
    from .client import AsyncStream as AsyncStream
    from .client import AsyncStreamingMethod as AsyncStreamingMethod
    from .client import AsyncStreamingResponses as AsyncStreamingResponses
    from .client import Attempt as Attempt
    from .client import CallOptions as CallOptions
    from .client import Client as Client
    from .client import ClientCredentials as ClientCredentials
    from .client import Clock as Clock
    from .client import Download as Download
    from .client import DownloadContext as DownloadContext
    from .client import Hooks as Hooks
    from .client import OperationGroup as OperationGroup
    from .client import Options as Options
    from .client import Outcome as Outcome
    from .client import RawMethod as RawMethod
    from .client import RawResponse as RawResponse
    from .client import RawResponses as RawResponses
    from .client import RefreshToken as RefreshToken
    from .client import Retries as Retries
    from .client import Stream as Stream
    from .client import StreamingMethod as StreamingMethod
    from .client import StreamingResponses as StreamingResponses
    from .client import Timeout as Timeout
    from .credentials import AsyncDigestLogin as AsyncDigestLogin
    from .credentials import AsyncLogin as AsyncLogin
    from .credentials import AsyncSecret as AsyncSecret
    from .credentials import DigestLogin as DigestLogin
    from .credentials import Login as Login
    from .credentials import Secret as Secret
    from .errors import AnswerTooLarge as AnswerTooLarge
    from .errors import BothendsError as BothendsError
    from .errors import DocumentedError as DocumentedError
    from .errors import NoAnswer as NoAnswer
    from .errors import NoAnswerInTime as NoAnswerInTime
    from .errors import NoToken as NoToken
    from .errors import RequestError as RequestError
    from .errors import StatusError as StatusError
    from .errors import UndocumentedStatus as UndocumentedStatus
    from .errors import UnexpectedAnswer as UnexpectedAnswer
    from .exchange import Headers as Headers
    from .exchange import ReceivedResponse as ReceivedResponse
    from .exchange import SentRequest as SentRequest
    from .models.model import Model as Model
    from .models.model_fields import Nullable as Nullable
    from .operation import MISSING as MISSING
    from .operation import Api as Api
    from .operation import ApiKey as ApiKey
    from .operation import Basic as Basic
    from .operation import Bearer as Bearer
    from .operation import Binary as Binary
    from .operation import Body as Body
    from .operation import Cookie as Cookie
    from .operation import DeferredOperation as DeferredOperation
    from .operation import Digest as Digest
    from .operation import Events as Events
    from .operation import Form as Form
    from .operation import Header as Header
    from .operation import HttpScheme as HttpScheme
    from .operation import Json as Json
    from .operation import JsonLines as JsonLines
    from .operation import MissingType as MissingType
    from .operation import Multipart as Multipart
    from .operation import MultipartList as MultipartList
    from .operation import Operation as Operation
    from .operation import OperationDetails as OperationDetails
    from .operation import Pages as Pages
    from .operation import Path as Path
    from .operation import Query as Query
    from .operation import QueryString as QueryString
    from .operation import Reply as Reply
    from .operation import ResponseHeader as ResponseHeader
    from .operation import Server as Server
    from .operation import Text as Text
    from .operation import Variable as Variable
    from .operation import Xml as Xml
    from .operation import Yaml as Yaml
    from .server import App as App
    from .server import AppOptions as AppOptions
    from .server import BodyStream as BodyStream
    from .server import streamed as streamed
    from .signature import HmacSignature as HmacSignature
    from .signature import Signature as Signature
    from .signature import StandardWebhooks as StandardWebhooks
    from .status_errors import BadGatewayError as BadGatewayError
    from .status_errors import BadRequestError as BadRequestError
    from .status_errors import ClientError as ClientError
    from .status_errors import ConflictError as ConflictError
    from .status_errors import ContentTooLargeError as ContentTooLargeError
    from .status_errors import ForbiddenError as ForbiddenError
    from .status_errors import GatewayTimeoutError as GatewayTimeoutError
    from .status_errors import GoneError as GoneError
    from .status_errors import InternalServerError as InternalServerError
    from .status_errors import MethodNotAllowedError as MethodNotAllowedError
    from .status_errors import NotAcceptableError as NotAcceptableError
    from .status_errors import NotFoundError as NotFoundError
    from .status_errors import NotImplementedByServerError as NotImplementedByServerError
    from .status_errors import PaymentRequiredError as PaymentRequiredError
    from .status_errors import PreconditionFailedError as PreconditionFailedError
    from .status_errors import RedirectError as RedirectError
    from .status_errors import RequestTimeoutError as RequestTimeoutError
    from .status_errors import ServerError as ServerError
    from .status_errors import ServiceUnavailableError as ServiceUnavailableError
    from .status_errors import TooManyRequestsError as TooManyRequestsError
    from .status_errors import UnauthorizedError as UnauthorizedError
    from .status_errors import UnprocessableContentError as UnprocessableContentError
    from .status_errors import UnsupportedMediaTypeError as UnsupportedMediaTypeError
    from .transfer.file import File as File
    from .transfer.source import BinarySource as BinarySource

_HOMES = {
    "": ("status_errors",),
    "answer": ("Answer", "Authenticate", "Credential", "Items", "Response"),
    "claims": ("keeps",),
    "client": (
        "AsyncClient",
        "AsyncDownload",
        "AsyncDownloadContext",
        "AsyncOperationGroup",
        "AsyncOptions",
        "AsyncRawMethod",
        "AsyncRawResponses",
        "AsyncStream",
        "AsyncStreamingMethod",
        "AsyncStreamingResponses",
        "Attempt",
        "CallOptions",
        "Client",
        "ClientCredentials",
        "Clock",
        "Download",
        "DownloadContext",
        "OperationGroup",
        "Hooks",
        "Options",
        "Outcome",
        "RawMethod",
        "RawResponse",
        "RawResponses",
        "RefreshToken",
        "Retries",
        "Stream",
        "StreamingMethod",
        "StreamingResponses",
        "Timeout",
    ),
    "credentials": (
        "AsyncDigestLogin",
        "AsyncLogin",
        "AsyncSecret",
        "DigestLogin",
        "Login",
        "Secret",
    ),
    "errors": (
        "AnswerTooLarge",
        "BothendsError",
        "DocumentedError",
        "NoAnswer",
        "NoAnswerInTime",
        "NoToken",
        "RequestError",
        "StatusError",
        "UndocumentedStatus",
        "UnexpectedAnswer",
    ),
    "exchange": ("Headers", "ReceivedResponse", "SentRequest"),
    "transfer.file": ("File",),
    "models.model": ("Model",),
    "models.model_fields": ("Nullable",),
    "operation": (
        "MISSING",
        "Api",
        "ApiKey",
        "Basic",
        "Bearer",
        "Binary",
        "Body",
        "Cookie",
        "DeferredOperation",
        "OperationDetails",
        "Digest",
        "Events",
        "Form",
        "Header",
        "HttpScheme",
        "Json",
        "JsonLines",
        "MissingType",
        "Multipart",
        "MultipartList",
        "Operation",
        "Pages",
        "Path",
        "Query",
        "QueryString",
        "Reply",
        "ResponseHeader",
        "Server",
        "Text",
        "Variable",
        "Xml",
        "Yaml",
    ),
    "server": ("App", "AppOptions", "BodyStream", "streamed"),
    "signature": ("HmacSignature", "Signature", "StandardWebhooks"),
    "status_errors": (
        "BadGatewayError",
        "BadRequestError",
        "ClientError",
        "ConflictError",
        "ContentTooLargeError",
        "ForbiddenError",
        "GatewayTimeoutError",
        "GoneError",
        "InternalServerError",
        "MethodNotAllowedError",
        "NotAcceptableError",
        "NotFoundError",
        "NotImplementedByServerError",
        "PaymentRequiredError",
        "PreconditionFailedError",
        "RedirectError",
        "RequestTimeoutError",
        "ServerError",
        "ServiceUnavailableError",
        "TooManyRequestsError",
        "UnauthorizedError",
        "UnprocessableContentError",
        "UnsupportedMediaTypeError",
    ),
    "transfer.source": ("BinarySource",),
}
__getattr__ = lazy_exports(__name__, _HOMES)
