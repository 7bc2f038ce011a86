"""The pages of an operation, where the contract says how one follows another."""

from __future__ import annotations

from bothends import ir
from bothends.interpret.schema import Schemas
from bothends.load import Document
from bothends.openapi.contract import Contract, Operation
from bothends.openapi.pagination import find_paging, find_part, page_items, page_parameter
from bothends.openapi.pointer import below


class Pagination:
    """Knows the pages of each operation of a normalised contract."""

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self._contract = Contract(document)
        self._operations = {operation.pointer: operation for operation in self._contract.operations}
        self._schemas = schemas

    def of(self, pointer: str) -> ir.Pages | ir.NoPages:
        """The pages of the operation at a pointer. A declaration that leads nowhere is none."""
        operation = self._operations.get(pointer)
        found = self._pages(operation) if operation is not None else None
        return found or ir.NoPages()

    def _pages(self, operation: Operation) -> ir.Pages | None:
        contract = self._contract
        paging = find_paging(contract, operation)
        items = page_items(contract, operation, paging.items) if paging is not None else None
        page = find_part(contract, operation, "$response.body")
        if paging is None or items is None or page is None:
            return None

        parameter = page_parameter(contract, operation, paging.parameter)
        if paging.by != "link" and (parameter is None or parameter[0].get("in") != "query"):
            return None
        if paging.by == "cursor" and find_part(contract, operation, paging.cursor) is None:
            return None

        pointer = paging.items.partition("#")[2] if paging.items else _pointer(contract, operation)
        return ir.Pages(
            name=ir.UNNAMED,
            pointer=paging.pointer,
            items=pointer,
            item=self._schemas.type_of(
                items.schema.get("items", True), below(items.pointer, "items")
            ),
            by=paging.by,
            parameter=str(parameter[0]["name"]) if parameter is not None else "",
            cursor=paging.cursor,
        )


def _pointer(contract: Contract, operation: Operation) -> str:
    """Where the only array of a page stands in it."""
    page, items = (
        find_part(contract, operation, "$response.body"),
        page_items(contract, operation, ""),
    )
    return "" if page == items or items is None else below("", items.pointer.rpartition("/")[2])
