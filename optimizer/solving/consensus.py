"""What a solver says in several ways, until enough of it agrees to be believed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Found:
    """What was learnt of an objective: the best value seen, and what none exceeds; None if unknown."""

    value: int | None = None
    bound: int | None = None
    infeasible: bool = False


@dataclass
class Voices:
    """What a solver has said in several ways, held against all that is seen in integers.

    A voice is a bound, or that there is no point. Solvers have been seen to err where digits are
    needed, and in saying that there is no point: two are asked for, and all for both at once.
    """

    enough: int  # voices for no point at all
    chained: bool
    best: int | None
    none: int = 0
    bounds: list[int] = field(default_factory=list)

    def hear(self, status: str, bound: int | None, value: int | None) -> None:
        """Take in what was said in one way."""
        if value is not None:
            self.best = value if self.best is None else max(self.best, value)
        self.none += status == "infeasible"
        heard = self.bounds if bound is None else [*self.bounds, bound]
        self.bounds = [each for each in heard if self.best is None or each >= self.best]

    def verdict(self) -> Found | None:
        """Return what enough voices agree on, None as long as they do not."""
        if self.best is None:
            return Found(infeasible=True) if self.none >= self.enough else None
        return Found(self.best, max(self.bounds)) if len(self.bounds) > self.chained else None

    def so_far(self) -> Found:
        """Return what is known when time runs out."""
        return Found(self.best, None if self.chained else max(self.bounds, default=None))
