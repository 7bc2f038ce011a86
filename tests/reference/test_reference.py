"""The reference has every command, option, error, extension and code; `make golden` writes it again."""

from __future__ import annotations

import re

from .document import FILE, render_reference


def names(text: str) -> set[tuple[str, str]]:
    """Each name with the heading that it stands below: two commands may have an option of one name."""
    found: set[tuple[str, str]] = set()
    heading = ""
    for mark, name in re.findall(r"^(#+ |- `)([\w-]+(?: [\w-]+)?)", text, re.MULTILINE):
        if mark.startswith("#"):
            heading = name
        found.add((heading, name))

    return found


def test_reference_has_all_that_there_is() -> None:
    made, written = render_reference(), FILE.read_text(encoding="utf-8")
    # Its words may lag behind by a commit; nothing may be missing from it.
    assert len(names(made)) > 200
    assert names(made) <= names(written)


def test_everything_in_it_is_described() -> None:
    bare = [line for line in render_reference().splitlines() if re.fullmatch(r"- `.*`: ?", line)]
    assert bare == []
