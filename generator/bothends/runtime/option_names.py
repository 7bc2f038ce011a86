"""Options by keyword: an unknown one is a TypeError that names the nearest.

    unknown_option("create_app()", "authentication", ["authenticate", "max_body"])
    → TypeError: create_app() has no option 'authentication': did you mean 'authenticate'?

Without this a misspelled `authenticate` would be accepted, and a server would let everybody in.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


def check_names(where: str, options: Mapping[str, object], allowed: Iterable[str]) -> None:
    """Raise TypeError for the first option that is not allowed."""
    names = sorted(allowed)
    for name in options:
        if name not in names:
            raise unknown_option(where, name, names)


def unknown_option(where: str, name: str, allowed: Iterable[str]) -> TypeError:
    """The error of an unknown option."""
    names = sorted(allowed)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
    return TypeError(f"{where} has no option {name!r}: {hint}")


def wrong_value(where: str, name: str, value: object, expected: str) -> TypeError:
    """The error of an option whose value has the wrong type.

    Its text is without the value, which may be a secret.
    """
    return TypeError(f"{where}: {name} must be {expected}, not {type(value).__name__}")


def wrong_choice(where: str, name: str, value: str, choices: Iterable[str]) -> ValueError:
    """The error of an option whose text is not one of its choices."""
    names = list(choices)
    near = difflib.get_close_matches(value, names, n=1, cutoff=0.5)
    hint = f": did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(map(repr, names))
    return ValueError(f"{where}: {name} must be one of {listed}, not {value!r}{hint}")
