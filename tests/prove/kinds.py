"""The 34 kinds of fault that a proof of a server has to see, and the planted bugs that stand for each."""

from __future__ import annotations

KINDS: dict[str, tuple[str, ...]] = {
    # The server takes more than the contract allows.
    "one item more than maxItems": ("one item too many",),
    "a bound that is not looked at": (
        "no lower bound",
        "no upper bound",
        "no limit of items",
        "a header without its bound",
    ),
    "a pattern that need not match the whole": ("an unanchored pattern",),
    "a value that is none of an enum": ("any enum", "a query item of any value"),
    "an enum in another case": ("an enum in any case",),
    "a format that is not looked at": ("no format",),
    "a number that is no multiple": ("no multipleOf",),
    "items that are not unique": ("not unique",),
    "a required property that may be absent": ("a required property is optional",),
    "null for what is only optional": ("null for an optional text", "null for an optional list"),
    "a closed object that is open": (
        "an open object",
        "undeclared fields are dropped",
        "an open form of parts",
    ),
    "text or boolean for a number": (
        "text is made a number",
        "booleans for integers",
        "a lax number in a form",
    ),
    "NaN": ("NaN is taken",),
    "a name twice in an object": ("duplicate names are taken", "duplicate names in a part"),
    "a media type that the contract does not have": (
        "any JSON media type",
        "any media type",
        "any media type of a part",
    ),
    "any credentials": ("any token",),
    "no credentials": ("no credentials needed",),
    "a method that the contract does not have": ("200 for 405", "an undeclared method"),
    "another path": (
        "a trailing slash",
        "an encoded slash",
        "a path in any case",
        "a redirect for 404",
    ),
    # The server refuses what the contract allows.
    "fewer items than maxItems": ("one item less than allowed",),
    "extra properties": ("extra properties refused",),
    "1.0 for an integer": ("1.0 is no integer",),
    "an optional property that must be there": ("an optional property is required",),
    # The server answers what the contract does not describe.
    "403 where 401 is documented": ("403 for 401",),
    "405 without Allow": ("no Allow", "a short Allow"),
    "a field of the answer is missing": ("a missing field",),
    "a field of the answer is null": ("a null field",),
    "another media type of the answer": ("another media type",),
    "a header of the answer is too long": ("a header that is too long",),
    "a status that is not documented": ("200 for 201", "422 for 400", "500 for 400"),
    "an error body of another shape": ("a fault of another shape",),
    # The handler fails.
    "a crash on unusual characters": ("a crash on astral characters", "a crash on NUL"),
    "a crash on one value": ("a crash on one magic number",),
    "a crash that needs several conditions": ("a crash on three conditions",),
}
