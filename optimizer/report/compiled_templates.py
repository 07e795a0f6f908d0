"""The program's own templates, compiled once and kept by Python as it keeps modules: in ``__pycache__``."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, MutableMapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template


class CompiledTemplates(FileSystemLoader):
    """Templates of a folder, each compiled when it is first asked for on a machine.

    Parameters
    ----------
    folder
        Where the templates are.
    maker
        All besides a template that its code depends on: versions, and the source of what compiles it.
    """

    def __init__(self, folder: Path, maker: bytes) -> None:
        super().__init__(folder)
        self._folder = folder
        self._maker = maker

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Return a template."""
        source = _Source(name, self._folder / name)
        source.environment, source.maker = environment, self._maker
        code = source.get_code(name)
        assert code is not None
        return environment.template_class.from_code(environment, code, globals or {})


class _Source(SourceFileLoader):
    """A template as Python's import meets it: a source that it compiles, or has compiled before."""

    environment: Environment
    maker: bytes

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path))

    def path_stats(self, path: Any) -> Mapping[str, Any]:
        """Return what tells Python whether what it kept is of this source: the content stands for the time."""
        content = zlib.crc32(Path(path).read_bytes() + self.maker)
        return {**super().path_stats(path), "mtime": content}

    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any = "<string>", **_: Any
    ) -> CodeType:
        """Compile the template."""
        code: CodeType = self.environment.compile(bytes(data).decode(), self.name, str(path))
        return code
