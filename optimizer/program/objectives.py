"""What a priority asks for: something to maximise, with integer coefficients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    IntArray,
    Places,
    dot,
    exact,
    floored,
    largest,
    plus,
    sums,
    times,
    total,
)
from optimizer.foundation.frozen import Content
from optimizer.program.rows import Decision, Rows


@dataclass(frozen=True, eq=False)
class Additive(Content):
    """``max sum_a per_fund_a * fund_a + sum_a per_award_a * award_a / unit``.

    Parameters
    ----------
    per_fund
        Shape (n,): integer worth of funding a.
    per_award
        Shape (n,): integer worth of each *unit* awarded to a, or None.
    constant
        What settled applications are worth.
    """

    per_fund: IntArray
    per_award: IntArray | None = None
    unit: int = 1
    constant: int = 0

    @property
    def coefficients(self) -> IntArray:
        """Shape (2n,): `per_fund`, then `per_award`."""
        nothing = np.zeros_like(self.per_fund)
        both = [self.per_fund, nothing if self.per_award is None else self.per_award]
        return exact(np.concatenate(both))

    @property
    def size(self) -> int:
        """How much the worths of funding come to, whatever their signs."""
        return total(abs(self.per_fund))

    def value(self, decision: Decision) -> int:
        """Return what the decision is worth, exactly."""
        fund, each = self._largest
        worth = self.constant + dot(self.per_fund, decision.fund, fund)
        if self.per_award is not None:
            worth += dot(self.per_award, decision.units(self.unit), each)
        return worth

    @cached_property
    def _largest(self) -> tuple[int, int]:
        """The largest worth of funding, and of a unit: looked at once for all decisions."""
        return largest(self.per_fund), 0 if self.per_award is None else largest(self.per_award)

    def narrow(self, open_: BoolArray, settled: Decision) -> Additive:
        """Turn all but the open applications into a constant."""
        per_award = None if self.per_award is None else self.per_award[open_]
        return Additive(self.per_fund[open_], per_award, self.unit, self.value(settled))


def lessened(late: Additive, early: Additive) -> tuple[Additive, int]:
    """Take k times an earlier objective away from a later one, leaving no coefficient negative.

    Once the earlier one is held at its optimum, ``late - k * early`` orders as ``late`` does and has
    smaller coefficients: exact merit after merit in bands is only what the bands leave.

    Returns
    -------
    objective, k
        ``late`` itself and 0 where nothing can be taken away.
    """
    if late.unit != early.unit:
        return late, 0
    ahead, behind = early.coefficients, late.coefficients
    inside = ahead > 0
    if not inside.any():
        return late, 0
    k = int(floored(behind[inside], ahead[inside]).min())
    if k <= 0 or (ahead < 0).any():
        return late, 0
    rest, n = plus(behind, times(ahead, -k)), len(late.per_fund)
    constant = late.constant - k * early.constant
    return Additive(rest[:n], rest[n:] if rest[n:].any() else None, late.unit, constant), k


@dataclass(frozen=True, eq=False)
class Covered(Content):
    """``max sum_g covered_g`` with ``covered_g <= sum_{a in g} fund_a``, covered_g in {0, 1}.

    Parameters
    ----------
    group
        Shape (n,): the group of each application, -1 for none.
    groups
        How many groups there are.
    constant
        How many more groups settled applications cover.
    """

    group: Places
    groups: int
    constant: int = 0

    def value(self, decision: Decision) -> int:
        """Return how many groups have at least one funded application."""
        funded = self.group[decision.fund]
        return self.constant + len(np.unique(funded[funded >= 0]))

    def narrow(self, open_: BoolArray, settled: Decision) -> Covered:
        """Turn all but the open applications into a constant, and what they cover."""
        covered = np.unique(self.group[settled.fund & (self.group >= 0)])
        group = np.where(np.isin(self.group, covered), -1, self.group)[open_]
        left, place = np.unique(group, return_inverse=True)
        none = int(len(left) > 0 and left[0] < 0)
        return Covered(place - none, len(left) - none, self.constant + len(covered))


@dataclass(frozen=True, eq=False)
class Even(Content):
    """``min sum_k |K * n_k - N|`` over K kinds, ``n_k`` funded uses of k and ``N = sum n_k``.

    As every objective is maximised, its value is the negative of that sum.

    Parameters
    ----------
    uses
        Shape (K, n), 0/1: whether application a is of (or uses) kind k.
    settled
        Uses of each kind by settled applications; empty for none.
    """

    uses: Places
    settled: tuple[int, ...] = ()

    @property
    def before(self) -> tuple[int, ...]:
        """Uses of each of the K kinds by settled applications."""
        return self.settled or (0,) * len(self.uses)

    def counts(self, decision: Decision) -> tuple[int, ...]:
        """Return ``n_k`` of each kind."""
        own = sums(self.uses[:, decision.fund], axis=1)
        return tuple(int(n) + m for n, m in zip(own, self.before, strict=True))

    def value(self, decision: Decision) -> int:
        """Return minus the total deviation from an even spread."""
        counts = self.counts(decision)
        return -sum(abs(len(counts) * n - sum(counts)) for n in counts)

    def spread(self, n_k: IntArray) -> IntArray:
        """Return the value of each of m lists of which the columns of (K, m) are the counts."""
        apart = plus(times(n_k, len(n_k)), -sums(n_k, axis=0))
        return -sums(np.abs(apart), axis=0)

    def narrow(self, open_: BoolArray, settled: Decision) -> Even:
        """Turn all but the open applications into constants."""
        return Even(self.uses[:, open_], self.counts(settled))


@dataclass(frozen=True, eq=False)
class LeastShare(Content):
    """``max min_{a funded} award_a / most_a``, as a numerator over `denominator`.

    Parameters
    ----------
    most
        Shape (n,): admissible NT$.
    denominator
        A common multiple of all admissible amounts.
    settled
        The smallest share among settled applications; None if none of them is funded.
    """

    most: IntArray
    denominator: int
    settled: int | None = None

    @property
    def top(self) -> int:
        """What it is if nobody else is funded: the whole, or what settled applications leave."""
        return self.denominator if self.settled is None else self.settled

    def value(self, decision: Decision) -> int:
        """Return the smallest share among the funded, times the denominator."""
        shares = [
            int(decision.award[a]) * (self.denominator // int(self.most[a]))
            for a in np.flatnonzero(decision.fund)
        ]
        return min([self.top, *shares])

    def narrow(self, open_: BoolArray, settled: Decision) -> LeastShare:
        """Turn all but the open applications into a constant."""
        least = self.value(settled) if settled.fund.any() else self.settled
        return LeastShare(self.most[open_], self.denominator, least)


@dataclass(frozen=True, eq=False)
class Shortfall(Content):
    """``min sum_i max(0, how far row i is from being met)``, negated as all are maximised."""

    rows: Rows

    def value(self, decision: Decision) -> int:
        """Return minus the total shortfall."""
        return sum(min(0, slack) for slack in self.rows.slack(decision))

    def narrow(self, open_: BoolArray, settled: Decision) -> Shortfall:
        """Turn all but the open applications into constants."""
        return Shortfall(self.rows.narrow(open_, settled))


Objective = Additive | Covered | Even | LeastShare | Shortfall
