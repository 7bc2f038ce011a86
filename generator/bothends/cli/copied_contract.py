"""A contract of others, copied into a project with every file that it refers to.

    downloads/api.yaml          →  specs/quay/openapi.yaml
    downloads/paths/tides.yaml  →  specs/quay/paths/tides.yaml

Each file is copied byte for byte, but for one thing: the root has another name now, so a reference
back to it (`$ref: ../api.yaml#/components/schemas/Tide`) is written with that name.

A description may refer to any text. What somebody runs, or what bothends reads beside a contract,
does not come into a project by that: `stand_in.py`, `conftest.py`, `.git/config`, `names.lock`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from bothends.config import misuse
from bothends.load import load_contract
from bothends.small_file import reads

_SUFFIXES: Final = (".yaml", ".yml", ".json", ".md", ".txt")
_HINT: Final = "--from takes the path of an OpenAPI contract in YAML or JSON"


def copied_texts(source: Path, folder: Path, own: Collection[str]) -> dict[Path, str]:
    """The texts of a contract in its new folder, by path, the root first.

    Args:
        source: The root of the contract.
        folder: The new folder.
        own: The names of files in it that are no part of a contract.

    Raises:
        Misuse: The file is no contract, or another one of it would have the name of the root, or is
            none that a contract is made of.
        ContractError: It is no YAML.
    """
    if not source.is_file():
        is_remote = re.match("https?:/", source.as_posix())
        hint = f"nothing is fetched: download it first. {_HINT}" if is_remote else _HINT
        raise misuse("no-contract", f"there is no file {source}", hint=hint)

    with reads() as digests:
        document = load_contract(source, display_path=source.as_posix())
    if not {"openapi", "swagger"} & document.data.keys():
        message = f"{source} is no OpenAPI contract: it has no `openapi` field"
        raise misuse("no-contract", message, hint=_HINT)

    root = source.resolve()
    name = "openapi.json" if source.suffix == ".json" else "openapi.yaml"
    texts = {folder / name: _renamed(source, root, name)}
    # A file that is missing has no digest: `validate` says where the contract refers to it.
    for path in sorted(path for path, digest in digests.items() if digest is not None):
        if path.resolve() == root:
            continue

        relative = path.relative_to(root.parent)
        is_hidden = any(part.startswith(".") for part in relative.parts)
        if is_hidden or path.suffix.lower() not in _SUFFIXES or relative.as_posix() in own:
            message = f"{source} refers to {relative.as_posix()}, which is not copied"
            kinds = ", ".join(_SUFFIXES)
            hint = f"a contract is made of {kinds} files; look at this one before you copy it"
            raise misuse("foreign-file", message, hint=hint)

        copy = folder / relative
        if copy in texts:
            message = f"{path.name} beside {source} would have the name that the contract gets"
            hint = f"rename {path.name}, and the references to it, then `bothends init` again"
            raise misuse("foreign-file", message, hint=hint)
        texts[copy] = _renamed(path, root, name)

    return texts


def _renamed(path: Path, root: Path, name: str) -> str:
    """The text of a file, where references to the root have its new name."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    if root.name == name:
        return text

    def with_new_name(found: re.Match[str]) -> str:
        folder = path.resolve().parent / found[1]
        return f"{found[1]}{name}" if folder.resolve() == root.parent else found[0]

    reference = rf"(?<![^\s\"'])([^\s\"'#]*?){re.escape(root.name)}(?=[#\"'\s,}}]|\Z)"
    return re.sub(reference, with_new_name, text)
