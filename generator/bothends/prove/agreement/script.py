"""Values as the Python source that makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from enum import Enum
from importlib import import_module
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bothends.prove.values.typed import constructor_arguments
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.transfer.file import File


@dataclass(slots=True)
class Script:
    """A Python script under construction: its expressions, and its imports by module."""

    package: str
    imports: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def name(self, module: str, name: str) -> str:
        """A name that is imported; one of the package's own from where its users take it."""
        home = module
        if module.startswith(f"{self.package}.") and name in getattr(
            import_module(self.package), "__all__", ()
        ):
            home = self.package
        self.imports.setdefault(home, set()).add(name)
        return name

    def value(self, value: Any) -> str:
        """The expression that makes a value."""
        if isinstance(value, BaseModel):
            return self._model(value)
        if isinstance(value, File):
            return self._file(value)

        if isinstance(value, datetime | date | time | timezone):
            self.imports.setdefault("", set()).add("datetime")
            return repr(value)

        if isinstance(value, UUID):
            return f"{self.name('uuid', 'UUID')}({str(value)!r})"
        if isinstance(value, Enum):
            return f"{self.name(type(value).__module__, type(value).__name__)}({value.value!r})"
        if is_array(value):
            return "[" + ", ".join(map(self.value, value)) + "]"
        if is_object(value):
            return (
                "{"
                + ", ".join(f"{name!r}: {self.value(item)}" for name, item in value.items())
                + "}"
            )

        return repr(value)

    def call(self, function: str, arguments: dict[str, Any]) -> str:
        """A call with arguments by name, of values."""
        found: list[str] = []
        others: dict[str, Any] = {}
        for name, item in arguments.items():
            if name.isidentifier():
                found.append(f"{name}={self.value(item)}")
            else:
                others[name] = item

        return (
            f"{function}({', '.join([*found, *([f'**{self.value(others)}'] if others else [])])})"
        )

    def import_lines(self) -> list[str]:
        """The statements that import what the source names."""
        lines = [f"import {name}" for name in sorted(self.imports.get("", ()))]
        for module, names in sorted(self.imports.items()):
            if module:
                lines.append(f"from {module} import {', '.join(sorted(names))}")
        return lines

    def _model(self, model: BaseModel) -> str:
        cls = type(model)
        name = self.name(cls.__module__, cls.__name__)
        arguments = constructor_arguments(model)
        if arguments is not None:
            return self.call(name, arguments)
        # Nothing but the wire makes this one: it has a value under the Python name of a field.
        return f"{name}.model_construct(_fields_set={model.model_fields_set!r}, **{self.value(dict(model))})"

    def _file(self, file: File) -> str:
        declared: dict[str, Any] = {
            "source": file.content,
            "filename": file.filename,
            "media_type": file.media_type,
        }
        if file.headers:
            declared["headers"] = dict(file.headers)
        return self.call(self.name("bothends.runtime", "File"), declared)
