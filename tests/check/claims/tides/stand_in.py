"""Read, never run."""

from typing import Any

import bothends.runtime as rt
from bothends import runtime
from bothends.runtime import keeps

SOME = "H5"


def other(_: str) -> Any: ...


@keeps("H4")
class Tides:
    @rt.keeps("H8", "H9")
    def add(self) -> None: ...

    @other("H5")
    @runtime.keeps("H77")  #! claim-unknown
    async def show(self) -> None: ...

    @keeps(SOME)  #! stand-in-mark
    def drop(self) -> None: ...
