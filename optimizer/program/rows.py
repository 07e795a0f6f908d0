"""Decisions, and linear inequalities over them: what a rule asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    exact,
    floored,
    grouped,
    plus,
    times,
)
from optimizer.foundation.frozen import Content
from optimizer.language.text import Text


@dataclass(frozen=True, eq=False)
class Decision(Content):
    """One candidate answer, as plain integers.

    Parameters
    ----------
    fund
        Shape (n,), bool.
    award
        Shape (n,), int64, NT$; 0 where not funded.
    """

    fund: BoolArray
    award: IntArray

    @staticmethod
    def of(award: Any) -> Decision:
        """Make a decision from awards alone: whoever gets money is funded."""
        amounts = np.asarray(award, dtype=np.int64)
        return Decision(amounts > 0, amounts)

    def units(self, unit: int) -> IntArray:
        """Return how many whole units each gets; counted once for all who ask."""
        known = vars(self).setdefault("_units", {})
        if unit not in known:
            known[unit] = floored(self.award, unit)
        return known[unit]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Shortage:
    """An inequality that an application would break if it were added, even at its least award."""

    application: int
    about: Text
    sense: Literal["<=", ">="]
    now: int  # its left-hand side without the application
    then: int  # and with it
    bound: int
    may_get_more: bool = False  # whether `then` counts the least of several amounts that it may get


@dataclass(frozen=True, eq=False)
class Rows(Content):
    """Linear inequalities ``sum_j coefficient_j * x_j (<= or >=) rhs`` of one clause.

    Parameters
    ----------
    clause
        Name of the clause they come from.
    on
        Whether x is `fund` (0/1) or `award` (NT$).
    row, app, coefficient
        The non-zeros, shape (nnz,): which inequality, which application, which factor.
    sense
        ``"<="`` or ``">="``, the same for all of them.
    rhs
        Shape (m,): the right-hand sides, in the unit of the left.
    labels
        What each inequality is about, e.g. the school, in words.
    """

    clause: str
    on: Literal["fund", "award"]
    row: Places
    app: Places
    coefficient: IntArray
    sense: Literal["<=", ">="]
    rhs: IntArray
    labels: tuple[Text, ...]

    def bounds_the_total(self, size: int) -> bool:
        """Whether it is one upper bound on the sum of the awards of all `size` applications."""
        whole = self.on == "award" and self.sense == "<=" and len(self.rhs) == 1
        return whole and len(self.app) == size and bool((self.coefficient == 1).all())

    @property
    def is_pool(self) -> bool:
        """Whether it is the pool, which spans everybody: the reason only where no other rule is."""
        return self.clause == "pool"

    def left(self, decision: Decision) -> IntArray:
        """Return the left-hand sides."""
        x = decision.fund if self.on == "fund" else decision.award
        return grouped(times(self.coefficient, x[self.app]), self.row, len(self.rhs))

    def slack(self, decision: Decision) -> list[int]:
        """Return how far each inequality is from being broken (negative = broken)."""
        sign, left = 1 if self.sense == "<=" else -1, self.left(decision)
        return [sign * (int(rhs) - int(lhs)) for rhs, lhs in zip(self.rhs, left, strict=True)]

    def held(self, decision: Decision) -> BoolArray:
        """Return which of them are not broken."""
        left = self.left(decision)
        return np.asarray(left <= self.rhs if self.sense == "<=" else left >= self.rhs, dtype=bool)

    def shortages(
        self, decision: Decision, least: IntArray, most: IntArray | None = None
    ) -> Iterator[Shortage]:
        """Yield the inequalities that an application not funded would break at its least award.

        Parameters
        ----------
        decision
            Who is funded.
        least, most
            Shape (n,), NT$: bounds of each award; of the most, only whether there is more is told.
        """
        now = self.left(decision)[self.row]
        x = 1 if self.on == "fund" else least[self.app]
        then, bound = plus(now, times(self.coefficient, x)), self.rhs[self.row]
        broken = then > bound if self.sense == "<=" else then < bound
        for n in np.flatnonzero(broken & ~decision.fund[self.app]):
            about = self.labels[self.row[n]]
            a, figures = int(self.app[n]), (int(now[n]), int(then[n]), int(bound[n]))
            more = self.on == "award" and most is not None and bool(least[a] < most[a])
            yield Shortage(a, about, self.sense, *figures, may_get_more=more)

    def without(self, row: int) -> Rows:
        """Return the same inequalities without one of them."""
        kept, place = self.row != row, self.row[self.row != row]
        return replace(
            self,
            row=place - (place > row),
            app=self.app[kept],
            coefficient=self.coefficient[kept],
            rhs=exact(np.delete(self.rhs, row)),
            labels=(*self.labels[:row], *self.labels[row + 1 :]),
        )

    def narrow(self, open_: BoolArray, settled: Decision) -> Rows:
        """Take what settled applications contribute to the left away from the right."""
        place = np.cumsum(open_) - 1
        sign = 1 if self.sense == "<=" else -1
        rhs = exact([sign * slack for slack in self.slack(settled)])
        inside = open_[self.app]
        return replace(
            self,
            row=self.row[inside],
            app=place[self.app[inside]],
            coefficient=self.coefficient[inside],
            rhs=rhs,
        )

    @staticmethod
    def single(
        clause: str,
        on: Literal["fund", "award"],
        coefficients: IntArray,
        sense: Literal["<=", ">="],
        rhs: int,
        label: Text,
    ) -> Rows:
        """Make one inequality from a dense vector of coefficients over all applications."""
        return Rows.stacked(clause, on, [(coefficients, rhs)], sense=sense, labels=(label,))

    @staticmethod
    def stacked(
        clause: str,
        on: Literal["fund", "award"],
        dense: Iterable[tuple[IntArray, int]],
        sense: Literal["<=", ">="],
        labels: tuple[Text, ...],
    ) -> Rows:
        """Make inequalities from dense vectors of coefficients, each with its right-hand side."""
        none = np.zeros(0, dtype=np.int64)
        apps, kept, bounds = [], [], []
        for coefficients, rhs in dense:
            apps.append(np.flatnonzero(coefficients))
            kept.append(coefficients[apps[-1]])
            bounds.append(rhs)
        return Rows(
            clause,
            on,
            row=np.repeat(np.arange(len(apps)), [len(app) for app in apps]),
            app=np.concatenate([none, *apps]),
            coefficient=exact(np.concatenate([none, *kept])),
            sense=sense,
            rhs=exact(bounds),
            labels=labels,
        )
