"""Exact, certified allocation of a subsidy pool among reviewed applications.

    >>> from optimizer import read_case, allocate
    >>> allocation = allocate(read_case("data/taichung-103"))

Names are imported when they are first used, so that ``subsidy --help`` comes at once.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.case.case import Case, read_case
    from optimizer.check import check_case
    from optimizer.invented.generate import generate, generate_round
    from optimizer.new import new_case
    from optimizer.pipe import allocate
    from optimizer.policy.catalogue import catalogue
    from optimizer.policy.policy import Policy, make_policy, read_policy
    from optimizer.report import write_result
    from optimizer.result.allocation import Allocation
    from optimizer.scenarios import (
        Comparison,
        Scenario,
        compare,
        read_scenarios,
        write_comparison,
    )
    from optimizer.verify.verify import verify_result

__all__ = [
    "Allocation",
    "Case",
    "Comparison",
    "Policy",
    "Scenario",
    "allocate",
    "catalogue",
    "check_case",
    "compare",
    "generate",
    "generate_round",
    "make_policy",
    "new_case",
    "read_case",
    "read_policy",
    "read_scenarios",
    "verify_result",
    "write_comparison",
    "write_result",
]

_HOME = {
    "verify_result": "verify",
    "generate_round": "generate",
    "generate": "generate",
    "new_case": "new",
    "catalogue": "catalogue",
    "write_comparison": "scenarios",
    "read_scenarios": "scenarios",
    "compare": "scenarios",
    "Scenario": "scenarios",
    "Comparison": "scenarios",
    "Allocation": "allocation",
    "Case": "case",
    "Policy": "policy",
    "allocate": "allocate",
    "check_case": "check",
    "make_policy": "policy",
    "read_case": "case",
    "read_policy": "policy",
    "write_result": "report",
}


class _Package(ModuleType):
    """A package whose functions win over the modules that have the same name (`allocate`)."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *__all__})


sys.modules[__name__].__class__ = _Package
