"""Statuses in words."""

from __future__ import annotations

from typing import Final

_RANGES: Final = {
    "1": "informational",
    "2": "success",
    "3": "redirection",
    "4": "client error",
    "5": "server error",
}

_PHRASES: Final = {
    "300": "Multiple Choices",
    "301": "Moved Permanently",
    "302": "Found",
    "303": "See Other",
    "304": "Not Modified",
    # Deprecated (RFC 9110 §15.4.6), and still registered.
    "305": "Use Proxy",
    "307": "Temporary Redirect",
    "308": "Permanent Redirect",
    "400": "Bad Request",
    "401": "Unauthorized",
    "402": "Payment Required",
    "403": "Forbidden",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "406": "Not Acceptable",
    "407": "Proxy Authentication Required",
    "408": "Request Timeout",
    "409": "Conflict",
    "410": "Gone",
    "411": "Length Required",
    "412": "Precondition Failed",
    "413": "Content Too Large",
    "414": "URI Too Long",
    "415": "Unsupported Media Type",
    "416": "Range Not Satisfiable",
    "417": "Expectation Failed",
    # Sent as a joke too often to be free for another use (RFC 9110 §15.5.19).
    "418": "Im A Teapot",
    "421": "Misdirected Request",
    "422": "Unprocessable Content",
    "423": "Locked",
    "424": "Failed Dependency",
    "425": "Too Early",
    "426": "Upgrade Required",
    "428": "Precondition Required",
    "429": "Too Many Requests",
    "431": "Request Header Fields Too Large",
    "451": "Unavailable For Legal Reasons",
    "500": "Internal Server Error",
    "501": "Not Implemented",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Timeout",
    "505": "HTTP Version Not Supported",
    "506": "Variant Also Negotiates",
    "507": "Insufficient Storage",
    "508": "Loop Detected",
    "510": "Not Extended",
    "511": "Network Authentication Required",
}
"""RFC 9110 §15 and the IANA registry.

A table of our own, because the phrases of `http.HTTPStatus` change between versions of Python (422
and 413 did in 3.13), and a phrase is a part of a public class name.
"""


def phrase(status: str) -> str:
    """`404` is `Not Found`, `4XX` is `client error`, `default` is `default error`."""
    if status == "default":
        return "default error"
    if status.endswith("XX"):
        return _RANGES[status[0]]
    # Status codes are extensible (RFC 9110 §15): a contract may have one that nobody registered.
    return _PHRASES.get(status, f"status {status}")
