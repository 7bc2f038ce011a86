"""Name operations as schemathesis does, whose limits rule out some of our names.

It fills no path parameter whose name has a sign other than letters, digits, `_` and `-`. So
`/quays/{quay.name}` is handed to it as `/quays/{quay_name}`: on the wire there is no difference.
"""

from __future__ import annotations

import re
from typing import Any, Final

from bothends.runtime.operation import Operation

KNOWN_METHODS: Final = frozenset(
    {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}
)
"""The methods that schemathesis reads; those of `additionalOperations` it does not."""


def label_of(operation: Operation[Any]) -> str:
    """The name under which schemathesis knows an operation."""
    return f"{operation.method.upper()} {plain_path(operation.path)}"


def plain_path(path: str) -> str:
    """A path with parameters that schemathesis can fill."""
    return re.sub(r"\{([^}]*)\}", lambda found: f"{{{plain_name(found[1])}}}", path)


def plain_name(name: str) -> str:
    """The name of a path parameter without other signs."""
    return re.sub(r"[^\w-]", "_", name)
