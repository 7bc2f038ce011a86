"""Read what the styles label and matrix put before a value (RFC 6570 §3.2.5 and §3.2.7).

For a list of 3 and 4 named `day`, label gives `.3,4`, or `.3.4` with `explode`; matrix gives
`;day=3,4`, or `;day=3;day=4`. A text without its prefix is not of the style: there None is
returned.
"""

from __future__ import annotations

from urllib.parse import unquote


def scalar_text(style: str, name: str, text: str) -> str | None:
    """Return the text of a scalar, still encoded. Any style but these two has no prefix."""
    if style not in ("label", "matrix"):
        return text
    if style == "label":
        return text[1:] if text.startswith(".") else None

    sent_name, _, value = text.removeprefix(";").partition("=")
    if not text.startswith(";") or unquote(sent_name) != name or ";" in value:
        return None
    return value


def label_parts(text: str, *, explode: bool) -> list[str] | None:
    """Return the texts of a list, or of an object's names and values, still encoded."""
    delimiter = "." if explode else ","
    return text[1:].split(delimiter) if text.startswith(".") else None


def matrix_parts(text: str, name: str, *, explode: bool, of_object: bool) -> list[str] | None:
    """Return the texts of a list, or of an object's names and values, still encoded.

    An object with `explode` has the names of its properties in the place of its own.
    """
    if not text.startswith(";"):
        return None
    parts = text[1:].split(";")
    if explode and of_object:
        return parts

    pairs = [part.partition("=") for part in parts]
    if any(unquote(sent_name) != name for sent_name, _, _ in pairs):
        return None
    if explode:
        return [value for _, _, value in pairs]
    return pairs[0][2].split(",") if len(pairs) == 1 else None
