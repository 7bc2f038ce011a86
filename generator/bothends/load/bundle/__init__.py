"""A contract in several files as one `Document` (OpenAPI 3.1 §4.3, §4.6): see `bundler`."""

from bothends.load.bundle.contract import load_contract

__all__ = ["load_contract"]
