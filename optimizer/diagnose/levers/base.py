"""A lever: one key of the policy that can make it give way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from optimizer.diagnose.bench import Bench
from optimizer.diagnose.edit import Edits
from optimizer.diagnose.parts import Part
from optimizer.diagnose.repair import Repair


@dataclass(frozen=True)
class Lever(ABC):
    """One key that can make a policy give way.

    Parameters
    ----------
    rule
        The clause it belongs to.
    """

    rule: Any
    moves_bounds: ClassVar[bool] = False  # whether it changes who may get how much
    moves_least: ClassVar[bool] = False  # whether looser also means that some must get more

    @property
    @abstractmethod
    def key(self) -> str:
        """The key in the policy."""

    @property
    @abstractmethod
    def parts(self) -> tuple[Part, ...]:
        """The inequalities it relaxes."""

    @abstractmethod
    def loosest(self, bench: Bench) -> Any:
        """Return the value beyond which nothing more is gained."""

    @abstractmethod
    def options(self, bench: Bench, edits: Edits) -> list[Any]:
        """Return the values of least change that mend the policy under other edits (often one)."""

    @abstractmethod
    def back(self, bench: Bench, value: Any) -> list[Any]:
        """Return the values one step less generous than `value`; with none of them it mends."""

    @abstractmethod
    def repair(self, bench: Bench, value: Any) -> Repair:
        """Say the change in words, with its price."""

    def open(self, bench: Bench, edits: Edits) -> dict[str, Any]:
        """Return edits with this key at its loosest."""
        return {**edits, self.key: self.loosest(bench)}
