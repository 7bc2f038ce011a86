"""The cases: contracts in tests/cases, and what is made of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding, render
from bothends.pipeline import generate

FOLDER = Path(__file__).parents[1] / "cases"
FINDINGS, EXPECTED, LOCK = "findings.txt", "expected", "names.lock"


@dataclass(frozen=True)
class Case:
    """A folder with a contract. A `names.lock` beside the contract is one that was there before."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def contract(self) -> Path:
        return next(self.folder.glob("openapi.*"))

    def make(self) -> dict[str, str]:
        """Every file that the folder must have beside the contract, as text, by its path."""
        contract = self.contract
        spec = SpecFile(self.name, contract, None, None, self.folder / LOCK, contract.name)
        files: Mapping[str, str] = {}

        try:
            made = generate(spec)
            files = {**made.files, LOCK: made.lock}
            findings = made.findings
        except ContractError as error:
            findings = error.findings

        return {f"{EXPECTED}/{path}": text for path, text in files.items()} | _told(
            contract, findings
        )

    def present(self) -> dict[str, str]:
        """The same files as they lie in the folder."""
        files = [
            *self.folder.glob(FINDINGS),
            *(path for path in (self.folder / EXPECTED).rglob("*") if path.is_file()),
        ]
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes().decode("utf-8")
            for path in files
            if path.suffix != ".pyc"
        }

    def rewrite(self) -> None:
        """Make the folder what it must be."""
        made = self.make()
        for path in self.present().keys() - made.keys():
            (self.folder / path).unlink()

        for path, text in made.items():
            file = self.folder / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")


def find_cases() -> list[Case]:
    """All cases, by walking."""
    return [Case(folder) for folder in sorted(FOLDER.iterdir()) if any(folder.glob("openapi.*"))]


def _told(contract: Path, findings: tuple[Finding, ...]) -> dict[str, str]:
    sources = {contract.name: contract.read_text("utf-8")}
    if (lock := contract.parent / LOCK).exists():
        sources[lock.name] = lock.read_text("utf-8")
    text = render(findings, "text", sources)
    return {FINDINGS: text} if text else {}
