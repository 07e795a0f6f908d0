"""Every rule the program knows, one module each, found by being there.

Each is imported from here by the name of its class: ``from optimizer.clauses import Quota``.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from optimizer.clauses.base import Clause, Finding, Violation, key
from optimizer.clauses.own import OWN
from optimizer.clauses.priority import Priority
from optimizer.problems.likeness import closest, did_you_mean

__all__ = ["Clause", "Finding", "Priority", "Violation", "key", "registry", "rule_of"]


def registry() -> dict[tuple[str, str], type[Clause]]:
    """Return every rule by (section of policy.toml, kind), the program's in alphabetical order."""
    return {**_of_the_program(), **OWN}


def rule_of(section: str, kind: str) -> type[Clause] | None:
    """Return one rule, or None; of the others none is imported if it stands in the file of its kind."""
    if own := OWN.get((section, kind)):
        return own
    mine = _rules_in(kind) if kind in _files() else {}
    return mine.get((section, kind)) or registry().get((section, kind))


@cache
def _of_the_program() -> dict[tuple[str, str], type[Clause]]:
    return {place: rule for name in _files() for place, rule in _rules_in(name).items()}


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def _rules_in(name: str) -> dict[tuple[str, str], type[Clause]]:
    module = importlib.import_module(f"{__name__}.{name}")
    return {
        (item.section, item.kind): item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Clause) and "kind" in vars(item)
    }


def __getattr__(name: str) -> Any:
    """Return a rule by the name of its class."""
    known = {} if name.startswith("_") else {rule.__name__: rule for rule in registry().values()}
    if name in known:
        return known[name]
    near = did_you_mean(closest(name, known)).en
    raise AttributeError(f"module {__name__!r} has no rule {name!r}. {near}".strip())


def __dir__() -> list[str]:
    return sorted([*__all__, *(rule.__name__ for rule in registry().values())])
