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

    A voice is a bound, or that there is no point. Solvers have been seen to err in both: two voices are
    asked for, and where digits are needed, all of them for no point at all.

    Parameters
    ----------
    none
        How many voices are enough for no point at all.
    best
        The best value seen, None if there is none.
    most
        What counting says that none exceeds: who has that needs no voice.
    proofs
        How many are enough for a bound.
    whole
        Whether what one says before it has ended bounds anything: not where digits are needed.
    """

    none: int
    best: int | None = None
    most: int | None = None
    proofs: int = 2
    whole: bool = True
    nothing: int = field(default=0, init=False)
    bounds: list[int] = field(default_factory=list, init=False)

    def hear(self, status: str, bound: int | None, value: int | None) -> None:
        """Take in what was said in one way."""
        if value is not None:
            self.best = value if self.best is None else max(self.best, value)
        self.nothing += status == "infeasible"
        heard = self.bounds if bound is None else [*self.bounds, bound]
        self.bounds = [each for each in heard if self.best is None or each >= self.best]

    def verdict(self) -> Found | None:
        """Return what enough voices agree on, None as long as they do not."""
        if self.best is None:
            return Found(infeasible=True) if self.nothing >= self.none else None
        if self.best == self.most:
            return Found(self.best, self.best)
        return Found(self.best, max(self.bounds)) if len(self.bounds) >= self.proofs else None

    def so_far(self) -> Found:
        """Return what is known when time runs out: no optimum that too few have proved."""
        bound = max(self.bounds, default=None)
        proved = len(self.bounds) >= self.proofs
        return Found(self.best, bound if self.whole and (proved or bound != self.best) else None)
