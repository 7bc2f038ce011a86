"""Which contracts are meant, and the files that lie beside each."""

from __future__ import annotations

import difflib
import keyword
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bothends.config.misuse import misuse
from bothends.config.settings import Config
from bothends.openapi.bounds import Bounds
from bothends.small_file import check_inside

_STEM = "openapi"
_SPECS = "specs"
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class SpecFile:
    """One contract and its companions.

    `name` is the package's name; `display_path` is the contract's path in messages.

    `display_path` is relative to the project's root, so that it is the same from whichever folder
    the program is run.
    """

    name: str
    contract: Path
    claims: Path | None
    stand_in: Path | None
    lock: Path
    display_path: str
    is_outside: bool = False
    """Whether the contract is no part of the project: nothing is written beside it."""
    requires_sources: bool = False
    """Whether each constraint must name its source: `claims = "complete"` in the settings."""
    overlay: Path | None = None
    """What is changed in the contract before anything else."""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    """Selectors of the part that is generated; without any, those in `names.lock` hold."""
    layout: str = "auto"
    """`flat`, `tags`, or `auto`: by what `names.lock` says, else by the size of the contract."""
    is_published: bool = False
    """Whether the package has a pyproject.toml: `package = true` in the settings."""
    is_standalone: bool = False
    """Whether the package has a copy of the runtime: `standalone = true` in the settings."""
    bounds: Bounds = field(default_factory=Bounds)
    """How large the parts of the contract may be: `bounds` in the settings."""

    @property
    def stem(self) -> str:
        """What the contract is called: its folder, or its file where that is no `openapi`."""
        return self.contract.parent.name if self.contract.stem == _STEM else self.contract.stem

    @property
    def siblings(self) -> frozenset[str]:
        """The names of the other folders beside that of the contract: packages of the project."""
        try:
            beside = list(self.contract.parent.parent.iterdir())
        except OSError:
            return frozenset()
        return frozenset(folder.name for folder in beside if folder.is_dir())

    def show(self, file: Path) -> str:
        """The path in messages of a file that lies beside the contract."""
        return PurePosixPath(self.display_path).with_name(file.name).as_posix()


def find_specs(config: Config, names: Sequence[str]) -> list[SpecFile]:
    """The contracts named on the command line, or all below `config.specs`.

    Raises `Misuse` when one is not there.

    A name is a folder of `config.specs`, or the path of a contract or of a folder that has one.
    """
    contracts = [_folder_of(config, name) for name in names] if names else _all(config)
    specs = [_spec(config, contract) for contract in dict.fromkeys(contracts)]
    _refuse_same_package(specs)
    return specs


def listed_specs(config: Config) -> list[SpecFile]:
    """The contracts below `config.specs`, which may be none."""
    specs = [_spec(config, contract) for contract in _listed(config)]
    _refuse_same_package(specs)
    return specs


def _listed(config: Config) -> list[Path]:
    folders = (
        sorted(folder for folder in config.specs.iterdir() if folder.is_dir())
        if config.specs.is_dir()
        else []
    )
    return [contract for folder in folders if (contract := _contract_in(folder))]


def _all(config: Config) -> list[Path]:
    contracts = _listed(config)
    if not contracts:
        first = (
            f"`bothends init NAME` writes {_display_path(config, config.specs)}/NAME/{_STEM}.yaml"
        )
        raise misuse(
            "no-contracts",
            f"there is no contract below {config.specs}",
            hint=_project_above(config) or first,
        )

    return contracts


