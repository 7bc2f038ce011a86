"""Parameters and headers: whether the contract allows what stands for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote_plus

from bothends.prove.oracle.form import judge_form
from bothends.prove.oracle.names import tell_apart
from bothends.prove.oracle.reader import Described, Reader, Sent
from bothends.runtime.json.pointer import join
from bothends.runtime.schema.contract import Contract

_FORM = "application/x-www-form-urlencoded"


def judge_parameter(
    contract: Contract, operation: str, index: int, sent: Sent, keys: Iterable[str] = ()
) -> bool | None:
    """Whether the contract allows what stands for a parameter; None where that is undecided.

    `operation` is the pointer of the operation, `index` that of the parameter, `keys` are names
    that security schemes have.
    """
    pointer = f"{operation}/parameters/{index}"
    described = _described(contract, pointer)
    if described.location == "querystring" and described.content.lower().startswith(_FORM):
        return _judge_query_string(contract, described, sent.query_string, set(keys))

    readers: list[Reader] = []
    for number in range(len(contract.find_array(f"{operation}/parameters"))):
        described = _described(contract, f"{operation}/parameters/{number}")
        readers.append(Reader(contract, described, sent))

    reader = readers[index]
    tell_apart([(each,) for each in readers if each.location == reader.location], keys)
    return reader.judge()


def _judge_query_string(
    contract: Contract, described: Described, query_string: str, keys: set[str]
) -> bool | None:
    """Judge a whole query string that is a form, without the API keys in it."""
    pairs = [pair for pair in query_string.split("&") if pair]
    own = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) not in keys]
    if not own and not described.required:
        return True
    media = described.schema.removesuffix("/schema")
    return judge_form(contract, media, "&".join(own).encode("utf-8", "surrogatepass"))


def judge_header(contract: Contract, pointer: str, name: str, lines: Sequence[str]) -> bool | None:
    """Whether the contract allows these lines for the header that it describes at `pointer`.

    None where undecided.
    """
    sent = Sent(headers={name.lower(): list(lines)} if lines else {})
    return Reader(contract, _described(contract, pointer, name), sent).judge()


def _described(contract: Contract, pointer: str, header: str = "") -> Described:
    node = contract.find_object(pointer)
    location: str = "header" if header else node["in"]
    content: str = next(iter(node.get("content", ())), "")
    style: str = node.get("style", "form" if location in ("query", "cookie") else "simple")
    schema = pointer + (join("content", content) if content else "") + "/schema"
    required: bool = node.get("required", False)

    return Described(
        header or node["name"],
        location,
        schema,
        style,
        node.get("explode", style in ("form", "cookie")),
        required,
        content,
    )
