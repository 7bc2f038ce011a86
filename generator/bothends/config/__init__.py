"""What the project and the command line say: frozen settings, and which contracts are meant."""

from bothends.config.ignores import load_ignores
from bothends.config.misuse import Misuse, misuse
from bothends.config.settings import Config, load_config
from bothends.config.specs import (
    SpecFile,
    companion,
    contract_names,
    find_specs,
    listed_specs,
    package_name,
)

__all__ = [
    "Config",
    "Misuse",
    "SpecFile",
    "companion",
    "contract_names",
    "find_specs",
    "listed_specs",
    "load_config",
    "load_ignores",
    "misuse",
    "package_name",
]
