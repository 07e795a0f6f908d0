"""Every rule the program knows, one module each, found by being there."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from optimizer.clauses.base import Clause, Finding, Violation
from optimizer.clauses.priority import Priority

__all__ = ["Clause", "Finding", "Priority", "Violation", "registry"]


@cache
def registry() -> dict[tuple[str, str], type[Clause]]:
    """Return every rule by (section of policy.toml, kind), in alphabetical order."""
    found: dict[tuple[str, str], type[Clause]] = {}
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, Clause) and "kind" in vars(item):
                found[item.section, item.kind] = item
    return found
