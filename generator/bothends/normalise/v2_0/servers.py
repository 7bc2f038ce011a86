"""Servers (2.0 §5.2.1): `host`, `basePath` and `schemes` are URLs in 3.0.

`https` comes first: a client whose caller chooses no server sends its credentials to the first one.
"""

from __future__ import annotations

from typing import Any

from bothends.openapi.json_value import as_array


def servers_of(root: dict[str, Any], schemes: Any) -> list[dict[str, Any]]:
    """Return the Server Objects for a root and the schemes of it or of an operation."""
    host, base_path = str(root.get("host") or ""), str(root.get("basePath") or "")
    path = base_path.rstrip("/")
    path = path if path.startswith("/") or not path else f"/{path}"
    if not host:
        return [{"url": path}] if path else []

    usual = [scheme for scheme in ("https", "http") if scheme in as_array(schemes)]
    host = host.partition("://")[2] or host
    urls = {scheme: f"{scheme}://{host.rstrip('/')}{path}" for scheme in usual or ["https"]}
    if len(urls) == 1:
        return [{"url": url} for url in urls.values()]
    return [{"url": url, "description": scheme} for scheme, url in urls.items()]
