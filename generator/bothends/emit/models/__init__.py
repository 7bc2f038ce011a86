"""`models.py`: the component schemas as pydantic models, written by datamodel-code-generator."""

from bothends.emit.models.module import Models, emit_models

__all__ = ["Models", "emit_models"]