def _folder_of(config: Config, name: str) -> Path:
    if _is_plain(name) and (contract := _contract_in(config.specs / name)):
        return contract

    if not name.strip():
        raise misuse("no-contract", "no contract is named: the argument is blank")

    path = Path(name)
    try:
        check_inside(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "name the file itself"
        raise misuse("no-contract", f"{name} is not read: {reason.lower()}", hint=hint) from None

    if path.is_file():
        return path.resolve()

    if path.is_dir():
        if contract := _contract_in(path.resolve()):
            return contract
        raise misuse("no-contract", f"the folder {name} has no {_STEM}.yaml")

    raise misuse("no-contract", f"there is no contract {name}", hint=_hint(config, name))


def _hint(config: Config, name: str) -> str:
    existing = sorted(
        file.parent.name
        for file in config.specs.glob(f"[!.]*/{_STEM}.*")
        if file.suffix in _SUFFIXES
    )
    near = difflib.get_close_matches(name, existing, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    places = f"a folder of {_display_path(config, config.specs)}/ nor a file"
    if existing:
        return f"it is neither {places}; there are: {', '.join(existing)}"
    return _project_above(config) or f"it is neither {places}"


def _project_above(config: Config) -> str:
    """The hint for a run in a subfolder of a project that has no pyproject.toml to be found by."""
    for folder in config.root.parents:
        try:
            is_project = any(folder.glob(f"{_SPECS}/[!.]*/{_STEM}.*"))
        except OSError:  # a folder of others
            continue
        if is_project:
            shown = os.path.relpath(folder)
            return (
                f"there are contracts in {shown}/{_SPECS}: run it in {shown}, or put a"
                " pyproject.toml there, by which the project is found"
            )
    return ""


def _contract_in(folder: Path) -> Path | None:
    return next(
        (file for suffix in _SUFFIXES if (file := folder / f"{_STEM}{suffix}").exists()), None
    )


def contract_names(folder: str) -> list[PurePosixPath]:
    """The paths that the contract of a folder may have, the one that is read first."""
    return [PurePosixPath(folder, f"{_STEM}{suffix}") for suffix in _SUFFIXES]


def companion(contract: Path, name: str) -> Path:
    """The path of a companion of a contract: `claims.yaml`, or `tide.claims.yaml` of tide.yaml."""
    own_folder = contract.stem == _STEM
    return contract.parent / (name if own_folder else f"{contract.stem}.{name}")


def _spec(config: Config, contract: Path) -> SpecFile:
    own_folder = contract.stem == _STEM
    stem = contract.parent.name if own_folder else contract.stem
    name = package_name(config, stem)
    lock = companion(contract, "names.lock")
    is_outside = not contract.resolve().is_relative_to(config.root.resolve())
    if is_outside:
        # Nothing is written beside a contract that is no part of the project.
        lock = config.specs / name / "names.lock"

    return SpecFile(
        name=name,
        contract=contract,
        claims=_present(companion(contract, "claims.yaml")),
        overlay=_present(companion(contract, config.overlay)),
        stand_in=_present(companion(contract, "stand_in.py")),
        lock=lock,
        is_outside=is_outside,
        display_path=_display_path(config, contract),
        requires_sources=config.claims == "complete",
        layout=config.layout,
        only=config.only.get(stem, config.only.get("", ())),
        skip=config.skip.get(stem, config.skip.get("", ())),
        is_published=config.package,
        is_standalone=config.standalone,
        bounds=config.bounds,
    )


def package_name(config: Config, stem: str) -> str:
    """The name of the Python package of a folder or file: by the settings, or made of its own."""
    if chosen := config.names.get(stem):
        return chosen

    name = re.sub(r"[^0-9a-zA-Z]+", "_", stem).strip("_").lower()
    if not name:
        raise misuse(
            "package-name",
            f"no Python package can be named after `{stem}`",
            hint="rename the file or folder",
        )

    if name[0].isdigit():
        # A module name may not begin with a digit, and some vendors do.
        name = f"api_{name}"
    # A folder `import` or `class` is a fine name for a vendor, and no module can have it.
    return f"{name}_" if keyword.iskeyword(name) else name


def _refuse_same_package(specs: Iterable[SpecFile]) -> None:
    seen: dict[str, SpecFile] = {}
    for spec in specs:
        # `my-api` and `my_api` are two folders and one package.
        another = seen.setdefault(spec.name, spec)
        if another is not spec:
            raise misuse(
                "package-name",
                f"{another.display_path} and {spec.display_path} would both become the package "
                f"`{spec.name}`",
            )


def _present(file: Path) -> Path | None:
    # Whatever it is: reading says what is wrong with a folder, a FIFO or a broken link.
    return file if os.path.lexists(file) else None


def _is_plain(name: str) -> bool:
    return Path(name).name == name and name not in {".", ".."}


def _display_path(config: Config, path: Path) -> str:
    resolved = path.resolve()
    root = config.root.resolve()
    # The header of a package names the contract: the same on each machine that has both folders.
    if len(Path(os.path.commonpath([resolved, root])).parts) > 1:
        return PurePosixPath(os.path.relpath(resolved, root)).as_posix()
    return path.as_posix()
