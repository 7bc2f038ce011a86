"""The records that a generated package states its API in: data, nothing else.

Client, server, tests and proofs read the same record of an operation. Every record that stands for
something on the wire has its Python `name` and its `wire_name`; only these records know both.
"""

from .api import Api as Api
from .api import Server as Server
from .api import Variable as Variable
from .body import Body as Body
from .media import Binary as Binary
from .media import Events as Events
from .media import Form as Form
from .media import Json as Json
from .media import JsonLines as JsonLines
from .media import MediaType as MediaType
from .media import Multipart as Multipart
from .media import MultipartList as MultipartList
from .media import Text as Text
from .media import Xml as Xml
from .media import Yaml as Yaml
from .missing import MISSING as MISSING
from .missing import MissingType as MissingType
from .operation import DeferredOperation as DeferredOperation
from .operation import Operation as Operation
from .operation import OperationDetails as OperationDetails
from .operation import Pages as Pages
from .operation import ResultT_co as ResultT_co
from .operation import method_of as method_of
from .parameter import Cookie as Cookie
from .parameter import Header as Header
from .parameter import Location as Location
from .parameter import Parameter as Parameter
from .parameter import Path as Path
from .parameter import Query as Query
from .parameter import QueryString as QueryString
from .reply import Reply as Reply
from .reply import ResponseHeader as ResponseHeader
from .reply import documented as documented
from .reply import status_of as status_of
from .security import ApiKey as ApiKey
from .security import Basic as Basic
from .security import Bearer as Bearer
from .security import Digest as Digest
from .security import HttpScheme as HttpScheme
from .security import SecurityScheme as SecurityScheme
