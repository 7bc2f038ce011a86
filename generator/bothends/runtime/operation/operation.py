"""Operations: everything that a contract says of one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Literal

from typing_extensions import TypeVar, override

from .api import Api, Server
from .body import Body
from .parameter import Parameter
from .reply import Reply

if TYPE_CHECKING:
    from bothends.runtime.errors import DocumentedError

ResultT_co = TypeVar("ResultT_co", covariant=True, default=Any)


@dataclass(frozen=True, slots=True)
class Pages:
    """How the pages of an operation follow each other.

    `items` points at the items in the body of a page.

    The argument `parameter` asks for another page: by the `cursor` that the page before holds (a
    runtime expression), by the number of items (`offset`) or of pages (`page`) before it. By
    `link`, the header Link has the next page's URL.
    """

    items: str
    by: Literal["cursor", "offset", "page", "link"]
    parameter: str = ""
    cursor: str = ""


@dataclass(frozen=True, eq=False)  # slots and a generic do not go together in a frozen class
class Operation(Generic[ResultT_co]):
    """One operation of the contract; the type parameter is what a call of it gives.

    `replies` and `errors` are keyed by status as the contract writes it: "404", "4XX" or "default".
    `security` is a choice (outer) of sets (inner) of scheme names: empty means that no credentials
    are asked for, an empty set that none are needed. `servers` are its own, instead of those of the
    API. `call` is how a client has the method in the layout by tags, `repos.list_tags`; elsewhere
    the client's method has the `name` of the handler's.
    """

    api: Api
    id: str
    name: str
    method: str
    path: str
    # By factories: a plain default would be an attribute of the class, which `DeferredOperation`
    # must not find in place of its own.
    parameters: tuple[Parameter, ...] = field(default_factory=tuple[Parameter, ...])
    body: Body | None = field(default_factory=lambda: None)
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    errors: Mapping[str, type[DocumentedError[Any]]] = field(
        default_factory=dict[str, "type[DocumentedError[Any]]"]
    )
    security: tuple[tuple[str, ...], ...] = field(default_factory=tuple[tuple[str, ...], ...])
    servers: tuple[Server, ...] = field(default_factory=tuple[Server, ...])
    idempotency_key: str | None = field(default_factory=lambda: None)
    pages: Pages | None = field(default_factory=lambda: None)
    call: str = ""

    @cached_property
    def pointer(self) -> str:
        """The JSON pointer of the operation in contract.json."""
        path = self.path.replace("~", "~0").replace("/", "~1")
        return f"/paths/{path}/{self.method.lower()}"

    @override
    def __repr__(self) -> str:
        return f"<Operation {self.id}: {self.method} {self.path}>"


@dataclass(frozen=True, slots=True)
class OperationDetails:
    """What an operation says beside its method and path: the fields of the same names."""

    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[Server, ...] = ()
    idempotency_key: str | None = None
    pages: Pages | None = None


class DeferredOperation(Operation[ResultT_co]):
    """An operation whose details are made when they are first read.

    They name models and errors, and reading those names imports their modules: a package of a
    thousand operations imports what a program uses.
    """

    def __init__(
        self,
        api: Api,
        id: str,  # noqa: A002 (the field)
        name: str,
        method: str,
        path: str,
        call: str,
        details: Callable[[], OperationDetails],
        errors: Callable[[], Mapping[str, type[DocumentedError[Any]]]] = dict,
    ) -> None:
        fields = {"api": api, "id": id, "name": name, "method": method, "path": path, "call": call}
        self.__dict__.update(fields, _details=details, _errors=errors)

    if not TYPE_CHECKING:  # a type checker would let any attribute pass

        def __getattr__(self, name: str) -> Any:
            """Make the details, or the errors, which few calls need."""
            if name == "errors":
                value = self.__dict__["errors"] = self.__dict__["_errors"]()
                return value
            if name not in OperationDetails.__slots__:
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

            details = self.__dict__["_details"]()
            self.__dict__.update(
                (slot, getattr(details, slot)) for slot in OperationDetails.__slots__
            )
            return self.__dict__[name]


def method_of(client: Any, operation: Operation[Any], view: str = "") -> Any:
    """Return the method that calls an operation, of a client or of its view `with_raw_response`."""
    group, _, member = operation.call.rpartition(".")
    path = (group, view, member or operation.name)
    return attrgetter(".".join(filter(None, path)))(client)
